import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, micros, shanghaiDay, showDate, showDateTime } from './time.ts'

describe('a moment', () => {
  it('is shown as it is in Shanghai, wherever the program runs', () => {
    const at = new Date('2026-11-23T16:05:00Z')
    expect(showDateTime(at)).toBe('2026/11/24 00:05')
    expect(showDate(at)).toBe('2026年11月24日')
    expect(shanghaiDay(at)).toBe('2026-11-24')
    expect(shanghaiDay(new Date(at.getTime() - 6 * 60_000))).toBe('2026-11-23')
  })

  it('is hashed in microseconds, exact to the millisecond it holds', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (at) => {
        expect(micros(at)).toBe(BigInt(at.getTime()) * 1000n)
        expect(Number(micros(at) / 1000n)).toBe(at.getTime())
      }),
    )
  })
})

describe('a day', () => {
  it('so many days on and back again is the same, and lies that far away', () => {
    const day = fc
      .date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10))
    fc.assert(
      fc.property(day, fc.integer({ min: -2000, max: 2000 }), (from, n) => {
        const to = addDays(from, n)
        expect(addDays(to, -n)).toBe(from)
        expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(n)
      }),
    )
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  })
})
