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
const utf8 = new TextEncoder()

/** Bytes being put together. The length of a body is filled in when the body is done, so nothing is copied twice. */
interface Writer {
  bytes: Uint8Array
  size: number
}

/** One sheet for all: an encoding is made in one go, and its bytes are copied out when it is done. */
let sheet: Uint8Array = new Uint8Array(16_384)
const writer = (): Writer => ({ bytes: sheet, size: 0 })
function written(w: Writer): Uint8Array {
  sheet = w.bytes
  return w.bytes.slice(0, w.size)
}

function makeRoom(w: Writer, more: number): void {
  if (w.size + more <= w.bytes.length) return
  const larger = new Uint8Array(Math.max(w.bytes.length * 2, w.size + more))
  larger.set(w.bytes)
  w.bytes = larger
}

/** Writes a tag and leaves four bytes for the length; gives where the body begins. */
function begin(w: Writer, tag: string): number {
  makeRoom(w, 5)
  w.bytes[w.size] = tag.charCodeAt(0)
  w.size += 5
  return w.size
}

function end(w: Writer, start: number): void {
  const length = w.size - start
  w.bytes[start - 4] = length >>> 24
  w.bytes[start - 3] = length >>> 16
  w.bytes[start - 2] = length >>> 8
  w.bytes[start - 1] = length
}

function put(w: Writer, tag: string, value: string): void {
  const start = begin(w, tag)
  makeRoom(w, value.length * 3)
  w.size += utf8.encodeInto(value, w.bytes.subarray(w.size)).written
  end(w, start)
}

/** Writes a text of ASCII alone, which most are; gives false, having written nothing, when it is not one. */
function putAscii(w: Writer, value: string): boolean {
  makeRoom(w, 5 + value.length)
  const { bytes } = w
  const start = w.size + 5
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0 || code > 0x7f) return false
    bytes[start + i] = code
  }
  begin(w, 's')
  w.size += value.length
  end(w, start)
  return true
}

function checkText(value: string): void {
  if (
    value.includes('\0') ||
    /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/.test(value)
  )
    throw new TypeError('text with NUL or a broken surrogate has no canonical encoding')
}

function putText(w: Writer, value: string): void {
  if (putAscii(w, value)) return
  checkText(value)
  put(w, 's', value)
}

/** A date or a buffer has members too, but not the ones that are stored of it. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The order of the UTF-8 bytes is that of the code points, which differs from JavaScript's own for surrogates. */
function compareCodePoints(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.codePointAt(i)! - b.codePointAt(i)!
  return a.length - b.length
}

const nearSurrogates = /[\ud800-\uffff]/

/** Orders of keys that were worked out before: entries are of a few hundred shapes, and there are millions of them. */
const orders = new Map<string, readonly string[]>()
const MOST_ORDERS = 1_000

/** The keys of an object in the order of their UTF-8 bytes. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value)
  // A key that holds what joins them would be mistaken for two; it has no encoding anyway.
  const shape = keys.join('\0')
  const known = orders.get(shape)
  if (known?.length === keys.length) return known
  const order = keys.some((key) => nearSurrogates.test(key)) ? keys.sort(compareCodePoints) : keys.sort()
  if (orders.size >= MOST_ORDERS) orders.clear()
  orders.set(shape, order)
  return order
}

function checkNumber(value: number): void {
  if (!Number.isSafeInteger(value))
    throw new TypeError(`${value} has no canonical encoding: only safe integers have`)
}
const strange = (value: unknown) =>
  new TypeError(`a ${Object.prototype.toString.call(value)} has no canonical encoding`)

function putValue(w: Writer, value: JsonValue): void {
  if (value === null || typeof value === 'boolean') end(w, begin(w, value === null ? 'n' : value ? 't' : 'f'))
  else if (typeof value === 'number') {
    checkNumber(value)
    put(w, 'i', String(value === 0 ? 0 : value))
  } else if (typeof value === 'string') putText(w, value)
  else if (Array.isArray(value)) {
    const start = begin(w, 'a')
    for (const item of value) putValue(w, item)
    end(w, start)
  } else if (typeof value === 'object' && isPlain(value)) {
    const start = begin(w, 'o')
    for (const key of sortedKeys(value)) {
      putText(w, key)
      putValue(w, (value as { [key: string]: JsonValue })[key]!)
    }
    end(w, start)
  } else throw strange(value)
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
  const w = writer()
  putValue(w, value)
  return written(w)
}

/**
 * Makes sure that a value has a canonical encoding, without giving it.
 * @throws TypeError as `encodeValue`
 */
export function checkEncodable(value: JsonValue): void {
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'number') checkNumber(value)
  else if (typeof value === 'string') checkText(value)
  else if (Array.isArray(value)) for (const item of value) checkEncodable(item)
  else if (typeof value === 'object' && isPlain(value))
    for (const key of Object.keys(value)) {
      checkText(key)
      checkEncodable((value as { [key: string]: JsonValue })[key]!)
    }
  else throw strange(value)
}

/**
 * The bytes that a leaf of the log is the hash of: a version byte, then each part with its length before it. Two
 * different entries never encode alike.
 *
 * @throws TypeError as `encodeValue`
 */
export function encodeEntry(entry: Entry): Uint8Array {
  const w = writer()
  w.bytes[0] = VERSION
  w.size = 1
  putText(w, entry.subjectId)
  putText(w, entry.entryId)
  putText(w, entry.kind)
  put(w, 'i', entry.recordedAt.toString())
  putText(w, entry.actor)
  putValue(w, entry.payload)
  return written(w)
}
