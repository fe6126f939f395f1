import { describe, expect, it } from 'vitest'
import { dayChanges, missingYears, nobody } from './calendar.years.ts'

const at = (day: string) => new Date(`${day}T10:00:00+08:00`)
const known = new Set([2025, 2026])
const waiting = (count: number) => new Map([[2027, { ...nobody, cases: count, orders: 1 }]])

describe('a year of the calendar is missing (Q61)', () => {
  it('when a running deadline reaches into it', () => {
    expect(missingYears(at('2026-11-24'), known, waiting(3))).toEqual([
      { year: 2027, why: 'running', ...nobody, cases: 3, orders: 1 },
    ])
  })
  it('when it is the next and December has come, not a day before', () => {
    expect(missingYears(at('2026-11-30'), known, new Map())).toEqual([])
    expect(missingYears(at('2026-12-01'), known, new Map())).toEqual([{ year: 2027, why: 'next', ...nobody }])
  })
  it('when it is this one', () => {
    expect(missingYears(at('2027-01-01'), known, waiting(9))).toEqual([
      { year: 2027, why: 'current', ...nobody, cases: 9, orders: 1 },
    ])
  })
  it('and no longer once it is loaded', () => {
    expect(missingYears(at('2026-12-31'), new Set([2026, 2027]), waiting(9))).toEqual([])
  })
})

it('a notice is told by the days it changes', () => {
  const day = (of: string, kind: string, name: string) => ({ day: of, kind, name })
  expect(
    dayChanges(
      [day('2027-01-01', 'holiday', '元旦'), day('2027-01-02', 'holiday', '元旦')],
      [day('2027-01-01', 'holiday', '元旦'), day('2027-01-03', 'workday', '')],
    ),
  ).toEqual([
    { day: '2027-01-02', from: { kind: 'holiday', name: '元旦' }, to: null },
    { day: '2027-01-03', from: null, to: { kind: 'workday', name: '' } },
  ])
})
