import { createCipheriv, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Keyring } from './sealer.ts'
import { hmacSm3, lengthPrefixed, openBytes, SealError, sealBytes } from './sm.ts'

// A sealed file: version (1) || length and id of the key-encryption key || wrapped data key (81) || IV (16), then the
// content by SM4-CTR in chunks of 64 KiB, each followed by its HMAC-SM3 over the head, its number, and whether it is
// the last. So a file is sealed and opened as it flows, nothing unauthenticated is ever given out, and neither
// cutting it short nor exchanging chunks goes unnoticed.

const VERSION = 2
const FORMER_VERSION = 1
const CHUNK = 64 * 1024
const TAG = 32
const IV = 16
const WRAPPED = 1 + IV + 32 + TAG

const keyContext = (name: string) => lengthPrefixed('file-key', name)

/** What encrypts never authenticates: two keys from one. */
function machines(dataKey: Buffer, head: Buffer) {
  const iv = head.subarray(head.length - IV)
  const cipher = createCipheriv(
    'sm4-ctr',
    createSecretKey(hmacSm3(dataKey, Buffer.from('file:encrypt')).subarray(0, 16)),
    iv,
  )
  const authenticate = createSecretKey(hmacSm3(dataKey, Buffer.from('file:authenticate')))
  return {
    /** enciphers or deciphers: in counter mode they are one */
    turn: (chunk: Uint8Array) => cipher.update(chunk),
    tag(index: number, last: boolean, encrypted: Uint8Array) {
      const place = Buffer.alloc(5)
      place.writeUInt32BE(index)
      place.writeUInt8(last ? 1 : 0, 4)
      return createHmac('sm3', authenticate).update(head).update(place).update(encrypted).digest()
    },
  }
}

/** How many bytes `sealFile` gives for content of `size` bytes. */
export const sealedLength = (keyring: Keyring, size: number): number =>
  2 +
  Buffer.byteLength(keyring.currentKekId) +
  WRAPPED +
  IV +
  size +
  Math.max(1, Math.ceil(size / CHUNK)) * TAG

/**
 * Seals a file under a data key of its own, which the current key-encryption key wraps: encrypt-then-MAC, chunk by
 * chunk, so that no second copy of it stands in memory.
 *
 * @param name bound to it; the same must be given to open it
 */
export function* sealFile(keyring: Keyring, name: string, plain: Uint8Array): Generator<Buffer> {
  const kek = keyring.keks.get(keyring.currentKekId)
  if (!kek) throw new SealError(`no key-encryption key ${keyring.currentKekId}`)
  const id = Buffer.from(keyring.currentKekId)
  const dataKey = randomBytes(32)
  const head = Buffer.concat([
    Buffer.of(VERSION, id.length),
    id,
    sealBytes(kek, dataKey, keyContext(name)),
    randomBytes(IV),
  ])
  yield head
  const { turn, tag } = machines(dataKey, head)
  const chunks = Math.max(1, Math.ceil(plain.length / CHUNK))
  for (let i = 0; i < chunks; i++) {
    const encrypted = turn(plain.subarray(i * CHUNK, (i + 1) * CHUNK))
    yield Buffer.concat([encrypted, tag(i, i === chunks - 1, encrypted)])
  }
}

/** Takes bytes from what flows in, just as many as are asked for. */
function reader(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]()
  let held: Uint8Array[] = []
  let size = 0
  async function fill(wanted: number): Promise<void> {
    while (size < wanted) {
      const { value, done } = await iterator.next()
      if (done) return
      held.push(value)
      size += value.length
    }
  }
  return {
    /** the next bytes; fewer at the end */
    async take(wanted: number): Promise<Buffer> {
      await fill(wanted)
      const all = Buffer.concat(held)
      held = [all.subarray(wanted)]
      size = Math.max(0, all.length - wanted)
      return all.subarray(0, wanted)
    },
    async ended(): Promise<boolean> {
      await fill(1)
      return size === 0
    },
    close: async () => void (await iterator.return?.()),
  }
}

/**
 * Opens what `sealFile` made, chunk by chunk, each authenticated before it is given.
 *
 * @param former opens a file of the first version, which was sealed whole
 * @throws SealError when key or name differ, or any byte was changed, is missing, or is too many
 */
export async function* openFile(
  keyring: Keyring,
  name: string,
  sealed: AsyncIterable<Uint8Array>,
  former: (whole: Buffer) => Buffer,
): AsyncGenerator<Buffer> {
  const { take, ended, close } = reader(sealed)
  try {
    const start = await take(2)
    if (start[0] === FORMER_VERSION) {
      yield former(Buffer.concat([start, await take(Number.MAX_SAFE_INTEGER)]))
      return
    }
    if (start.length < 2 || start[0] !== VERSION) throw new SealError('not a sealed file')
    const rest = await take(start[1]! + WRAPPED + IV)
    if (rest.length < start[1]! + WRAPPED + IV) throw new SealError('a sealed file without its head')
    const id = rest.subarray(0, start[1]).toString()
    const kek = keyring.keks.get(id)
    if (!kek) throw new SealError(`no key-encryption key ${id}`)
    const dataKey = openBytes(kek, rest.subarray(start[1], start[1]! + WRAPPED), keyContext(name))
    const { turn, tag } = machines(dataKey, Buffer.concat([start, rest]))
    for (let index = 0, last = false; !last; index++) {
      const chunk = await take(CHUNK + TAG)
      last = await ended()
      const encrypted = chunk.subarray(0, Math.max(0, chunk.length - TAG))
      const given = chunk.subarray(encrypted.length)
      if (given.length !== TAG || !timingSafeEqual(tag(index, last, encrypted), given))
        throw new SealError('the sealed file does not open: it was changed or cut short')
      yield turn(encrypted)
    }
  } finally {
    await close()
  }
}

/** Under which key-encryption key a file is sealed, by its first bytes; null for one of the first version. */
export async function sealedUnder(sealed: AsyncIterable<Uint8Array>): Promise<string | null> {
  const { take, close } = reader(sealed)
  try {
    const start = await take(2)
    return start[0] === VERSION ? (await take(start[1]!)).toString() : null
  } finally {
    await close()
  }
}
