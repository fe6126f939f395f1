import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CalendarDay, type HallDay, makeCalendar, type WorkCalendar } from './calendar.ts'
import {
  ALARM_MARKS,
  type Clock,
  type ClockRule,
  fireAlarm,
  isWorkingTime,
  nextAlarm,
  pauseClock,
  recomputeClock,
  resumeClock,
  startClock,
  startClockUntil,
  stopClock,
} from './clocks.ts'
import { type PolicyRow, pickPolicy } from './policy.ts'

// Ten years of days, and for each the Shanghai time zone's last moment, written out one by one.
const YEARS = [2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036]
interface Day {
  date: string
  year: number
  weekday: number
  end: number
}
const DAYS: Day[] = []
for (let time = Date.UTC(2027, 0, 1); time < Date.UTC(2037, 0, 1); time += 86_400_000) {
  const day = new Date(time)
  const end = Date.parse(`${day.toISOString().slice(0, 10)}T23:59:59.999+08:00`)
  const [date, weekday] = [day.toISOString().slice(0, 10), day.getUTCDay() || 7]
  DAYS.push({ date, year: day.getUTCFullYear(), weekday, end })
}
const WEEKENDS = DAYS.filter((day) => day.weekday > 5)

/** A world: notices of the State Council for some of the years, a hall's opening days, and a later world that knows more. */
const world = fc
  .record({
    known: fc.subarray(YEARS, { minLength: 5 }),
    // about five spans of holidays a year, some of them over a weekend, and about six weekends worked
    holidays: fc.array(fc.tuple(fc.nat(DAYS.length - 1), fc.integer({ min: 1, max: 8 })), { maxLength: 60 }),
    worked: fc.array(fc.nat(WEEKENDS.length - 1), { maxLength: 60 }),
    weekly: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.boolean()), {
      selector: ([weekday]) => weekday,
      maxLength: 2,
    }),
    named: fc.uniqueArray(fc.tuple(fc.nat(DAYS.length - 1), fc.boolean()), {
      selector: ([day]) => day,
      maxLength: 200,
    }),
  })
  .map(({ known, holidays, worked, weekly, named }) => {
    const notice = new Map<string, CalendarDay['kind']>()
    for (const index of worked) notice.set(WEEKENDS[index]!.date, 'workday')
    for (const [first, length] of holidays)
      for (const day of DAYS.slice(first, first + length)) notice.set(day.date, 'holiday')
    const row = { hallCode: 'H', date: null, weekday: null, note: '' }
    const hallDays: HallDay[] = [
      ...weekly.map(([weekday, open]) => ({ ...row, weekday, open })),
      ...named.map(([index, open]) => ({ ...row, date: DAYS[index]!.date, open })),
    ]
    const calendarOf = (years: readonly number[]) =>
      makeCalendar(
        [...notice].flatMap(([date, kind]) =>
          years.includes(Number(date.slice(0, 4))) ? [{ date, kind }] : [],
        ),
        years,
        hallDays,
      )
    return { known, notice, hallDays, calendar: calendarOf(known), later: calendarOf(YEARS) }
  })
type World = typeof world extends fc.Arbitrary<infer W> ? W : never

/** Whether a day is worked, by reading the rows from the strongest to the weakest. */
function worked({ notice, hallDays }: World, known: readonly number[], hall: string | null, day: Day) {
  const named = hall && hallDays.find((row) => row.date === day.date)
  if (named) return named.open
  const special = known.includes(day.year) ? notice.get(day.date) : undefined
  if (special) return special === 'workday'
  const weekly = hall && hallDays.find((row) => row.weekday === day.weekday)
  return weekly ? weekly.open : day.weekday <= 5
}

const moment = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((n) => new Date(DAYS[0]!.end + 1 + n * 1000))
const DAY = 86_400
// The way ends well before the tenth year does.
const start = moment(0, 9 * 365 * DAY)
const steps = fc.array(fc.integer({ min: 0, max: 6 * DAY }), { maxLength: 8 })
const policies = fc.array(
  fc.record({
    key: fc.constant('fix'),
    regionCode: fc.constantFrom('220102000000', '220100000000'),
    version: fc.integer({ min: 1, max: 5 }),
    value: fc.integer({ min: 0, max: 20 }),
    validFrom: moment(0, 10 * 365 * DAY),
  }),
  { minLength: 1, maxLength: 6 },
)
const unit = fc.constantFrom<ClockRule['unit']>('working_day', 'working_day', 'calendar_day')
const hallCode = fc.constantFrom(null, 'H')
const ruleOf = (row: PolicyRow | null, u: ClockRule['unit']): ClockRule => ({
  ...{ key: 'fix', label: '核实', value: row?.value ?? 5, unit: u, version: row?.version ?? 0 },
  ...{ regionCode: row?.regionCode ?? '220100000000', source: '' },
})
const life = fc.record({ world, start, steps, policies, unit, hallCode })
interface Life {
  world: World
  start: Date
  steps: number[]
  policies: PolicyRow[]
  unit: ClockRule['unit']
  hallCode: string | null
}

/** Begins a clock and pauses and resumes it in turn at the steps; policies that begin meanwhile are not asked. */
function live(life: Life, seen: (clock: Clock, before: Clock) => void = () => {}): Clock {
  const { calendar } = life.world
  const row = pickPolicy(life.policies, 'fix', ['220102000000', '220100000000'], life.start)
  let clock = startClock(ruleOf(row, life.unit), life.start, calendar, life.hallCode)
  let now = life.start.getTime()
  for (const [i, step] of life.steps.entries()) {
    now += step * 1000
    const before = clock
    const at = new Date(now)
    clock = i % 2 === 0 ? pauseClock(clock, at, '待评价人补充') : resumeClock(clock, at, calendar)
    seen(clock, before)
  }
  return clock
}

/** What a clerk with a paper calendar would say: tick off one day after the other. */
function reference(life: Life, clock: Clock, known: readonly number[]) {
  const row = pickPolicy(life.policies, 'fix', ['220102000000', '220100000000'], life.start)
  const value = row?.value ?? 5
  const stood = (day: Day) =>
    clock.pauses.some((p) => Date.parse(p.from) <= day.end && (!p.to || Date.parse(p.to) > day.end))
  const first = DAYS.findIndex((day) => day.end >= life.start.getTime())
  const missing = new Set<number>()
  let ticks = 0
  for (const day of DAYS.slice(value === 0 ? first : first + 1)) {
    if (stood(day)) continue
    if (life.unit === 'working_day' && !known.includes(day.year)) missing.add(day.year)
    if (life.unit === 'calendar_day' || worked(life.world, known, life.hallCode, day)) ticks++
    if (ticks === Math.max(1, value)) return { due: new Date(day.end).toISOString(), missing: [...missing] }
  }
  return { due: null, missing: null }
}

describe('working time over ten years (Q61), against ticking off days', () => {
  it('ends on the day the clerk says: 调休, hall days, pauses, missing years, policies changed meanwhile', () => {
    fc.assert(
      fc.property(life, (life) => {
        const clock = live(life)
        const { due, missing } = reference(life, clock, life.world.known)
        expect(clock.dueAt).toBe(due)
        if (missing) expect(clock.missingYears).toEqual(missing)
        expect(clock.provisional).toBe(clock.missingYears.length > 0)
      }),
      { numRuns: 1500 },
    )
  }, 60_000)

  it('moves to the day the clerk says once every year is known, and only the calendar moves it', () => {
    fc.assert(
      fc.property(life, (life) => {
        const clock = live(life)
        const moved = recomputeClock(clock, life.world.later)
        expect(moved.dueAt).toBe(reference(life, clock, YEARS).due)
        expect(moved).toMatchObject({ value: clock.value, version: clock.version, missingYears: [] })
        expect(moved.pauses).toEqual(clock.pauses)
      }),
      { numRuns: 500 },
    )
  }, 60_000)

  it('shows as many counted days as the rule has, each day once, in order and with its reason', () => {
    fc.assert(
      fc.property(life, (life) => {
        const { days, dueAt, value } = live(life)
        if (dueAt !== null) expect(days.filter((day) => day.counted).length).toBe(Math.max(1, value))
        const index = (date: string) => DAYS.findIndex((day) => day.date === date)
        for (const [i, day] of days.entries()) {
          if (i > 0) expect(index(day.date)).toBe(index(days[i - 1]!.date) + 1)
          expect(day.reason).toMatch(/[\u4e00-\u9fff]/)
        }
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  it('is recomputed to what it is already, also while it stands still', () => {
    fc.assert(
      fc.property(life, (life) => {
        live(life, (clock) => expect(recomputeClock(clock, life.world.calendar)).toEqual(clock))
        const moved = recomputeClock(live(life), life.world.later)
        expect(recomputeClock(moved, life.world.later)).toEqual(moved)
      }),
      { numRuns: 500 },
    )
  }, 60_000)

  it('never runs backwards: no pause and no server time brings a deadline or a beginning forward', () => {
    fc.assert(
      fc.property(life, fc.integer({ min: -5 * DAY, max: 0 }), (life, back) => {
        const begun = live({ ...life, steps: [] })
        let latest = begun.dueAt!
        const clock = live(life, (now, before) => {
          expect(now.startedAt).toBe(begun.startedAt)
          expect(now.pauses.length).toBeGreaterThanOrEqual(before.pauses.length)
          if (now.dueAt === null) return
          expect(now.dueAt >= latest).toBe(true)
          latest = now.dueAt
        })
        const early = new Date(life.start.getTime() + back * 1000)
        for (const after of [pauseClock(clock, early, 'x'), stopClock(clock, early)])
          for (const { from, to } of after.pauses)
            expect(from >= begun.startedAt && (!to || to >= from)).toBe(true)
        expect(stopClock(clock, early).stoppedAt! >= begun.startedAt).toBe(true)
      }),
      { numRuns: 500 },
    )
  }, 60_000)

  it('to a promised day ends with that day in every world', () => {
    fc.assert(
      fc.property(life, fc.integer({ min: 0, max: 60 }), (life, ahead) => {
        const first = DAYS.findIndex((day) => day.end >= life.start.getTime())
        const promised = DAYS[first + ahead]!
        const due = new Date(promised.end).toISOString()
        const clock = startClockUntil(
          ruleOf(null, 'working_day'),
          life.start,
          promised.date,
          life.world.calendar,
        )
        expect(clock).toMatchObject({ dueAt: due, provisional: false })
        const paused = pauseClock(clock, life.start, '待评价人补充')
        expect(recomputeClock(paused, life.world.later).dueAt).toBe(due)
      }),
      { numRuns: 100 },
    )
  })
})

/** When so many minutes of 09:00 to 17:00 on the counted days are gone, by looking at one minute after the other. */
function whenGone(clock: Clock, minutes: number): number {
  let gone = 0
  for (const { date, counted } of clock.days) {
    if (!counted) continue
    for (let minute = 9 * 60; minute < 17 * 60; minute++) {
      if (gone === minutes) return Date.parse(`${date}T00:00:00+08:00`) + minute * 60_000
      gone++
    }
  }
  throw new Error('no such minute')
}

describe('alarms (R15, Q61)', () => {
  /** Looks every so many minutes whether an alarm is to be given, as the keeper of the clocks does. */
  function keep(clock: Clock, calendar: WorkCalendar, every: number, until: number) {
    const fired: { mark: (typeof ALARM_MARKS)[number]; at: number; planned: number }[] = []
    let now = Date.parse(clock.startedAt)
    let running = clock
    while (now < until) {
      now += every * 60_000
      for (let next = nextAlarm(running, calendar); next && next.at.getTime() <= now; ) {
        fired.push({ mark: next.mark, at: now, planned: next.at.getTime() })
        running = fireAlarm(running, next.mark, new Date(now))
        next = nextAlarm(running, calendar)
      }
    }
    return { fired, running }
  }

  it('are given once each and in their order, in working time, and the overdue one never before it is due', () => {
    fc.assert(
      fc.property(life, fc.integer({ min: 5, max: 2000 }), (life, every) => {
        const clock = live({ ...life, steps: life.steps.slice(0, life.steps.length & ~1) })
        if (clock.dueAt === null) return
        const { calendar } = life.world
        const { fired, running } = keep(clock, calendar, every, Date.parse(clock.dueAt) + 120 * DAY * 1000)
        expect(fired.map(({ mark }) => mark)).toEqual(ALARM_MARKS)
        expect(running.fired.length).toBe(ALARM_MARKS.length)
        const own = {
          ...calendar,
          ...(life.hallCode && { hall: calendar.halls?.get(life.hallCode) }),
        } as WorkCalendar
        for (const [i, { mark, planned, at }] of fired.entries()) {
          expect(isWorkingTime(own, new Date(planned)), String(mark)).toBe(true)
          if (i > 0) expect(at).toBeGreaterThanOrEqual(fired[i - 1]!.at)
          if (i > 0) expect(planned).toBeGreaterThanOrEqual(fired[i - 1]!.planned)
          if (i >= 2) expect(planned).toBeGreaterThan(Date.parse(clock.dueAt))
        }
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  it('of 50 and 80 % come at the very minute at which that part of the working hours is gone', () => {
    fc.assert(
      fc.property(life, (life) => {
        const clock = live({ ...life, steps: [], unit: 'working_day' })
        const total = Math.max(1, clock.value) * 480
        const begun = life.start.getTime()
        for (const [mark, part] of [
          [50, total / 2],
          [80, (total * 4) / 5],
        ] as const) {
          const before = mark === 80 ? fireAlarm(clock, 50, life.start) : clock
          const next = nextAlarm(before, life.world.calendar)
          // A day of which it is begun late is half gone by then (a rule of 0 days only).
          if (whenGone(clock, part) >= begun)
            expect(next).toEqual({ mark, at: new Date(whenGone(clock, part)) })
        }
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})
