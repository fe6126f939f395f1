import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CalendarDay, endOfShanghaiDay, forHall, isWorkday, makeCalendar } from './calendar.ts'
import {
  ALARM_MARKS,
  type Clock,
  type ClockRule,
  fireAlarm,
  isInTime,
  isPaused,
  isWorkingTime,
  nextAlarm,
  pauseClock,
  recomputeClock,
  resumeClock,
  startClock,
  startClockUntil,
  stopClock,
} from './clocks.ts'

const linesOf = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../data/national', name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
const DAYS = linesOf('calendar.csv').map(
  ([date, kind, name]): CalendarDay => ({ date: date!, kind: kind as CalendarDay['kind'], name: name! }),
)
const CALENDAR = makeCalendar(
  DAYS,
  [2024, 2025, 2026],
  [
    { hallCode: 'sat', date: null, weekday: 6, open: true, note: '周六延时服务' },
    { hallCode: 'sat', date: '2026-10-03', weekday: null, open: true, note: '国庆值守' },
    { hallCode: 'sat', date: '2026-11-26', weekday: null, open: false, note: '搬迁' },
  ],
)
const rule = (value: number, unit: ClockRule['unit'] = 'working_day', key = 'fix'): ClockRule => ({
  ...{ key, label: '核实与立行立改时限', value, unit, version: 2, regionCode: '220100000000' },
  source: '参照上海“1、5、15”时限',
})
const at = (text: string) => new Date(`${text}:00+08:00`)
const iso = (text: string) => at(text).toISOString()
const due = (date: string) => endOfShanghaiDay(date).toISOString()

describe('a clock of working days (R15, Q61)', () => {
  it('keeps the rule it began with, and shows its days', () => {
    const clock = startClock(rule(5), at('2026-09-28T10:00'), CALENDAR)
    expect(clock).toMatchObject({ ...rule(5), dueAt: due('2026-10-10'), provisional: false, fired: [] })
    expect(clock.days.filter((day) => day.counted).map((day) => day.date)).toEqual([
      '2026-09-29',
      '2026-09-30',
      '2026-10-08',
      '2026-10-09',
      '2026-10-10',
    ])
    expect(JSON.parse(JSON.stringify(clock))).toEqual(clock)
  })

  it('does not count a day at whose end it stood still, and says why', () => {
    const begun = startClock(rule(5), at('2026-11-23T10:00'), CALENDAR)
    const paused = pauseClock(begun, at('2026-11-25T11:00'), '待评价人补充')
    expect(paused).toMatchObject({ dueAt: null, days: [{ date: '2026-11-24', counted: true }, {}] })
    expect(paused.days[1]).toEqual({ date: '2026-11-25', counted: false, reason: '暂停：待评价人补充' })
    expect(recomputeClock(paused, CALENDAR)).toEqual(paused)
    const running = resumeClock(paused, at('2026-11-27T09:00'), CALENDAR)
    expect(begun.dueAt).toBe(due('2026-11-30'))
    expect(running.dueAt).toBe(due('2026-12-02'))
    expect(running.days.filter((day) => day.reason.startsWith('暂停')).map((day) => day.date)).toEqual([
      '2026-11-25',
      '2026-11-26',
    ])
  })

  it('loses nothing by a pause within one day', () => {
    const begun = startClock(rule(5), at('2026-11-23T10:00'), CALENDAR)
    const paused = pauseClock(begun, at('2026-11-25T11:00'), '待评价人补充')
    expect(resumeClock(paused, at('2026-11-25T16:00'), CALENDAR)).toMatchObject({
      dueAt: begun.dueAt,
      days: begun.days,
    })
  })

  it('that has run out stays run out, whatever pauses come after', () => {
    const begun = startClock(rule(1), at('2026-11-23T10:00'), CALENDAR)
    const paused = pauseClock(begun, at('2026-11-25T00:00'), '待评价人补充')
    expect(isPaused(paused)).toBe(true)
    expect(paused.dueAt).toBe(due('2026-11-24'))
    expect(resumeClock(paused, at('2026-11-27T00:00'), CALENDAR).dueAt).toBe(due('2026-11-24'))
  })

  it('counts the days its hall is open, the named date before the notice, the notice before the week', () => {
    const hall = forHall(CALENDAR, 'sat')
    expect(isWorkday(hall, '2026-11-28')).toBe(true)
    expect(isWorkday(hall, '2026-11-26')).toBe(false)
    expect(isWorkday(hall, '2026-10-03')).toBe(true)
    expect(isWorkday(hall, '2026-05-02')).toBe(false)
    expect(isWorkday(forHall(hall, null), '2026-11-28')).toBe(false)
    expect(isWorkday(forHall(CALENDAR, 'other'), '2026-11-28')).toBe(false)
    const clock = startClock(rule(5), at('2026-11-23T10:00'), CALENDAR, 'sat')
    expect(clock.dueAt).toBe(due('2026-11-30'))
    expect(clock.days.find((day) => day.date === '2026-11-26')?.reason).toBe('周四大厅不开放（搬迁）')
  })

  it('is provisional over a year without data, and moves by the calendar alone once it is known', () => {
    const clock = startClock(rule(9), at('2026-12-21T10:00'), CALENDAR)
    expect(clock).toMatchObject({ provisional: true, missingYears: [2027], dueAt: due('2027-01-01') })
    const later = makeCalendar([...DAYS, { date: '2027-01-01', kind: 'holiday' }], [2024, 2025, 2026, 2027])
    const moved = recomputeClock(clock, later)
    expect(moved).toMatchObject({
      ...rule(9),
      provisional: false,
      missingYears: [],
      dueAt: due('2027-01-04'),
    })
  })

  it('is stopped once, in time or late, and no calendar moves it any more', () => {
    const begun = startClock(rule(1), at('2026-11-23T10:00'), CALENDAR)
    const stopped = stopClock(begun, at('2026-11-24T23:59'))
    expect(isInTime(stopped, at('2027-01-01T00:00'))).toBe(true)
    expect(isInTime(stopClock(begun, at('2026-11-25T00:00')), at('2026-11-25T00:00'))).toBe(false)
    expect(stopClock(stopped, at('2026-11-30T00:00'))).toBe(stopped)
    expect(recomputeClock(stopped, makeCalendar([], []))).toBe(stopped)
    expect(nextAlarm(stopped, CALENDAR)).toBeNull()
  })

  it('of no or too many days is refused', () => {
    for (const value of [-1, 0.5, 2001, Number.NaN])
      expect(() => startClock(rule(value), at('2026-11-23T10:00'), CALENDAR)).toThrow(RangeError)
  })
})

describe('a clock to a promised day (R15)', () => {
  it('ends with that day, whatever is paused or not known', () => {
    const clock = startClockUntil(rule(15), at('2026-12-28T10:00'), '2027-01-05', CALENDAR)
    expect(clock).toMatchObject({ dueAt: due('2027-01-05'), provisional: false, until: '2027-01-05' })
    const paused = pauseClock(clock, at('2026-12-29T10:00'), '待评价人补充')
    expect(paused.dueAt).toBe(clock.dueAt)
    expect(resumeClock(paused, at('2026-12-31T10:00'), CALENDAR)).toMatchObject({ dueAt: clock.dueAt })
  })
})

describe('the alarms of a clock (R15, Q61)', () => {
  const alarms = (clock: Clock) => {
    const given: string[] = []
    let running = clock
    for (let next = nextAlarm(running, CALENDAR); next; next = nextAlarm(running, CALENDAR)) {
      given.push(`${next.mark} ${next.at.toISOString()}`)
      running = fireAlarm(running, next.mark, next.at)
    }
    return given
  }

  it('of one day come at half and four fifths of its hours, then as the next days begin', () => {
    expect(alarms(startClock(rule(1), at('2026-11-23T10:00'), CALENDAR))).toEqual([
      `50 ${iso('2026-11-24T13:00')}`,
      `80 ${iso('2026-11-24T15:24')}`,
      `100 ${iso('2026-11-25T09:00')}`,
      `district ${iso('2026-11-26T09:00')}`,
      `city ${iso('2026-11-27T09:00')}`,
    ])
  })

  it('of five days over a weekend leave the weekend alone', () => {
    expect(alarms(startClock(rule(5), at('2026-11-20T10:00'), CALENDAR))).toEqual([
      `50 ${iso('2026-11-25T13:00')}`,
      `80 ${iso('2026-11-27T09:00')}`,
      `100 ${iso('2026-11-30T09:00')}`,
      `district ${iso('2026-12-01T09:00')}`,
      `city ${iso('2026-12-02T09:00')}`,
    ])
  })

  it('of calendar days wait for the next working morning', () => {
    const clock = startClock(rule(7, 'calendar_day'), at('2026-09-30T10:00'), CALENDAR)
    expect(alarms(clock).slice(0, 3)).toEqual([
      `50 ${iso('2026-10-08T09:00')}`,
      `80 ${iso('2026-10-08T09:00')}`,
      `100 ${iso('2026-10-08T09:00')}`,
    ])
  })

  it('are each given once, and none while the clock stands still', () => {
    const begun = startClock(rule(5), at('2026-11-23T10:00'), CALENDAR)
    const fired = fireAlarm(begun, 50, at('2026-11-26T13:00'))
    expect(fireAlarm(fired, 50, at('2026-11-27T13:00'))).toBe(fired)
    expect(nextAlarm(fired, CALENDAR)?.mark).toBe(80)
    expect(nextAlarm(pauseClock(fired, at('2026-11-26T14:00'), '待评价人补充'), CALENDAR)).toBeNull()
    const all = ALARM_MARKS.reduce((clock, mark) => fireAlarm(clock, mark, at('2026-12-09T09:00')), begun)
    expect(nextAlarm(all, CALENDAR)).toBeNull()
  })
})

it('working time is 09:00 to before 17:00 of a day that is worked', () => {
  expect(isWorkingTime(CALENDAR, at('2026-11-24T09:00'))).toBe(true)
  expect(isWorkingTime(CALENDAR, at('2026-11-24T16:59'))).toBe(true)
  expect(isWorkingTime(CALENDAR, at('2026-11-24T17:00'))).toBe(false)
  expect(isWorkingTime(CALENDAR, at('2026-11-24T08:59'))).toBe(false)
  expect(isWorkingTime(CALENDAR, at('2026-10-01T10:00'))).toBe(false)
  expect(isWorkingTime(CALENDAR, at('2026-10-10T10:00'))).toBe(true)
})
