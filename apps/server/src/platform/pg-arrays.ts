/**
 * Columns of values as PostgreSQL reads them in binary: what goes with `unnest($1::uuid[], $2::bytea[], …)` when many
 * rows are written by one statement. Half the bytes of their text, nothing to escape, and nothing to parse over there.
 */
const NULL = -1
const HEAD = 20

/** Object ids of the types, the same in every PostgreSQL. */
const OID = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  smallint: 21,
  text: 25,
  timestamptz: 1184,
  uuid: 2950,
  jsonb: 3802,
} as const

/** Begins an array of one dimension that takes `size` bytes with its elements. */
function begin(oid: number, length: number, size: number): Buffer {
  const array = Buffer.allocUnsafe(HEAD + size)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(1, 4)
  array.writeInt32BE(oid, 8)
  array.writeInt32BE(length, 12)
  array.writeInt32BE(1, 16)
  return array
}

/** An array whose elements all take `width` bytes, but those that are null. */
function fixed<T>(
  oid: number,
  width: number,
  values: readonly (T | null)[],
  write: (array: Buffer, value: T, at: number) => void,
): Buffer {
  const nulls = values.reduce((count, value) => (value === null ? count + 1 : count), 0)
  const array = begin(oid, values.length, values.length * (4 + width) - nulls * width)
  let at = HEAD
  for (const value of values) {
    array.writeInt32BE(value === null ? NULL : width, at)
    at += 4
    if (value === null) continue
    write(array, value, at)
    at += width
  }
  return array
}

const NO_DIGIT = 255
/** What a hexadecimal digit stands for, by its code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16)
  return Number.isNaN(digit) ? NO_DIGIT : digit
})
const digit = (text: string, at: number) => DIGITS[text.charCodeAt(at)] ?? NO_DIGIT

/**
 * `uuid[]`
 * @throws RangeError for a text that is no UUID
 */
export const uuids = (values: readonly (string | null)[]): Buffer =>
  fixed(OID.uuid, 16, values, (array, value, at) => {
    for (let i = 0; i < 36; i += 2) {
      if (i === 8 || i === 13 || i === 18 || i === 23) i++
      const [high, low] = [digit(value, i), digit(value, i + 1)]
      if (high === NO_DIGIT || low === NO_DIGIT) throw new RangeError('not a UUID')
      array[at++] = (high << 4) | low
    }
  })

/**
 * `smallint[]`
 * @throws RangeError for a number that is none
 */
export const smallints = (values: readonly (number | null)[]): Buffer =>
  fixed(OID.smallint, 2, values, (array, value, at) => array.writeInt16BE(value, at))

/**
 * `bigint[]`
 * @throws RangeError for a number that is no safe integer
 */
export const bigints = (values: readonly (number | null)[]): Buffer =>
  fixed(OID.bigint, 8, values, (array, value, at) => {
    if (!Number.isSafeInteger(value)) throw new RangeError('not a safe integer')
    writeLong(array, value, at)
  })

/** `boolean[]` */
export const booleans = (values: readonly (boolean | null)[]): Buffer =>
  fixed(OID.boolean, 1, values, (array, value, at) => array.writeUInt8(value ? 1 : 0, at))

/** Eight bytes in two halves: a number holds them exactly, and a BigInt would be made for each. */
function writeLong(array: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 2 ** 32)
  array.writeInt32BE(high, at)
  array.writeUInt32BE(value - high * 2 ** 32, at + 4)
}

const EPOCH = Date.UTC(2000, 0, 1)
/** `timestamptz[]` */
export const timestamps = (values: readonly (Date | null)[]): Buffer =>
  // Microseconds since 2000.
  fixed(OID.timestamptz, 8, values, (array, value, at) =>
    writeLong(array, (value.getTime() - EPOCH) * 1000, at),
  )

/** `bytea[]` */
export function byteas(values: readonly (Uint8Array | null)[]): Buffer {
  const size = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 0)
  const array = begin(OID.bytea, values.length, size)
  let at = HEAD
  for (const value of values) {
    array.writeInt32BE(value?.length ?? NULL, at)
    at += 4
    if (!value) continue
    array.set(value, at)
    at += value.length
  }
  return array
}

function strings(oid: number, values: readonly (string | null)[], version: number | null): Buffer {
  const more = version === null ? 0 : 1
  const room = values.reduce((sum, value) => sum + 4 + (value === null ? 0 : more + value.length * 3), 0)
  const array = begin(oid, values.length, room)
  let at = HEAD
  for (const value of values) {
    if (value === null) {
      at = array.writeInt32BE(NULL, at)
      continue
    }
    const start = at + 4
    if (version !== null) array[start] = version
    const length = more + array.write(value, start + more, 'utf8')
    array.writeInt32BE(length, at)
    at = start + length
  }
  return array.subarray(0, at)
}

/** `text[]` */
export const texts = (values: readonly (string | null)[]): Buffer => strings(OID.text, values, null)

/** `jsonb[]` of values that are spelled as JSON already */
export const jsonbs = (values: readonly (string | null)[]): Buffer => strings(OID.jsonb, values, 1)
