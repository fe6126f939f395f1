import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addCalendarDays,
  addWorkingDays,
  type CalendarDay,
  dayKind,
  endOfShanghaiDay,
  forHall,
  isWorkday,
  makeCalendar,
  plusDays,
  remainingWorkingDays,
  shanghaiDate,
  startOfShanghaiDay,
} from './calendar.ts'

const linesOf = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../data/national', name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
const ROWS = linesOf('calendar.csv').map(
  ([date, kind, name]): CalendarDay => ({ date: date!, kind: kind as CalendarDay['kind'], name: name! }),
)
const YEARS = linesOf('calendar-years.csv').map(([year]) => Number(year))
const CALENDAR = makeCalendar(ROWS, YEARS)
const at = (text: string) => new Date(`${text}:00+08:00`)

/** Every day of the loaded years with whether it is worked: slow and obvious, from the rows and the weekday alone. */
const SLOW: { date: string; worked: boolean }[] = []
for (let time = Date.UTC(2024, 0, 1); time < Date.UTC(2027, 0, 1); time += 86_400_000) {
  const date = new Date(time).toISOString().slice(0, 10)
  const row = ROWS.find((r) => r.date === date)
  const weekend = ['Sat', 'Sun'].includes(new Date(time).toUTCString().slice(0, 3))
  SLOW.push({ date, worked: row ? row.kind === 'workday' : !weekend })
}
const slowDue = (from: string, n: number) => SLOW.filter((d) => d.date > from && d.worked)[n - 1]?.date

describe('the calendar of 2024 to 2026', () => {
  it('holds the years that the notices of the State Council are known for', () => {
    expect(YEARS).toEqual([2024, 2025, 2026])
    for (const { date } of ROWS) expect(YEARS).toContain(Number(date.slice(0, 4)))
    expect(new Set(ROWS.map((r) => r.date)).size).toBe(ROWS.length)
    for (const { date, kind } of ROWS)
      if (kind === 'workday') expect([0, 6]).toContain(new Date(`${date}T00:00:00Z`).getUTCDay())
  })

  it('says for each day what the slow reference says', () => {
    for (const { date, worked } of SLOW) expect(isWorkday(CALENDAR, date), date).toBe(worked)
  })

  it('has the holidays of 2026', () => {
    const spans = [
      ['2026-01-01', 3],
      ['2026-02-15', 9],
      ['2026-04-04', 3],
      ['2026-05-01', 5],
      ['2026-06-19', 3],
      ['2026-09-25', 3],
      ['2026-10-01', 7],
    ] as const
    const off = spans.flatMap(([first, n]) => Array.from({ length: n }, (_, i) => plusDays(first, i)))
    expect(ROWS.filter((r) => r.kind === 'holiday' && r.date.startsWith('2026')).map((r) => r.date)).toEqual(
      off,
    )
  })

  it('has the working weekends of 2026', () => {
    const worked = ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']
    expect(ROWS.filter((r) => r.kind === 'workday' && r.date.startsWith('2026')).map((r) => r.date)).toEqual(
      worked,
    )
    for (const date of worked)
      expect(dayKind(CALENDAR, date)).toMatchObject({ working: true, known: true, reason: /^调休上班/ })
  })
})

describe('a deadline in working days', () => {
  const start = fc
    .tuple(fc.nat(SLOW.length - 1), fc.nat(86_399))
    .map(([i, s]) => new Date(startOfShanghaiDay(SLOW[i]!.date).getTime() + s * 1000))

  it('is the end of the n-th worked day after the day it starts on, at whatever hour', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 40 }), (from, n) => {
        const due = slowDue(shanghaiDate(from), n)
        fc.pre(due !== undefined)
        const deadline = addWorkingDays(CALENDAR, from, n)
        expect(deadline.due).toEqual(endOfShanghaiDay(due!))
        expect(deadline).toMatchObject({ provisional: false, missingYears: [] })
      }),
      { numRuns: 500 },
    )
  })

  it('shows every day it went through, with a reason, and counts n of them', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 20 }), (from, n) => {
        const { days, due } = addWorkingDays(CALENDAR, from, n)
        expect(days.filter((d) => d.counted).length).toBe(n)
        expect(days[0]?.date).toBe(plusDays(shanghaiDate(from), 1))
        expect(days.at(-1)).toMatchObject({ date: shanghaiDate(due), counted: true })
        for (const [i, day] of days.entries()) {
          if (i > 0) expect(day.date).toBe(plusDays(days[i - 1]!.date, 1))
          expect(day.reason).toMatch(/[\u4e00-\u9fff]/)
        }
      }),
    )
  })

  it('of 0 days is the end of the same day, or of the next that is worked', () => {
    expect(addWorkingDays(CALENDAR, at('2026-11-24T10:00'), 0).due).toEqual(endOfShanghaiDay('2026-11-24'))
    expect(addWorkingDays(CALENDAR, at('2026-10-01T00:00'), 0).due).toEqual(endOfShanghaiDay('2026-10-08'))
  })

  it.each([
    ['over 国庆', '2026-09-30T10:00', 1, '2026-10-08'],
    ['over 春节, with a worked Saturday before and after it', '2026-02-13T17:00', 3, '2026-02-25'],
    ['over a plain weekend', '2026-11-27T23:59', 1, '2026-11-30'],
    ['from a Saturday that is worked', '2026-10-10T09:00', 1, '2026-10-12'],
    ['over new year', '2025-12-31T09:00', 1, '2026-01-04'],
  ])('%s', (_what, from, n, due) => {
    expect(addWorkingDays(CALENDAR, at(from), n).due).toEqual(endOfShanghaiDay(due))
  })

  it('goes by the day in Shanghai, not in Greenwich', () => {
    expect(shanghaiDate(new Date('2026-11-23T16:00:00Z'))).toBe('2026-11-24')
    expect(shanghaiDate(new Date('2026-11-23T15:59:59.999Z'))).toBe('2026-11-23')
    expect(endOfShanghaiDay('2026-11-24').toISOString()).toBe('2026-11-24T15:59:59.999Z')
  })

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2001])('of %d days is refused', (n) => {
    expect(() => addWorkingDays(CALENDAR, at('2026-11-24T10:00'), n)).toThrow(RangeError)
  })

  it('in calendar days is the end of that day, whatever day it is', () => {
    const deadline = addCalendarDays(at('2026-09-28T10:00'), 7)
    expect(deadline.due).toEqual(endOfShanghaiDay('2026-10-05'))
    expect(deadline).toMatchObject({ provisional: false, missingYears: [] })
    expect(deadline.days.length).toBe(7)
  })
})

describe('a year without official data', () => {
  const from = at('2026-12-21T10:00')
  // What a notice for 2027 might say; the real one is not out.
  const later = makeCalendar(
    [...ROWS, { date: '2027-01-01', kind: 'holiday', name: '元旦' }, { date: '2027-01-02', kind: 'workday' }],
    [...YEARS, 2027],
  )

  it('makes a deadline that crosses into it provisional, and says which year is missing', () => {
    const deadline = addWorkingDays(CALENDAR, from, 15)
    expect(deadline).toMatchObject({ provisional: true, missingYears: [2027] })
    expect(deadline.due).toEqual(endOfShanghaiDay('2027-01-11'))
    expect(deadline.days.find((d) => d.date === '2027-01-01')).toMatchObject({
      counted: true,
      reason: expect.stringContaining('未公布'),
    })
  })

  it('leaves a deadline alone that ends before it', () => {
    expect(addWorkingDays(CALENDAR, from, 8)).toMatchObject({ provisional: false, missingYears: [] })
  })

  it('once loaded gives the true deadline from the same start', () => {
    const before = addWorkingDays(CALENDAR, from, 9)
    const after = addWorkingDays(later, from, 9)
    expect(before.due).toEqual(endOfShanghaiDay('2027-01-01'))
    expect(after).toMatchObject({ provisional: false, missingYears: [] })
    expect(after.due).toEqual(endOfShanghaiDay('2027-01-02'))
  })

  it('names every missing year of a long way, in order', () => {
    expect(addWorkingDays(makeCalendar([], []), from, 300).missingYears).toEqual([2026, 2027, 2028])
  })
})

describe('a hall that is open on no day of the week', () => {
  const shut = (weekdays: number[], more: number[] = []) =>
    makeCalendar(ROWS, YEARS, [
      ...weekdays.map((weekday) => ({ hallCode: 'H', date: null, weekday, open: false, note: '' })),
      ...more.map((weekday) => ({ hallCode: 'H', date: null, weekday, open: true, note: '' })),
    ])
  const from = new Date('2026-11-24T10:00:00+08:00')
  const due = (calendar: ReturnType<typeof makeCalendar>) =>
    addWorkingDays(forHall(calendar, 'H'), from, 1).due

  it('goes by the common calendar: a deadline that never comes is none', () => {
    expect(due(shut([1, 2, 3, 4, 5]))).toEqual(due(CALENDAR))
    expect(due(shut([1, 2, 3, 4, 5, 6, 7]))).toEqual(due(CALENDAR))
  })

  it('is another than one that opens once a week', () => {
    expect(due(shut([1, 2, 3, 4, 5], [7]))).toEqual(new Date('2026-11-29T23:59:59.999+08:00'))
  })
})

describe('working days left', () => {
  const moment = fc.nat(SLOW.length - 1).map((i) => at(`${SLOW[i]!.date}T15:30`))

  it('are the worked days after today up to the last; past it they are negative and never 0', () => {
    fc.assert(
      fc.property(moment, moment, (now, end) => {
        const due = endOfShanghaiDay(shanghaiDate(end))
        const [today, last] = [shanghaiDate(now), shanghaiDate(due)]
        const between = (a: string, b: string) => SLOW.filter((d) => d.date > a && d.date <= b && d.worked)
        const expected =
          today <= last ? between(today, last).length : -Math.max(1, between(last, today).length)
        expect(remainingWorkingDays(CALENDAR, now, due)).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('are n on the day a deadline of n is set, when that is a day like any other', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 15 }), (now, n) => {
        fc.pre(slowDue(shanghaiDate(now), n) !== undefined)
        expect(remainingWorkingDays(CALENDAR, now, addWorkingDays(CALENDAR, now, n).due)).toBe(n)
      }),
    )
  })

  it('are 0 to the last second of the day, and -1 in the second after', () => {
    const due = endOfShanghaiDay('2026-11-27')
    expect(remainingWorkingDays(CALENDAR, due, due)).toBe(0)
    expect(remainingWorkingDays(CALENDAR, new Date(due.getTime() + 1), due)).toBe(-1)
  })
})
