import {
  addCalendarDays,
  addWorkingDays,
  CASE_CLOCKS,
  type CaseState,
  type Deadline,
  endOfShanghaiDay,
  shanghaiDate,
  type WorkCalendar,
} from '@haochaping/rules'
import type { CaseClock, CaseRow, RunningClock } from './case.ts'

/** What deadlines need of the policies. */
export interface Policies {
  value(
    key: string,
    regionCode: string,
    at: Date,
  ): Promise<{
    value: number
    unit: string
    version: number
    regionCode: string
    label: string
    source: string
  }>
  calendar(): Promise<WorkCalendar>
}

const deadline = (calendar: WorkCalendar, start: Date, value: number, unit: string): Deadline =>
  unit === 'calendar_day' ? addCalendarDays(start, value) : addWorkingDays(calendar, start, value)

/** Deadlines of cases, from the policy table by the working calendar. */
export function makeCaseClocks(policies: Policies) {
  /** A clock of one policy, begun at a moment, with the number in force then. */
  async function start(key: string, regionCode: string, at: Date): Promise<RunningClock> {
    const policy = await policies.value(key, regionCode, at)
    const { value, unit, version, label, source } = policy
    const found = deadline(await policies.calendar(), at, value, unit)
    const numbers = { key, label, value, unit, version, regionCode: policy.regionCode, source }
    return {
      clock: {
        ...numbers,
        startedAt: at.toISOString(),
        missingYears: found.missingYears,
        days: found.days,
      },
      dueAt: found.due,
      provisional: found.provisional,
    }
  }

  /** The latest day that may be promised: the policy's working days from when this round began (R15). */
  const promiseLimit = (row: Pick<CaseRow, 'region_code' | 'round_since'>) =>
    start('promised', row.region_code, row.round_since)

  /**
   * The clock of a state that is entered. A clock that runs on through the next state (verify and fix share theirs)
   * keeps its beginning; a promise runs to the end of the promised day.
   */
  async function enter(row: CaseRow, state: CaseState, now: Date): Promise<RunningClock | null> {
    const key = CASE_CLOCKS[state]
    if (key === null) return null
    if (row.due_arithmetic?.key === key && row.due_at)
      return { clock: row.due_arithmetic, dueAt: row.due_at, provisional: row.due_provisional }
    if (key !== 'promised') return start(key, row.region_code, now)
    const promised = row.promised_on ?? shanghaiDate(now)
    const { clock } = await promiseLimit(row)
    // The promised day stands whatever the calendar will say, so the deadline is not provisional.
    const days = clock.days.filter((day) => day.date <= promised)
    return {
      clock: { ...clock, days, missingYears: [] },
      dueAt: endOfShanghaiDay(promised),
      provisional: false,
    }
  }

  /**
   * The same clock by what is known now; null while a year it crosses is still missing. The number it was begun with
   * stays, only the calendar is new.
   */
  async function recompute(old: CaseClock): Promise<RunningClock | null> {
    const calendar = await policies.calendar()
    if (!old.missingYears.some((year) => calendar.years.has(year))) return null
    const found = deadline(calendar, new Date(old.startedAt), old.value, old.unit)
    return {
      clock: { ...old, missingYears: found.missingYears, days: found.days },
      dueAt: found.due,
      provisional: found.provisional,
    }
  }

  return { start, enter, recompute, promiseLimit }
}
export type CaseClocks = ReturnType<typeof makeCaseClocks>
