import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkEncodable, type Entry, encodeEntry, encodeValue, type JsonValue } from './entry.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const text = fc.string({ unit: 'binary' }).filter((s) => s.isWellFormed() && !s.includes('\0'))
const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(null, true, false, 0, 1, '', '0', 'null', [], {}, [[]], [{}], ['']),
    fc.maxSafeInteger(),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value
const entry: fc.Arbitrary<Entry> = fc.record({
  subjectId: text,
  entryId: text,
  kind: text,
  recordedAt: fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
  actor: text,
  payload: value,
})

/** The same value with every object's members in another order. */
function reordered(v: JsonValue): JsonValue {
  if (Array.isArray(v)) return v.map(reordered)
  if (v === null || typeof v !== 'object') return v
  return Object.fromEntries(
    Object.entries(v)
      .reverse()
      .map(([key, member]) => [key, reordered(member as JsonValue)]),
  )
}
/** Whether two values are the same but for the order of members: a second, independent spelling of equality. */
function equal(a: JsonValue, b: JsonValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => equal(x, b[i]))
  const [left, right] = [a, b] as { [key: string]: JsonValue }[]
  const keys = Object.keys(left!)
  return (
    keys.length === Object.keys(right!).length &&
    keys.every((key) => Object.hasOwn(right!, key) && equal(left![key]!, right![key]!))
  )
}

/** A reader of the encoding, written from its description only: that it exists shows that nothing is lost. */
function decode(bytes: Uint8Array): JsonValue {
  const [v, end] = decodeAt(bytes, 0)
  expect(end).toBe(bytes.length)
  return v
}
function decodeAt(bytes: Uint8Array, at: number): [JsonValue, number] {
  const tag = String.fromCharCode(bytes[at]!)
  const start = at + 5
  const end = start + Buffer.from(bytes).readUInt32BE(at + 1)
  const body = Buffer.from(bytes.subarray(start, end)).toString('utf8')
  const items = () => {
    const found: JsonValue[] = []
    for (let i = start; i < end; ) {
      const [item, next] = decodeAt(bytes, i)
      found.push(item)
      i = next
    }
    return found
  }
  if (tag === 'n') return [null, end]
  if (tag === 't' || tag === 'f') return [tag === 't', end]
  if (tag === 'i') return [Number(body), end]
  if (tag === 's') return [body, end]
  if (tag === 'a') return [items(), end]
  const flat = items()
  const members = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]])
  return [Object.fromEntries(members), end]
}

describe('the canonical encoding of a value', () => {
  it('is a type byte, four bytes of length, the body', () => {
    expect(hex(encodeValue(null))).toBe('6e00000000')
    expect(hex(encodeValue(true))).toBe('7400000000')
    expect(hex(encodeValue(false))).toBe('6600000000')
    expect(hex(encodeValue(-12))).toBe('69000000032d3132')
    expect(hex(encodeValue('满'))).toBe('7300000003e6bba1')
    expect(hex(encodeValue([]))).toBe('6100000000')
    expect(hex(encodeValue({ level: 1 }))).toBe('6f0000001073000000056c6576656c690000000131')
  })

  it('loses nothing: it can be read back', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(equal(decode(encodeValue(v)), v)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('is the same whatever the order of members', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(hex(encodeValue(reordered(v)))).toBe(hex(encodeValue(v)))
      }),
    )
    expect(hex(encodeValue({ z: 1, a: 2, 满: 3 }))).toBe(hex(encodeValue({ 满: 3, a: 2, z: 1 })))
  })

  it('sorts members by their UTF-8 bytes, which is not the order of UTF-16', () => {
    // U+FFFD comes before U+1F600 in UTF-8, after it in UTF-16.
    const encoded = Buffer.from(encodeValue({ '\ufffd': 1, '😀': 2 }))
    expect(encoded.indexOf('\ufffd')).toBeLessThan(encoded.indexOf('😀'))
  })

  it('is never the same for two values that differ', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(hex(encodeValue(a)) === hex(encodeValue(b))).toBe(equal(a, b))
      }),
      { numRuns: 3000 },
    )
  })

  it('does not take one type for another that is spelled alike', () => {
    const alike: JsonValue[] = [
      0,
      '0',
      [0],
      ['0'],
      { 0: 0 },
      null,
      'null',
      false,
      '',
      [],
      {},
      [[]],
      [''],
      [{}],
    ]
    expect(new Set(alike.map((v) => hex(encodeValue(v)))).size).toBe(alike.length)
  })

  it('knows one zero', () => {
    expect(hex(encodeValue(-0))).toBe(hex(encodeValue(0)))
  })

  it('takes a key called __proto__ for what it is', () => {
    const odd = JSON.parse('{"__proto__":{"a":1}}') as JsonValue
    expect(hex(encodeValue(odd))).not.toBe(hex(encodeValue({})))
  })

  it.each([
    ['a fraction', 0.5],
    ['a number past 2^53', 2 ** 53],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['NUL', 'a\0b'],
    ['a lone high surrogate', 'a\ud800'],
    ['a lone low surrogate', '\udc00a'],
    ['surrogates the wrong way round', '\udc00\ud800'],
    ['undefined', undefined],
    ['a missing member', { a: undefined }],
    ['a broken key', { '\ud800': 1 }],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a date', new Date(0)],
    ['bytes', Uint8Array.of(1)],
    ['a map', new Map([['a', 1]])],
    ['a hole in an array', new Array(1)],
  ])('refuses %s', (_what, bad) => {
    expect(() => encodeValue(bad as JsonValue)).toThrow(TypeError)
    expect(() => encodeValue([1, { deep: bad }] as unknown as JsonValue)).toThrow(TypeError)
    expect(() => checkEncodable({ deep: [bad] } as unknown as JsonValue)).toThrow(TypeError)
  })

  it('refuses a text exactly when it is not well formed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '满', '\ud83d', '\ude00', '😀', '\ufffd', '\0')).map((a) => a.join('')),
        (s) => {
          if (s.isWellFormed() && !s.includes('\0')) expect(decode(encodeValue(s))).toBe(s)
          else expect(() => encodeValue(s)).toThrow(TypeError)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('is refused beforehand exactly when it would be', () => {
    const refused = (check: (v: JsonValue) => unknown, v: JsonValue) => {
      try {
        check(v)
        return false
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
        return true
      }
    }
    const part = fc.oneof(value, fc.constantFrom(0.5, 2 ** 53, undefined, 'a\0b', '\ud83d', new Date(0)))
    const key = fc.oneof(text, fc.constantFrom('a\0b', 'a', '\ud83d'))
    fc.assert(
      fc.property(fc.dictionary(key, fc.array(part, { maxLength: 3 }), { noNullPrototype: true }), (v) => {
        const given = v as unknown as JsonValue
        expect(refused(checkEncodable, given)).toBe(refused(encodeValue, given))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the canonical encoding of an entry', () => {
  it('begins with its version', () => {
    const e = { subjectId: 's', entryId: 'e', kind: 'k', recordedAt: 1n, actor: 'a', payload: null }
    expect(hex(encodeEntry(e))).toBe(
      '0173000000017373000000016573000000016b690000000131730000000161' + '6e00000000',
    )
  })

  it('is never the same for two entries that differ', () => {
    fc.assert(
      fc.property(entry, entry, (a, b) => {
        const same =
          a.subjectId === b.subjectId &&
          a.entryId === b.entryId &&
          a.kind === b.kind &&
          a.recordedAt === b.recordedAt &&
          a.actor === b.actor &&
          equal(a.payload, b.payload)
        expect(hex(encodeEntry(a)) === hex(encodeEntry(b))).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })

  it('changes with any one part of it', () => {
    fc.assert(
      fc.property(entry, entry, fc.constantFrom<keyof Entry>(...PARTS), (a, b, part) => {
        const changed = { ...a, [part]: b[part] }
        const same = part === 'payload' ? equal(a.payload, b.payload) : a[part] === b[part]
        expect(hex(encodeEntry(changed)) === hex(encodeEntry(a))).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })

  it('changes when characters move over the border between two parts', () => {
    const texts = ['subjectId', 'entryId', 'kind', 'actor'] as const
    const borders = fc.constantFrom(...texts.slice(1).map((part, i) => [texts[i]!, part] as const))
    fc.assert(
      fc.property(entry, borders, text, fc.nat(), (e, [left, right], whole, cut) => {
        const letters = [...whole]
        fc.pre(letters.length > 0)
        const at = cut % letters.length
        const split = (i: number) =>
          encodeEntry({ ...e, [left]: letters.slice(0, i).join(''), [right]: letters.slice(i).join('') })
        expect(hex(split(at))).not.toBe(hex(split(at + 1)))
      }),
      { numRuns: 1000 },
    )
  })

  it('changes when a part imitates the encoding of its neighbour', () => {
    const base = { subjectId: 's', entryId: 'e', kind: 'k', recordedAt: 1n, actor: 'a', payload: {} }
    const forged = { ...base, kind: 'k\u0001i1s\u0001a', actor: '' }
    expect(hex(encodeEntry(forged))).not.toBe(hex(encodeEntry(base)))
  })
})

const PARTS: (keyof Entry)[] = ['subjectId', 'entryId', 'kind', 'recordedAt', 'actor', 'payload']
