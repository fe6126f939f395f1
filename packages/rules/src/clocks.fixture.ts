import fc from 'fast-check'
import { type CalendarDay, type HallDay, makeCalendar } from './calendar.ts'
import { type Clock, type ClockRule, pauseClock, resumeClock, startClock } from './clocks.ts'
import { type PolicyRow, pickPolicy } from './policy.ts'

// Ten years of days, and for each the Shanghai time zone's last moment, written out one by one.
export const YEARS = [2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036]
export interface Day {
  date: string
  year: number
  weekday: number
  end: number
}
export const DAYS: Day[] = []
for (let time = Date.UTC(2027, 0, 1); time < Date.UTC(2037, 0, 1); time += 86_400_000) {
  const day = new Date(time)
  const end = Date.parse(`${day.toISOString().slice(0, 10)}T23:59:59.999+08:00`)
  const [date, weekday] = [day.toISOString().slice(0, 10), day.getUTCDay() || 7]
  DAYS.push({ date, year: day.getUTCFullYear(), weekday, end })
}
const WEEK = [1, 2, 3, 4, 5, 6, 7]
const WEEKENDS = DAYS.filter((day) => day.weekday > 5)

/** A world: notices of the State Council for some of the years, a hall's opening days, and a later world that knows more. */
export const world = fc
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
export type World = typeof world extends fc.Arbitrary<infer W> ? W : never

/** Whether a day is worked, by reading the rows from the strongest to the weakest. */
function worked({ notice, hallDays }: World, known: readonly number[], hall: string | null, day: Day) {
  const named = hall && hallDays.find((row) => row.date === day.date)
  if (named) return named.open
  const special = known.includes(day.year) ? notice.get(day.date) : undefined
  if (special) return special === 'workday'
  const opens = (n: number) => hallDays.findLast((row) => row.weekday === n)?.open ?? n <= 5
  const weekly = hall && WEEK.some(opens) && hallDays.find((row) => row.weekday === day.weekday)
  return weekly ? weekly.open : day.weekday <= 5
}

const moment = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((n) => new Date(DAYS[0]!.end + 1 + n * 1000))
export const DAY = 86_400
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
export const ruleOf = (row: PolicyRow | null, u: ClockRule['unit']): ClockRule => ({
  ...{ key: 'fix', label: '核实', value: row?.value ?? 5, unit: u, version: row?.version ?? 0 },
  ...{ regionCode: row?.regionCode ?? '220100000000', source: '' },
})
export const life = fc.record({ world, start, steps, policies, unit, hallCode })
export interface Life {
  world: World
  start: Date
  steps: number[]
  policies: PolicyRow[]
  unit: ClockRule['unit']
  hallCode: string | null
}

/** Begins a clock and pauses and resumes it in turn at the steps; policies that begin meanwhile are not asked. */
export function live(life: Life, seen: (clock: Clock, before: Clock) => void = () => {}): Clock {
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
export function reference(life: Life, clock: Clock, known: readonly number[]) {
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
