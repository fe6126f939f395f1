import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawSample, populationDigest, sampleSize } from './sampling.ts'

/** A digest good enough for a test that must not know node: FNV-1a twice over, 16 hexadecimal digits. */
function digest(text: string): string {
  const half = (start: number) => {
    let hash = start
    for (const c of new TextEncoder().encode(text)) hash = Math.imul(hash ^ c, 0x01000193) >>> 0
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
    return ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0')
  }
  return half(0x811c9dc5) + half(0x050c5d1f)
}

const ids = fc.uniqueArray(fc.uuid(), { maxLength: 60 })
const seed = fc.string({ minLength: 1, maxLength: 40 })
const size = fc.integer({ min: 0, max: 80 })

describe('R18, Q58, Q71: a draw that anybody can repeat', () => {
  it('gives the same sample for the same seed, in whatever order and however often the ids come', () => {
    fc.assert(
      fc.property(ids, seed, size, fc.infiniteStream(fc.nat()), (all, s, n, keys) => {
        const shuffled = [...all, ...all.slice(0, 5)]
          .map((id) => ({ id, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ id }) => id)
        expect(drawSample(shuffled, s, n, digest)).toEqual(drawSample(all, s, n, digest))
        expect(populationDigest(shuffled, digest)).toBe(populationDigest(all, digest))
      }),
    )
  })

  it('draws as many as asked for, each once, and only out of the population', () => {
    fc.assert(
      fc.property(ids, seed, size, (all, s, n) => {
        const drawn = drawSample(all, s, n, digest)
        expect(drawn.length).toBe(Math.min(n, all.length))
        expect(new Set(drawn).size).toBe(drawn.length)
        expect(drawn.every((id) => all.includes(id))).toBe(true)
      }),
    )
  })

  it('a larger sample holds the smaller one: nobody is dropped by asking for more', () => {
    fc.assert(
      fc.property(ids, seed, size, size, (all, s, a, b) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)]
        expect(drawSample(all, s, many, digest).slice(0, few)).toEqual(drawSample(all, s, few, digest))
      }),
    )
  })

  it('what one id gets does not depend on the others: leaving one out moves nobody but up', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 40 }), seed, (all, s) => {
        const [gone, ...rest] = all
        const whole = drawSample(all, s, all.length, digest)
        expect(drawSample(rest, s, rest.length, digest)).toEqual(whole.filter((id) => id !== gone))
      }),
    )
  })

  it('favours nobody: over many seeds every id is drawn about equally often', () => {
    const all = Array.from({ length: 20 }, (_, i) => `case-${i}`)
    const times = new Map(all.map((id) => [id, 0]))
    for (let i = 0; i < 2_000; i++)
      for (const id of drawSample(all, `seed ${i}`, 5, digest)) times.set(id, times.get(id)! + 1)
    // 500 expected of each, standard deviation about 19.
    for (const [id, count] of times) expect(Math.abs(count - 500), id).toBeLessThan(100)
  })

  it('another population has another digest', () => {
    expect(populationDigest(['a', 'b'], digest)).not.toBe(populationDigest(['a', 'c'], digest))
    expect(populationDigest(['ab'], digest)).not.toBe(populationDigest(['a', 'b'], digest))
  })

  it('refuses what is no size, and never makes a share of something nothing', () => {
    expect(() => drawSample(['a'], 's', -1, digest)).toThrow(RangeError)
    expect(() => drawSample(['a'], 's', 1.5, digest)).toThrow(RangeError)
    expect([
      sampleSize(0, 5),
      sampleSize(1, 5),
      sampleSize(20, 5),
      sampleSize(21, 5),
      sampleSize(7, 100),
    ]).toEqual([0, 1, 1, 2, 7])
  })
})
