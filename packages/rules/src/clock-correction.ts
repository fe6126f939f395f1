import type { WorkCalendar } from './calendar.ts'
import { type Clock, recomputeClock } from './clocks.ts'

/**
 * A running clock after a year that was known has been corrected, as the State Council did with the Spring Festival of
 * 2020 (Q61). A deadline that was told to people is never brought forward: a day that became a holiday makes it later,
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
  // One that was paused after it ran out may not have run out by now: then it stands still.
  if (moved.dueAt === null || moved.dueAt > clock.dueAt)
    return { ...moved, prolongedFrom: clock.prolongedFrom ?? clock.dueAt }
  return recomputeClock({ ...clock, noEarlierThan: clock.dueAt }, calendar)
}
