import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeCalendar, shanghaiDate } from './calendar.ts'
import { correctClock } from './clock-correction.ts'
import { DAYS, type Life, life, live, reference, type World, YEARS } from './clocks.fixture.ts'
import { type Clock, pauseClock, recomputeClock, resumeClock } from './clocks.ts'

/** A change of the calendar while a clock runs: days of the notice, opening days of the hall, or years that are loaded. */
const change = fc.record({
  of: fc.constantFrom('notice', 'notice', 'hall', 'hall', 'load'),
  // Near the clock, so that most changes matter.
  near: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 }),
  open: fc.boolean(),
  weekday: fc.option(fc.integer({ min: 1, max: 7 })),
  running: fc.constantFrom<'prolong' | 'keep'>('prolong', 'prolong', 'keep'),
})
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never

/** The clock's deadline is that of a case, an order, a decision, or of the days a side of an appeal has to speak. */
const changedLife = fc.record({ life, changes: fc.array(change, { minLength: 1, maxLength: 6 }) })

/** The world after a change. */
function changed(world: World, begun: number, { of, near, open, weekday }: Change): World {
  const days = near.flatMap((n) => DAYS[begun + n] ?? [])
  const known = of === 'load' ? [...new Set([...world.known, ...days.map(({ year }) => year)])] : world.known
  const notice = new Map(world.notice)
  let { hallDays } = world
  if (of === 'notice')
    for (const { date, weekday: nth } of days)
      if (!notice.delete(date)) notice.set(date, nth > 5 ? 'workday' : 'holiday')
  if (of === 'hall') {
    const dates = new Set(days.map(({ date }) => date))
    hallDays = hallDays.filter((row) => !(row.date && dates.has(row.date)) && row.weekday !== weekday)
    const row = { hallCode: 'H', date: null, weekday: null, open, note: '' }
    hallDays = [...hallDays, ...[...dates].map((date) => ({ ...row, date }))]
    if (weekday) hallDays = [...hallDays, { ...row, weekday }]
  }
  const published = [...notice].flatMap(([date, kind]) =>
    known.includes(Number(date.slice(0, 4))) ? [{ date, kind }] : [],
  )
  return { ...world, known, notice, hallDays, calendar: makeCalendar(published, known, hallDays) }
}

/** What the keeper of the calendar makes of a clock after a change. */
function follow(clock: Clock, { of, running }: Change, { calendar }: World): Clock {
  if (of === 'load')
    return clock.missingYears.some((year) => calendar.years.has(year))
      ? recomputeClock(clock, calendar)
      : clock
  return running === 'prolong' ? correctClock(clock, calendar) : clock
}

const later = (a: string, b: string) => (a > b ? a : b)

describe('years, opening days and corrections over ten years, against ticking off days (Q61, Q100)', () => {
  it('every deadline is the later of what was told as certain and what the clerk says of the days it follows', () => {
    const seen = { later: 0, kept: 0, settled: 0, unmoved: 0 }
    fc.assert(
      fc.property(changedLife, ({ life, changes }) => {
        let clock = live({ ...life, steps: life.steps.slice(0, life.steps.length & ~1) })
        const begun = DAYS.findIndex((day) => day.end >= life.start.getTime())
        let { world } = life
        // What somebody was told as certain, whatever came after.
        let told = clock.provisional ? (clock.noEarlierThan ?? '') : clock.dueAt!
        for (const each of changes) {
          const before = clock
          world = changed(world, begun, each)
          clock = follow(before, each, world)
          const follows =
            each.of === 'load'
              ? before.missingYears.some((year) => world.known.includes(year))
              : each.running === 'prolong'
          const { due } = reference({ ...life, world } as Life, clock, world.known)
          expect(clock.dueAt).toBe(follows ? later(due!, told) : before.dueAt)
          if (!clock.provisional) {
            expect(clock.dueAt! >= told).toBe(true)
            told = clock.dueAt!
          }
          expect(clock.days.at(-1)!.date).toBe(shanghaiDate(new Date(clock.dueAt!)))
          expect(clock.days.filter((day) => day.counted)).toHaveLength(Math.max(1, clock.value))
          if (!follows) seen.unmoved++
          else if (before.provisional) seen.settled++
          else if (clock.dueAt! > before.dueAt!) seen.later++
          else if (due! < told) seen.kept++
        }
      }),
      { numRuns: 1500 },
    )
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(50)
  }, 60_000)

  it('no pause in between brings forward what was told, also where it was decided that nothing moves', () => {
    let earlier = 0
    fc.assert(
      fc.property(changedLife, fc.integer({ min: 0, max: 3 * 86_400_000 }), ({ life, changes }, after) => {
        const clock = live({ ...life, steps: [] })
        const begun = DAYS.findIndex((day) => day.end >= life.start.getTime())
        const world = changes.reduce((was, each) => changed(was, begun, each), life.world)
        const at = new Date(life.start.getTime() + after)
        const again = resumeClock(pauseClock(clock, at, '待评价人补充'), at, world.calendar)
        if (clock.provisional) return
        expect(again.dueAt! >= clock.dueAt!).toBe(true)
        if (recomputeClock({ ...again, noEarlierThan: '' }, world.calendar).dueAt! < clock.dueAt!) earlier++
      }),
      { numRuns: 1000 },
    )
    expect(earlier).toBeGreaterThan(20)
  }, 60_000)

  it('the world that all years are known in is reached whatever order they are loaded in', () => {
    fc.assert(
      fc.property(life, fc.shuffledSubarray(YEARS, { minLength: YEARS.length }), (life, order) => {
        let clock = live({ ...life, steps: [] })
        const known = new Set(life.world.known)
        for (const year of order) {
          known.add(year)
          const published = [...life.world.notice].flatMap(([date, kind]) =>
            known.has(Number(date.slice(0, 4))) ? [{ date, kind }] : [],
          )
          const calendar = makeCalendar(published, known, life.world.hallDays)
          if (clock.missingYears.includes(year)) clock = recomputeClock(clock, calendar)
        }
        expect(clock).toMatchObject({
          provisional: false,
          dueAt: reference(life, clock, YEARS).due,
        })
      }),
      { numRuns: 300 },
    )
  }, 60_000)
})
