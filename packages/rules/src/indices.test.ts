import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  activeEvaluationRate,
  averageScore,
  callBackRate,
  followUpRate,
  type Index,
  type LevelCounts,
  negativeRate,
  onTimeRate,
  positiveRate,
  rankable,
  rectificationRate,
  satisfiedRate,
  validCount,
  wilsonLowerBound,
} from './indices.ts'

const n = fc.nat(1_000_000)
const counts: fc.Arbitrary<LevelCounts> = fc.record({ 5: n, 4: n, 3: n, 2: n, 1: n, excluded: n })
const NOTHING: LevelCounts = { 5: 0, 4: 0, 3: 0, 2: 0, 1: 0, excluded: 7 }
const ofLevels: ((c: LevelCounts) => Index)[] = [positiveRate, satisfiedRate, negativeRate, averageScore]
const ofTwo: ((part: number, whole: number) => Index)[] = [
  activeEvaluationRate,
  rectificationRate,
  onTimeRate,
  callBackRate,
  followUpRate,
]

describe('an index', () => {
  it('never stands without its numerator, denominator and formula', () => {
    fc.assert(
      fc.property(counts, (c) => {
        for (const index of [...ofLevels.map((f) => f(c)), ...ofTwo.map((f) => f(c[1], c[1] + c[2]))]) {
          expect(index.name).toMatch(/[\u4e00-\u9fff]/)
          expect(index.formula).toContain('÷')
          if (index.denominator === 0) expect(index.value).toBeNull()
          else if (index.key !== 'average_score')
            expect(index.value).toBe(index.numerator / index.denominator)
        }
      }),
    )
  })

  it('says nothing, rather than 0 or 100 %, when there is nothing to divide by', () => {
    for (const f of ofLevels) expect(f(NOTHING)).toMatchObject({ denominator: 0, value: null })
    for (const f of ofTwo) expect(f(0, 0)).toMatchObject({ denominator: 0, value: null })
  })

  it('never counts what was not adopted', () => {
    fc.assert(
      fc.property(counts, n, (c, excluded) => {
        for (const f of ofLevels) expect(f({ ...c, excluded })).toEqual(f(c))
        expect(validCount({ ...c, excluded })).toBe(c[5] + c[4] + c[3] + c[2] + c[1])
      }),
    )
  })

  it('of shares stays between 0 and 1, and 好评率 and 差评率 make up the whole', () => {
    fc.assert(
      fc.property(
        counts.filter((c) => validCount(c) > 0),
        (c) => {
          const [positive, satisfied, negative] = [positiveRate(c), satisfiedRate(c), negativeRate(c)]
          for (const { value } of [positive, satisfied, negative]) {
            expect(value).toBeGreaterThanOrEqual(0)
            expect(value).toBeLessThanOrEqual(1)
          }
          expect(positive.numerator + negative.numerator).toBe(validCount(c))
          expect(satisfied.numerator).toBeLessThanOrEqual(positive.numerator)
        },
      ),
    )
  })

  it('averageScore is twice the mean level: 2 for all very bad, 10 for all very good', () => {
    expect(averageScore({ ...NOTHING, 1: 3 }).value).toBe(2)
    expect(averageScore({ ...NOTHING, 5: 3 }).value).toBe(10)
    fc.assert(
      fc.property(fc.array(fc.constantFrom<1 | 2 | 3 | 4 | 5>(1, 2, 3, 4, 5), { minLength: 1 }), (levels) => {
        const c = { ...NOTHING }
        for (const level of levels) c[level]++
        const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length
        expect(averageScore(c).value).toBeCloseTo(mean * 2, 10)
      }),
    )
  })
})

describe("Wilson's lower bound", () => {
  const share = fc
    .tuple(fc.nat(1_000_000), fc.nat(1_000_000))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    .filter(([, of]) => of > 0)

  it('lies between 0 and the share itself', () => {
    fc.assert(
      fc.property(share, ([good, of]) => {
        const bound = wilsonLowerBound(good, of)
        expect(bound).toBeGreaterThanOrEqual(0)
        expect(bound).toBeLessThanOrEqual(good / of)
        if (good > 0) expect(bound).toBeLessThan(good / of)
      }),
      { numRuns: 2000 },
    )
    for (let of = 1; of <= 3000; of++) expect(wilsonLowerBound(0, of), `0 of ${of}`).toBe(0)
    expect(wilsonLowerBound(0, 0)).toBe(0)
  })

  it('grows with the share and, for the same share, with the number judged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 50 }), (good, times) => {
        const of = good + 100
        expect(wilsonLowerBound(good + 1, of)).toBeGreaterThan(wilsonLowerBound(good, of))
        expect(wilsonLowerBound(good * times, of * times)).toBeGreaterThan(wilsonLowerBound(good, of))
      }),
    )
    expect(wilsonLowerBound(3, 3)).toBeLessThan(wilsonLowerBound(2950, 3000))
  })

  it('agrees with the worked example of 8 of 10: 0.4901624715', () => {
    expect(wilsonLowerBound(8, 10, 1.959963984540054)).toBeCloseTo(0.4901624715, 8)
  })
})

it('a place is ranked from the minimum on', () => {
  expect([29, 30, 31].map((count) => rankable(count, 30))).toEqual([false, true, true])
})
