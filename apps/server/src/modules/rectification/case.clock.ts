import {
  addWorkingDays,
  allCalledBack,
  CASE_CLOCKS,
  CASE_STATES,
  type CaseClockKey,
  type CaseState,
  type Clock,
  type ClockMoves,
  type ClockRule,
  contactable,
  correctClock,
  type Escalation,
  MAIN_CLOCK,
  nextAlarm,
  pauseClock,
  recomputeClock,
  resumeClock,
  shanghaiDate,
  startClock,
  startClockUntil,
  stopClock,
  type WorkCalendar,
} from '@haochaping/rules'
import {
  type CaseClock,
  type CaseRow,
  CITIZENS_CLOCKS,
  mainClock,
  runningClocks,
  runsOutAfter,
} from './case.ts'

/** What deadlines need of the policies. */
export interface Policies {
  value(
    key: string,
    regionCode: string,
    at: Date,
    itemCode?: string,
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

/** Where a clock runs: its region and kind of item decide the number, its hall the opening days. */
export type ClockPlace = Pick<CaseRow, 'region_code' | 'item_code' | 'hall_code'>

/** What a row says besides, derived from its clocks at every write. */
export type DerivedColumns = Pick<
  CaseRow,
  | 'due_at'
  | 'due_provisional'
  | 'overdue'
  | 'next_due_at'
  | 'next_due_key'
  | 'next_alarm_at'
  | 'missing_years'
>

/** What follows from the clocks of a row without asking anybody. */
export function derived(row: Pick<CaseRow, 'clocks' | 'state'>): Omit<DerivedColumns, 'next_alarm_at'> {
  const running = runningClocks(row)
  const [next] = running
    .filter((clock) => clock.dueAt !== null)
    .sort((a, b) => a.dueAt!.localeCompare(b.dueAt!) || a.key.localeCompare(b.key))
  const main = mainClock(row)
  return {
    due_at: main?.dueAt ? new Date(main.dueAt) : null,
    due_provisional: main?.provisional ?? false,
    overdue: running.some((clock) => clock.late),
    next_due_at: next?.dueAt ? new Date(next.dueAt) : null,
    next_due_key: next?.key ?? null,
    missing_years: [...new Set(running.flatMap((clock) => clock.missingYears))].sort((a, b) => a - b),
  }
}

/** When the clock-keeper must look at a case next: an alarm is to be given, or a clock runs out. */
export function alarmAt(row: Pick<CaseRow, 'clocks'>, calendar: WorkCalendar, escalation: Escalation) {
  const moments = runningClocks(row).flatMap((clock) => {
    const alarm = CITIZENS_CLOCKS.includes(clock.key) ? null : nextAlarm(clock, calendar, escalation)
    return [runsOutAfter(clock) ?? [], alarm?.at ?? []].flat()
  })
  return moments.length === 0 ? null : new Date(Math.min(...moments.map((at) => at.getTime())))
}

/** In these an organisation calls back; in the others its clocks stand still while somebody else decides. */
const CALLING: readonly CaseState[] = ['verifying', 'fixing', 'promised', 'explaining', 'feeding_back']
const HELD: readonly CaseState[] = ['waiting', 'transfer_proposed', 'rejection_proposed']

/**
 * What somebody more to call does to the clock of the first contact, or a wish that nobody be called; null where
 * signing will start it.
 */
function contactMoves(before: CaseRow, row: CaseRow): 'running' | 'paused' | 'stopped' | null {
  if (allCalledBack(row)) return allCalledBack(before) ? null : 'stopped'
  if (contactable(row).length <= contactable(before).length) return null
  if (CALLING.includes(row.state)) return 'running'
  return HELD.includes(row.state) && before.verifier_id !== null ? 'paused' : null
}

/** Clocks of cases, from the policy table by the working calendar. */
export function makeCaseClocks(policies: Policies) {
  async function ruleOf(key: CaseClockKey, place: ClockPlace, at: Date): Promise<ClockRule> {
    const policy = await policies.value(CASE_CLOCKS[key].policy, place.region_code, at, place.item_code)
    const { label, value, unit, version, regionCode, source } = policy
    return {
      ...{ key, label, value, version, regionCode, source },
      unit: unit === 'calendar_day' ? 'calendar_day' : 'working_day',
    }
  }

  /** A clock begun at a moment, with the number in force then; of a promise it runs to the promised day. */
  async function start(
    key: CaseClockKey,
    place: ClockPlace,
    at: Date,
    promisedOn: string | null = null,
  ): Promise<CaseClock> {
    const [rule, calendar] = [await ruleOf(key, place, at), await policies.calendar()]
    // Only the organisation's own work goes by the days its hall is open.
    const hall = CASE_CLOCKS[key].awaits === 'handler' && place.hall_code !== '' ? place.hall_code : null
    const clock =
      key === 'promised'
        ? startClockUntil(rule, at, promisedOn ?? shanghaiDate(at), calendar)
        : startClock(rule, at, calendar, hall)
    return { ...clock, key, late: false }
  }

  // A clock that is given more time is no longer late.
  const moved = (old: CaseClock, clock: Clock, now: Date): CaseClock => ({
    ...clock,
    key: old.key,
    late: old.late && clock.dueAt !== null && now > new Date(clock.dueAt),
  })

  /**
   * The clocks of a case after an event: `row` as it is then, but for its clocks. The one its state is named by
   * always runs, whatever version of the table the case came from.
   */
  async function turn(row: CaseRow, moves: ClockMoves, now: Date): Promise<CaseClock[]> {
    const calendar = await policies.calendar()
    const { stops, pauses, resumes, starts } = moves
    const clocks = row.clocks.map((clock) => {
      const { key } = clock
      if (row.state === 'closed' || stops.includes(key) || starts.includes(key))
        return { ...stopClock(clock, now), key, late: clock.late }
      if (pauses.includes(key)) return moved(clock, pauseClock(clock, now, CASE_STATES[row.state]), now)
      return resumes.includes(key) ? moved(clock, resumeClock(clock, now, calendar), now) : clock
    })
    for (const key of starts) clocks.push(await start(key, row, now, row.promised_on))
    const main = MAIN_CLOCK[row.state]
    if (main && !mainClock({ ...row, clocks })) clocks.push(await start(main, row, now, row.promised_on))
    return clocks
  }

  /**
   * The clocks of a case once something is joined to it: with somebody more to be called back the first contact is due
   * anew, of all of them; with nobody left it is waited for no longer.
   */
  async function awaitContact(before: CaseRow, row: CaseRow, now: Date): Promise<CaseClock[]> {
    const moves = contactMoves(before, row)
    if (!moves) return row.clocks
    if (moves === 'stopped')
      return turn(row, { stops: ['contact'], pauses: [], resumes: [], starts: [] }, now)
    const begun = await turn(row, { stops: [], pauses: [], resumes: [], starts: ['contact'] }, now)
    return moves === 'paused'
      ? turn({ ...row, clocks: begun }, { stops: [], pauses: ['contact'], resumes: [], starts: [] }, now)
      : begun
  }

  /** Everything a row derives from its clocks. */
  async function derive(row: CaseRow, now: Date): Promise<DerivedColumns> {
    const [district, city] = [
      await policies.value('escalate_district', row.region_code, now),
      await policies.value('escalate_city', row.region_code, now),
    ]
    const escalation = { district: district.value, city: city.value }
    return { ...derived(row), next_alarm_at: alarmAt(row, await policies.calendar(), escalation) }
  }

  /** The latest day that may be promised, counted from a moment (R15). */
  async function promiseLimit(row: CaseRow, from: Date) {
    const { value } = await ruleOf('promised', row, from)
    return { last: shanghaiDate(addWorkingDays(await policies.calendar(), from, value).due), value }
  }

  /**
   * The same clocks by what is known now; null where a year they cross is still missing. The number each was begun
   * with stays, only the calendar is new.
   */
  async function recompute(row: CaseRow, now: Date): Promise<CaseClock[] | null> {
    const calendar = await policies.calendar()
    if (!row.missing_years.some((year) => calendar.years.has(year))) return null
    return row.clocks.map((clock) => moved(clock, recomputeClock(clock, calendar), now))
  }

  /** The same clocks after a known year was corrected (Q61); null where none is another than before. */
  function correct(row: CaseRow, calendar: WorkCalendar, now: Date): CaseClock[] | null {
    const corrected = row.clocks.map((clock) => {
      const after = correctClock(clock, calendar)
      return after === clock ? clock : moved(clock, after, now)
    })
    return corrected.some((clock, i) => clock !== row.clocks[i]) ? corrected : null
  }

  return { start, turn, awaitContact, derive, recompute, correct, promiseLimit }
}
export type CaseClocks = ReturnType<typeof makeCaseClocks>

/** When the organisation's time in this round began: with the rating, the re-assignment, or the new direction. */
export const roundBegan = (row: CaseRow): Date => {
  const signed = row.clocks.findLast((clock) => clock.key === 'sign')
  return signed ? new Date(signed.startedAt) : row.round_since
}
