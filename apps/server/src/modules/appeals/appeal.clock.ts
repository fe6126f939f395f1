import {
  addCalendarDays,
  addWorkingDays,
  type Clock,
  type ClockRule,
  nextWarning,
  startClock,
  type WorkCalendar,
} from '@haochaping/rules'

/** What time limits need of the policies. */
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

/** A limit in words and as a moment. */
export interface Limit {
  value: number
  until: Date
  provisional: boolean
}

/** Time limits of appeals, from the policy table by the working calendar. */
export function makeAppealClocks(policies: Policies) {
  /** A clock of one policy, with the number in force when it begins. */
  async function start(
    key: 'appeal_decision' | 'reexamination',
    regionCode: string,
    at: Date,
  ): Promise<Clock> {
    const rule = await policies.value(key, regionCode, at)
    return startClock({ ...rule, key, unit: rule.unit as ClockRule['unit'] }, at, await policies.calendar())
  }

  /**
   * Until when one side may speak: to appeal, counted from when the rating came to be known; for the citizen to
   * answer; to ask for a re-examination. All three have the same number of days, so that no side has more than the
   * other.
   */
  async function limit(regionCode: string, from: Date): Promise<Limit> {
    const { value, unit } = await policies.value('appeal', regionCode, from)
    const found =
      unit === 'calendar_day'
        ? addCalendarDays(from, value)
        : addWorkingDays(await policies.calendar(), from, value)
    return { value, until: found.due, provisional: found.provisional }
  }

  /** The columns of a row that follow from its clock. */
  const columns = async (clock: Clock) => ({
    clock,
    due_at: clock.stoppedAt === null && clock.dueAt !== null ? new Date(clock.dueAt) : null,
    due_provisional: clock.stoppedAt === null && clock.provisional,
    next_alarm_at: nextWarning(clock, await policies.calendar())?.at ?? null,
  })

  return { start, limit, columns, calendar: policies.calendar }
}
export type AppealClocks = ReturnType<typeof makeAppealClocks>
