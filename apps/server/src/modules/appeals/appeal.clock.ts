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
  /** the calendar, and those it has replaced since a moment */
  calendarsSince(from: Date): Promise<WorkCalendar[]>
}

/** A limit in words and as a moment. */
export interface Limit {
  value: number
  until: Date
  provisional: boolean
}

/** What a side has days for. */
export type AppealSide = 'answer' | 'reexamine'
const SIDE_LABELS: Record<AppealSide, string> = {
  answer: '评价人说明情况期限',
  reexamine: '申请复核期限',
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
   * The days one side has to speak: the citizen to answer, or either side to ask for a re-examination. Both are the
   * number of days in which an appeal may be filed, so that no side has more than the other.
   */
  async function startSide(side: AppealSide, regionCode: string, at: Date): Promise<Clock> {
    const rule = await policies.value('appeal', regionCode, at)
    const named = { ...rule, key: 'appeal', label: SIDE_LABELS[side], unit: rule.unit as ClockRule['unit'] }
    return startClock(named, at, await policies.calendar())
  }

  /**
   * Until when an appeal may be filed, counted from when the rating came to be known. It stands nowhere: whoever asks is
   * told it, so it is the latest that any calendar since then gives.
   */
  async function limit(regionCode: string, from: Date): Promise<Limit> {
    const { value, unit } = await policies.value('appeal', regionCode, from)
    const ends =
      unit === 'calendar_day'
        ? [addCalendarDays(from, value)]
        : (await policies.calendarsSince(from)).map((calendar) => addWorkingDays(calendar, from, value))
    const found = ends.reduce((last, end) => (end.due > last.due ? end : last))
    return { value, until: found.due, provisional: found.provisional }
  }

  /** The columns of a row that follow from its clock. */
  const columns = async (clock: Clock) => ({
    clock,
    due_at: clock.stoppedAt === null && clock.dueAt !== null ? new Date(clock.dueAt) : null,
    due_provisional: clock.stoppedAt === null && clock.provisional,
    next_alarm_at: nextWarning(clock, await policies.calendar())?.at ?? null,
  })

  /** The columns of a row that follow from the clock of the citizen's answer. */
  const answerColumns = (clock: Clock) => ({ answer_clock: clock, answer_until: endOf(clock) })
  /** The columns of a row that follow from the clock of asking for a re-examination. */
  const reexamineColumns = (clock: Clock) => ({ reexamine_clock: clock, reexamine_until: endOf(clock) })

  return { start, startSide, limit, columns, answerColumns, reexamineColumns, calendar: policies.calendar }
}

// These clocks never stand still: they always have an end.
const endOf = (clock: Clock) => new Date(clock.dueAt ?? clock.startedAt)
export type AppealClocks = ReturnType<typeof makeAppealClocks>
