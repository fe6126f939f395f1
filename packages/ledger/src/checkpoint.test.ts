import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Checkpoint, formatCheckpoint, fromBase64, parseCheckpoint } from './checkpoint.ts'

const line = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((s) => s.isWellFormed() && !/[\r\n]/.test(s))
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record({
  origin: line,
  size: fc.maxSafeInteger().map(Math.abs),
  root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  timestamp: fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
})
const plain: Checkpoint = {
  origin: 'haochaping/220100000000',
  size: 8,
  root: new Uint8Array(32),
  timestamp: '2026-11-24T02:00:00.000Z',
}

describe('a checkpoint', () => {
  it('is four lines, each ended by a line feed', () => {
    expect(formatCheckpoint(plain)).toBe(
      'haochaping/220100000000\n8\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n2026-11-24T02:00:00.000Z\n',
    )
  })

  it('reads back as it was written, and has one spelling', () => {
    fc.assert(
      fc.property(checkpoint, (c) => {
        const body = formatCheckpoint(c)
        expect(parseCheckpoint(body)).toEqual(c)
        expect(formatCheckpoint(parseCheckpoint(body))).toBe(body)
      }),
    )
  })

  it('is never the same text for two that differ', () => {
    fc.assert(
      fc.property(
        checkpoint,
        checkpoint,
        fc.constantFrom<keyof Checkpoint>('origin', 'size', 'root', 'timestamp'),
        (a, b, part) => {
          const changed = { ...a, [part]: b[part] }
          expect(formatCheckpoint(changed) === formatCheckpoint(a)).toBe(String(a[part]) === String(b[part]))
        },
      ),
    )
  })

  it.each(['origin', 'timestamp'] as const)('cannot be made with a line feed in its %s', (part) => {
    for (const bad of ['a\nb', 'a\rb', 'a\n'])
      expect(() => formatCheckpoint({ ...plain, [part]: bad })).toThrow(TypeError)
  })

  it('cannot be made of what could not be read back', () => {
    expect(() => formatCheckpoint({ ...plain, origin: '' })).toThrow(TypeError)
    expect(() => formatCheckpoint({ ...plain, timestamp: '' })).toThrow(TypeError)
    for (const size of [-1, 0.5, 2 ** 53, Number.NaN])
      expect(() => formatCheckpoint({ ...plain, size })).toThrow(TypeError)
  })

  const good = formatCheckpoint(plain)
  it.each([
    ['nothing', ''],
    ['a line short', good.split('\n').slice(1).join('\n')],
    ['a line more', `${good}x\n`],
    ['no last line feed', good.slice(0, -1)],
    ['Windows line ends', good.replaceAll('\n', '\r\n')],
    ['a blank before', ` ${good}`.replace('\n8', '\n 8')],
    ['a size with a zero in front', good.replace('\n8\n', '\n08\n')],
    ['a size that is none', good.replace('\n8\n', '\n-8\n')],
    ['a size past 2^53', good.replace('\n8\n', '\n9999999999999999\n')],
    ['a root that is not base64', good.replace('AAAA', 'A*AA')],
    ['a root with its padding off', good.replace('=\n', '\n')],
    ['a root whose last bits are not 0', good.replace('AAA=\n', 'AAB=\n')],
  ])('is not read from %s', (_what, body) => {
    expect(() => parseCheckpoint(body)).toThrow(TypeError)
  })

  it('is read from any text, or a TypeError says that it is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line, { minLength: 3, maxLength: 5 }).map((l) => `${l.join('\n')}\n`),
        ),
        (body) => {
          try {
            expect(formatCheckpoint(parseCheckpoint(body))).toBe(body)
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

it('bytes come out of base64, and a TypeError out of anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (data) => {
      expect(fromBase64(Buffer.from(data).toString('base64'))).toEqual(Uint8Array.from(data))
    }),
  )
  for (const text of ['*', 'A', 'AA=A', '满']) expect(() => fromBase64(text)).toThrow(TypeError)
})
