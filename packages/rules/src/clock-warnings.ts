import type { WorkCalendar } from './calendar.ts'
import { type Clock, nextAlarm } from './clocks.ts'

/** The alarms of a clock that is carried no further than to the level above. */
export type WarningMark = 50 | 80 | 100

/**
 * The next alarm of a single clock, as that of an order or an appeal is: at 50 % and 80 % for those who must act, at
 * 100 % for the level above. By the same numbers as the clocks of cases, in working hours only.
 *
 * @returns null once all three were given, and while none can come
 * @example of three working days from Tuesday: Thursday 13:00, Friday 12:12, Monday 09:00
 */
export function nextWarning(clock: Clock, calendar: WorkCalendar): { mark: WarningMark; at: Date } | null {
  const next = nextAlarm(clock, calendar)
  return next && typeof next.mark === 'number' ? { mark: next.mark, at: next.at } : null
}
