import { createCipheriv, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto'
import { freshBytes } from './random.ts'

/** Sealed bytes that do not open: wrong key, wrong context, or changed. */
export class SealError extends Error {}

/** SM3 (GB/T 32905) of some bytes. Taken as a string first: bytes made outside of the heap cost more than the hash. */
export const sm3 = (data: Uint8Array): Buffer => Buffer.from(hash('sm3', data, 'binary'), 'latin1')

/** Whether a secret text is the one expected. Compared as hashes: whatever was given, they are of one length. */
export const sameText = (given: string, expected: string): boolean =>
  timingSafeEqual(sm3(Buffer.from(given)), sm3(Buffer.from(expected)))

const BLOCK = 64
const DIGEST = 32

/** The key of an HMAC as it goes before what is hashed, with room for `more` bytes after it. */
function padded(key: Uint8Array, pad: number, more: number): Buffer {
  const bytes = Buffer.allocUnsafe(BLOCK + more)
  for (let i = 0; i < key.length; i++) bytes[i] = key[i]! ^ pad
  return bytes.fill(pad, key.length, BLOCK)
}

/**
 * HMAC-SM3 (RFC 2104): the hash of the outer key and the hash of the inner key and the data. Two plain hashes take
 * half as long as one HMAC object of Node, of which one rating needs eight.
 */
export function hmacSm3(key: Uint8Array, data: Uint8Array): Buffer {
  const short = key.length > BLOCK ? sm3(key) : key
  const inner = padded(short, 0x36, data.length)
  inner.set(data, BLOCK)
  const outer = padded(short, 0x5c, DIGEST)
  outer.write(hash('sm3', inner, 'binary'), BLOCK, 'latin1')
  return sm3(outer)
}

/** Parts joined with the length of each before it (four bytes, big-endian), so that no two lists look alike. */
export function lengthPrefixed(...parts: (string | Uint8Array)[]): Buffer {
  let room = 0
  for (const part of parts) room += 4 + (typeof part === 'string' ? part.length * 3 : part.length)
  const joined = Buffer.allocUnsafe(room)
  let at = 0
  for (const part of parts) {
    const start = at + 4
    if (typeof part === 'string') at = start + joined.write(part, start, 'utf8')
    else {
      joined.set(part, start)
      at = start + part.length
    }
    joined.writeUInt32BE(at - start, start - 4)
  }
  return joined.subarray(0, at)
}

const VERSION = 1
const IV = 16
const TAG = 32

/** A key made ready: what encrypts never authenticates. */
export interface SealingKey {
  encrypt: KeyObject
  authenticate: Buffer
}

const FOR_ENCRYPTION = Buffer.from('seal:encrypt')
const FOR_AUTHENTICATION = Buffer.from('seal:authenticate')

/** Bytes of a key that is two: 16 to encrypt, then 32 to authenticate. Chance makes both as easily as one. */
export const DOUBLE_KEY = 48

/** The two keys of a double key; of another (32 bytes) two are derived, for the two uses it has. */
export const sealingKey = (key: Uint8Array): SealingKey =>
  key.length === DOUBLE_KEY
    ? { encrypt: createSecretKey(key.subarray(0, 16)), authenticate: Buffer.from(key.subarray(16)) }
    : {
        encrypt: createSecretKey(hmacSm3(key, FOR_ENCRYPTION).subarray(0, 16)),
        authenticate: hmacSm3(key, FOR_AUTHENTICATION),
      }

const made = new WeakMap<Uint8Array, SealingKey>()

/** A key that stays in memory is made ready once. */
function ready(key: Uint8Array | SealingKey): SealingKey {
  if (!(key instanceof Uint8Array)) return key
  const known = made.get(key) ?? sealingKey(key)
  made.set(key, known)
  return known
}

// A stream cipher holds nothing back: `update` gives all of it, and `final` would have nothing to add.
const sm4 = (key: SealingKey, iv: Uint8Array, data: Uint8Array): Buffer =>
  createCipheriv('sm4-ctr', key.encrypt, iv).update(data)
const tagOf = (key: SealingKey, body: Uint8Array, context: Uint8Array) =>
  hmacSm3(key.authenticate, lengthPrefixed(context, body))

/**
 * Encrypts then authenticates: SM4-CTR under a fresh IV, HMAC-SM3 over all of it and the context.
 *
 * @param given a key of 32 bytes or a double one, or what `sealingKey` made of them when the key serves but once
 * @param context bound to the result; the same must be given to open it
 * @returns version byte || IV (16) || ciphertext || tag (32)
 */
export function sealBytes(given: Uint8Array | SealingKey, plain: Uint8Array, context: Uint8Array): Buffer {
  const key = ready(given)
  const iv = freshBytes(IV)
  const sealed = Buffer.allocUnsafe(1 + IV + plain.length + TAG)
  const end = sealed.length - TAG
  sealed[0] = VERSION
  sealed.set(iv, 1)
  sealed.set(sm4(key, iv, plain), 1 + IV)
  sealed.set(tagOf(key, sealed.subarray(0, end), context), end)
  return sealed
}

/**
 * Opens what `sealBytes` made.
 * @throws SealError when key or context differ or any byte was changed
 */
export function openBytes(given: Uint8Array | SealingKey, sealed: Uint8Array, context: Uint8Array): Buffer {
  if (sealed.length < 1 + IV + TAG || sealed[0] !== VERSION) throw new SealError('not a sealed value')
  const key = ready(given)
  const body = sealed.subarray(0, sealed.length - TAG)
  if (!timingSafeEqual(tagOf(key, body, context), sealed.subarray(sealed.length - TAG)))
    throw new SealError('the sealed value does not open: wrong key, wrong place, or changed')
  return sm4(key, body.subarray(1, 1 + IV), body.subarray(1 + IV))
}
