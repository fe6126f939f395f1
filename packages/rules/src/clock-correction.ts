import type { WorkCalendar } from './calendar.ts'
import { type Clock, recomputeClock } from './clocks.ts'

/**
 * A running clock after a year that was known has been corrected, as the State Council did with the Spring Festival of
 * 2020, or after its hall's opening days were changed (Q61). A deadline that was told to people is never brought forward: a day that became a holiday makes it later,
 * a day that became a working day leaves it where it was. A provisional one was told as such and moves either way; one
 * that stands still gets its deadline when it runs on; a promised day stays.
 *
 * @returns the very clock given where its deadline stays and nothing needs to be kept
 * @example due 2020-01-31, made a holiday on 2020-01-26 → due 2020-02-03
 */
export function correctClock(clock: Clock, calendar: WorkCalendar): Clock {
  if (clock.stoppedAt !== null || clock.until !== null || clock.dueAt === null) return clock
  const moved = recomputeClock(clock, calendar)
  if (clock.provisional) return moved.dueAt === clock.dueAt && moved.provisional ? clock : moved
  if (moved.dueAt === clock.dueAt) return clock
  // What was told binds from here on, also where it becomes later: it may reach into a year that is not known then, or
  // stand still, where it was paused after it ran out.
  const kept = recomputeClock({ ...clock, noEarlierThan: clock.dueAt }, calendar)
  return kept.dueAt === clock.dueAt ? kept : { ...kept, prolongedFrom: clock.prolongedFrom ?? clock.dueAt }
}
