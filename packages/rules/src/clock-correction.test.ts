import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CalendarDay, makeCalendar, shanghaiDate } from './calendar.ts'
import { correctClock } from './clock-correction.ts'
import { DAYS, type Life, life, live, reference } from './clocks.fixture.ts'
import { pauseClock, recomputeClock, resumeClock, startClock, startClockUntil, stopClock } from './clocks.ts'

const at = (text: string) => new Date(`${text}+08:00`)
const end = (day: string) => at(`${day}T23:59:59.999`).toISOString()
const rule = (value: number) => ({
  ...{ key: 'fix', label: '核实', value, unit: 'working_day' as const, version: 1 },
  ...{ regionCode: '220100000000', source: '' },
})
const span = (from: number, to: number): CalendarDay[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    date: `2020-01-${from + i}`,
    kind: 'holiday',
    name: '春节',
  }))
const SUNDAY_WORKED: CalendarDay = { date: '2020-01-19', kind: 'workday' }
// 国办发明电〔2020〕1号: the Spring Festival of 2020, published as 24 to 30 January, was prolonged to 2 February.
const PUBLISHED = makeCalendar([...span(24, 30), SUNDAY_WORKED], [2020])
const PROLONGED = makeCalendar([...span(24, 31), SUNDAY_WORKED], [2020])

describe('a year that was known is corrected (Q61)', () => {
  const clock = startClock(rule(3), at('2020-01-21T10:00'), PUBLISHED)

  it('a holiday announced later makes a running deadline later', () => {
    expect(clock.dueAt).toBe(end('2020-01-31'))
    const moved = correctClock(clock, PROLONGED)
    expect(moved).toMatchObject({ dueAt: end('2020-02-03'), prolongedFrom: end('2020-01-31') })
    expect(moved.days.find(({ date }) => date === '2020-01-31')).toMatchObject({ reason: '春节放假' })
  })

  it('a holiday taken back brings no deadline forward, and the days say why', () => {
    const late = startClock(rule(3), at('2020-01-21T10:00'), PROLONGED)
    const kept = correctClock(late, PUBLISHED)
    expect(kept).toMatchObject({ dueAt: end('2020-02-03'), noEarlierThan: late.dueAt })
    expect(kept.days.filter(({ counted }) => counted)).toHaveLength(3)
    expect(kept.days.at(-1)).toEqual({
      date: '2020-02-03',
      counted: false,
      reason: '日历更正前已告知的期限，不提前',
    })
    const resumed = resumeClock(
      pauseClock(kept, at('2020-01-22T10:00'), '补充'),
      at('2020-01-22T11:00'),
      PUBLISHED,
    )
    expect(resumed.dueAt).toBe(end('2020-02-03'))
  })

  it('leaves alone what was promised, what stands still and what has stopped', () => {
    const promised = startClockUntil(rule(3), at('2020-01-21T10:00'), '2020-01-31', PUBLISHED)
    const paused = pauseClock(clock, at('2020-01-22T10:00'), '待评价人补充')
    const stopped = stopClock(clock, at('2020-01-22T10:00'))
    for (const each of [promised, paused, stopped]) expect(correctClock(each, PROLONGED)).toBe(each)
  })
})

describe('corrections over ten years, against ticking off days', () => {
  /** Days whose kind the corrected notice turns round. */
  const turned = fc.array(fc.nat(DAYS.length - 1), { minLength: 1, maxLength: 40 })
  function corrected({ world }: Life, indexes: readonly number[]): Life['world'] {
    const notice = new Map(world.notice)
    for (const index of indexes) {
      const { date, weekday } = DAYS[index]!
      if (notice.has(date)) notice.delete(date)
      else notice.set(date, weekday > 5 ? 'workday' : 'holiday')
    }
    const days = [...notice].flatMap(([date, kind]) =>
      world.known.includes(Number(date.slice(0, 4))) ? [{ date, kind }] : [],
    )
    return { ...world, notice, calendar: makeCalendar(days, world.known, world.hallDays) }
  }
  // Near the clock, so that most of the corrections matter.
  const near = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 10 })
  const correctedLife = fc.tuple(life, turned, near).map(([life, far, close]) => {
    const begun = DAYS.findIndex((day) => day.end >= life.start.getTime())
    return { life, world: corrected(life, [...far, ...close.map((n) => begun + n)]) }
  })

  it('a certain deadline is the later of what was told and what the clerk says now; a provisional one what he says', () => {
    const seen = { later: 0, kept: 0, provisional: 0 }
    fc.assert(
      fc.property(correctedLife, ({ life, world }) => {
        const clock = live(life)
        const now = correctClock(clock, world.calendar)
        if (clock.dueAt === null) {
          expect(now).toBe(clock)
          return
        }
        const { due } = reference({ ...life, world }, clock, world.known)
        if (now.dueAt === null || due === null) {
          // It had run out before it was paused, and has not by the corrected days.
          expect([now.dueAt, clock.pauses.at(-1)?.to]).toEqual([null, null])
          return
        }
        if (clock.provisional) seen.provisional++
        else if (due < clock.dueAt) seen.kept++
        else if (due > clock.dueAt) seen.later++
        // A provisional one may have been told as certain before it was paused.
        const told = clock.provisional ? (clock.noEarlierThan ?? '') : clock.dueAt
        expect(now.dueAt).toBe([due, told].toSorted().at(-1))
        expect(now.days.filter((day) => day.counted)).toHaveLength(Math.max(1, clock.value))
        expect(now.days.at(-1)!.date).toBe(shanghaiDate(new Date(now.dueAt!)))
      }),
      { numRuns: 1000 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  }, 60_000)

  it('applied twice changes nothing more, and taken back brings no certain deadline forward', () => {
    fc.assert(
      fc.property(correctedLife, ({ life, world }) => {
        const clock = live(life)
        const once = correctClock(clock, world.calendar)
        expect(correctClock(once, world.calendar)).toBe(once)
        const back = correctClock(once, life.world.calendar)
        if (once.dueAt === null) return
        if (!once.provisional) expect(back.dueAt === null || back.dueAt >= once.dueAt).toBe(true)
        expect(recomputeClock(back, life.world.calendar).dueAt).toBe(back.dueAt)
      }),
      { numRuns: 500 },
    )
  }, 60_000)

  it('moves nothing where every day stays as it was', () => {
    fc.assert(
      fc.property(life, (life) => {
        const clock = live(life)
        expect(correctClock(clock, life.world.calendar)).toBe(clock)
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})
