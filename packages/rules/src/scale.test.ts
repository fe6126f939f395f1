import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fromGbt39046,
  fromHardware,
  isLevel,
  isNegative,
  LEVELS,
  type SatisfactionLevel,
  toGbt39046,
  toHardware,
} from './scale.ts'

const words = (level: SatisfactionLevel) => LEVELS.find((l) => l.level === level)?.label
const level = fc.constantFrom<SatisfactionLevel>(5, 4, 3, 2, 1)

describe('the scale', () => {
  it('has five levels, best first, each with both wordings of R9, the lower two negative', () => {
    expect(LEVELS.map((l) => [l.level, l.label, l.alternative, l.negative])).toEqual([
      [5, '非常满意', '很好', false],
      [4, '满意', '好', false],
      [3, '基本满意', '一般', false],
      [2, '不满意', '差', true],
      [1, '非常不满意', '很差', true],
    ])
    for (const l of LEVELS) expect(isNegative(l.level)).toBe(l.negative)
  })

  it('takes nothing for a level but the whole numbers 1 to 5', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.double(), fc.integer({ min: -9, max: 9 })), (value) => {
        expect(isLevel(value)).toBe([1, 2, 3, 4, 5].includes(value as number))
      }),
    )
  })

  it.each([
    [1, '非常满意'],
    [2, '满意'],
    [3, '基本满意'],
    [4, '不满意'],
    [5, '非常不满意'],
  ])('reads %i of GB/T 39046 Table A.8 as %s', (code, label) => {
    expect(words(fromGbt39046(code))).toBe(label)
    expect(toGbt39046(fromGbt39046(code))).toBe(code)
  })

  it.each([
    [0, '非常满意'],
    [1, '满意'],
    [2, '基本满意'],
    [3, '不满意'],
    [4, '非常不满意'],
  ])('reads %i of evaluator hardware as %s', (code, label) => {
    expect(words(fromHardware(code))).toBe(label)
    expect(toHardware(fromHardware(code))).toBe(code)
  })

  it('comes back the same from every foreign scale, the order turned round', () => {
    fc.assert(
      fc.property(level, level, (a, b) => {
        expect(fromGbt39046(toGbt39046(a))).toBe(a)
        expect(fromHardware(toHardware(a))).toBe(a)
        if (a > b) {
          expect(toGbt39046(a)).toBeLessThan(toGbt39046(b))
          expect(toHardware(a)).toBeLessThan(toHardware(b))
        }
      }),
    )
  })

  it('refuses codes that the foreign scale does not have', () => {
    const whole = fc.integer({ min: -9, max: 9 }).filter((n) => ![1, 2, 3, 4, 5].includes(n))
    const half = fc.integer({ min: -9, max: 9 }).map((n) => n + 0.5)
    const strange = fc.oneof(whole, half, fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY))
    fc.assert(
      fc.property(strange, (n) => {
        expect(() => fromGbt39046(n)).toThrow(RangeError)
        if (n !== 0) expect(() => fromHardware(n)).toThrow(RangeError)
      }),
    )
    expect(() => fromHardware(5)).toThrow(RangeError)
    expect(() => fromGbt39046(0)).toThrow(RangeError)
  })
})
