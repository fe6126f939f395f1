import { concat } from './hash.ts'

/** A value with exactly one canonical encoding: no fractions, no undefined, only well-formed text. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** A journal entry as the log knows it. */
export interface Entry {
  subjectId: string
  entryId: string
  kind: string
  /** microseconds since 1970-01-01T00:00:00Z */
  recordedAt: bigint
  actor: string
  payload: JsonValue
}

const VERSION = 1
const text = new TextEncoder()

function prefixed(tag: string, body: Uint8Array): Uint8Array {
  const head = new Uint8Array(5)
  head[0] = tag.charCodeAt(0)
  new DataView(head.buffer).setUint32(1, body.length)
  return concat(head, body)
}

function encodeText(value: string): Uint8Array {
  if (
    value.includes('\0') ||
    /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/.test(value)
  )
    throw new TypeError('text with NUL or a broken surrogate has no canonical encoding')
  return prefixed('s', text.encode(value))
}

/** A date or a buffer has members too, but not the ones that are stored of it. */
const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value))

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/**
 * The canonical encoding of a value: a type byte, the length of the body in four bytes (big-endian), the body.
 * Keys of objects are sorted by their UTF-8 bytes, so that their order does not matter.
 *
 * @throws TypeError for what has no canonical encoding (fractions, unsafe integers, undefined, NUL, lone surrogates,
 * dates and other objects of a class)
 * @example encodeValue({ level: 1 }) // 'o' … 's' "level" 'i' "1"
 */
export function encodeValue(value: JsonValue): Uint8Array {
  if (value === null) return prefixed('n', new Uint8Array())
  if (value === true) return prefixed('t', new Uint8Array())
  if (value === false) return prefixed('f', new Uint8Array())
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value))
      throw new TypeError(`${value} has no canonical encoding: only safe integers have`)
    return prefixed('i', text.encode(String(value === 0 ? 0 : value)))
  }
  if (typeof value === 'string') return encodeText(value)
  if (Array.isArray(value)) return prefixed('a', concat(...value.map((item: JsonValue) => encodeValue(item))))
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value)
      .map(([key, member]) => [encodeText(key), encodeValue(member as JsonValue)] as const)
      .sort(([a], [b]) => compareBytes(a.subarray(5), b.subarray(5)))
    return prefixed('o', concat(...members.flat()))
  }
  throw new TypeError(`a ${Object.prototype.toString.call(value)} has no canonical encoding`)
}

/**
 * The bytes that a leaf of the log is the hash of: a version byte, then each part with its length before it. Two
 * different entries never encode alike.
 *
 * @throws TypeError as `encodeValue`
 */
export function encodeEntry(entry: Entry): Uint8Array {
  return concat(
    Uint8Array.of(VERSION),
    encodeText(entry.subjectId),
    encodeText(entry.entryId),
    encodeText(entry.kind),
    prefixed('i', text.encode(entry.recordedAt.toString())),
    encodeText(entry.actor),
    encodeValue(entry.payload),
  )
}
