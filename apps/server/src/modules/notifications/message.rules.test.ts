import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterQuietHours, asksToStop, pauseAfter, TRIES } from './message.rules.ts'

const at = (text: string) => new Date(`${text}+08:00`)

describe('P7: quiet hours', () => {
  it.each([
    ['2026-11-24T20:59:59', '2026-11-24T20:59:59'],
    ['2026-11-24T21:00:00', '2026-11-25T08:00:00'],
    ['2026-11-24T23:59:59', '2026-11-25T08:00:00'],
    ['2026-11-25T00:00:00', '2026-11-25T08:00:00'],
    ['2026-11-25T07:59:59', '2026-11-25T08:00:00'],
    ['2026-11-25T08:00:00', '2026-11-25T08:00:00'],
  ])('what is due at %s goes at %s', (due, goes) => {
    expect(afterQuietHours(at(due), 21, 8)).toEqual(at(goes))
  })

  it('may lie within one day, or be none', () => {
    expect(afterQuietHours(at('2026-11-24T12:30:00'), 12, 14)).toEqual(at('2026-11-24T14:00:00'))
    expect(afterQuietHours(at('2026-11-24T14:00:00'), 12, 14)).toEqual(at('2026-11-24T14:00:00'))
    expect(afterQuietHours(at('2026-11-24T03:00:00'), 8, 8)).toEqual(at('2026-11-24T03:00:00'))
  })

  it('defer and never drop: what waited goes within a day, at an hour that is not quiet', () => {
    const hour = fc.integer({ min: 0, max: 23 })
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: at('2024-01-01T00:00:00'), max: at('2030-01-01T00:00:00') }),
        hour,
        hour,
        (now, from, to) => {
          const goes = afterQuietHours(now, from, to)
          expect(goes.getTime() - now.getTime()).toBeGreaterThanOrEqual(0)
          expect(goes.getTime() - now.getTime()).toBeLessThan(24 * 3_600_000)
          expect(afterQuietHours(goes, from, to)).toEqual(goes)
        },
      ),
    )
  })
})

describe('the pauses between attempts', () => {
  it('grow, differ by chance, and outlast a night', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, chance) => {
          expect(pauseAfter(n, chance)).toBeGreaterThanOrEqual(24_000)
          expect(pauseAfter(n, chance)).toBeLessThanOrEqual(1.2 * 6 * 3_600_000)
          expect(pauseAfter(n + 1, chance)).toBeGreaterThanOrEqual(pauseAfter(n, chance))
        },
      ),
    )
    expect(pauseAfter(1, 0)).toBeLessThan(pauseAfter(1, 0.9))
    const all = Array.from({ length: TRIES - 1 }, (_, i) => pauseAfter(i + 1, 0)).reduce((a, b) => a + b)
    expect(all / 3_600_000).toBeGreaterThan(10)
  })
})

it('P7: TD and its like ask for no more; anything else does not', () => {
  for (const text of ['TD', ' td ', '退订', 'T', '“TD”', 'TD。']) expect(asksToStop(text), text).toBe(true)
  for (const text of ['', '没有解决', 'TDB', '不退订', '2']) expect(asksToStop(text), text).toBe(false)
})
