import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WorkCalendar } from './calendar.ts'
import { DAY, DAYS, life, live, reference, ruleOf, YEARS } from './clocks.fixture.ts'
import {
  ALARM_MARKS,
  type Clock,
  fireAlarm,
  isWorkingTime,
  nextAlarm,
  pauseClock,
  recomputeClock,
  startClockUntil,
  stopClock,
} from './clocks.ts'

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
