import type { Tx } from '../../platform/database.ts'
import type { Beside } from '../catalog/catalog.service.ts'
import type { DeadlineBook } from './calendar.books.ts'
import type { Corrections } from './calendar.corrections.ts'
import { basisOf, checkBasis, type Decision, decided } from './calendar.decision.ts'
import { correctedDays, type DeadlineMoves, NO_MOVES, previewMoves, spanOf } from './calendar.preview.ts'
import { calendarOf } from './calendar.rows.ts'
import { type DayChange, dayChanges } from './calendar.years.ts'
import * as store from './policies.store.ts'

/** How many moved deadlines a preview names; all are counted. */
export const LISTED = 200

/** What files of the calendar change: days, those that correct a known year, and running deadlines. */
export interface CalendarChanges {
  days: DayChange[]
  corrected: DayChange[]
  deadlines: DeadlineMoves
  /** the rows it was found on: whoever saves says it again, so that nothing else is changed than was shown */
  basis: string
}

/** Who takes files of the calendar in, and what is decided with it. */
export interface ImportedBy {
  /** as in the journal */
  actor: string
  decision: Decision
  dryRun: boolean
  /** the rows that are about to be replaced, of all there are */
  replaces(state: store.CalendarState): unknown
}

/**
 * Looks on while files of the calendar are taken in, by a page or on the command line: everything is read under the
 * lock of the directory, so that of two corrections at once the second sees the days the first has made. Where days of
 * a known year become others it is a correction, and what becomes of running deadlines is decided with it (Q61).
 *
 * @returns what to call beside the import, and what it changes, once it has been called (also in a dry run)
 */
export function watchImport(
  { books, corrections }: { books: readonly DeadlineBook[]; corrections: Corrections },
  { actor, decision, dryRun, replaces }: ImportedBy,
): Beside & { found(): CalendarChanges } {
  let before: store.CalendarState
  let found: CalendarChanges = { days: [], corrected: [], deadlines: NO_MOVES, basis: '' }

  async function after(tx: Tx): Promise<void> {
    const now = await store.calendarState(tx)
    const days = dayChanges(before.days, now.days)
    const corrected = correctedDays(days, new Set(before.years.map(({ year }) => year)))
    const calendar = calendarOf(now)
    const preview = (years: number[], changes: DayChange[]) =>
      previewMoves(tx, books, { years, days: spanOf(changes), halls: null }, calendar, LISTED)
    const deadlines = await preview(
      now.years.map(({ year }) => year),
      corrected,
    )
    found = { days, corrected, deadlines, basis: basisOf(replaces(before)) }
    if (dryRun || corrected.length === 0) return
    const running = decided(decision, deadlines, 'keep')
    // A day belongs to the year whose notice names it: that of January may reach back into December.
    const yearOf = new Map([...before.days, ...now.days].map(({ day, year }) => [day, year]))
    const byYear = Map.groupBy(corrected, ({ day }) => yearOf.get(day)!)
    for (const [year, changes] of byYear) {
      const { later, kept } = byYear.size === 1 ? deadlines : await preview([], changes)
      await corrections.decide(tx, actor, {
        of: { year },
        changes: changes.map(({ day, from, to }) => ({
          day,
          from: from?.kind ?? null,
          to: to?.kind ?? null,
        })),
        days: spanOf(changes)!,
        ...{ running, later, kept, note: decision.note },
      })
    }
  }

  return {
    before: async (tx) => {
      before = await store.calendarState(tx)
      checkBasis(decision, replaces(before))
    },
    after,
    found: () => found,
  }
}
