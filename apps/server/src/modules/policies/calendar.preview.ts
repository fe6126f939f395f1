import { correctClock, recomputeClock, type WorkCalendar } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import type { DeadlineBook, DeadlineKind, Reach } from './calendar.books.ts'
import type { DayChange } from './calendar.years.ts'

/** A running deadline that other days would move. */
export interface DeadlineMove {
  kind: DeadlineKind
  evaluationId: string
  name: string
  organizationId: string
  /** the clock's name, '核实与立行立改时限' */
  label: string
  from: string
  /** where the days have it; null: it would stand still */
  to: string | null
  /**
   * settled: it was provisional and is no longer; provisional: it is still; later: it was certain and is prolonged;
   * kept: it was certain, would be earlier, and stays where it was told to be
   */
  change: 'settled' | 'provisional' | 'later' | 'kept'
}

/** What other days would do to whatever runs; `settled` also counts those whose date stays. */
export interface DeadlineMoves {
  settled: number
  /** provisional ones whose date is another */
  moved: number
  later: number
  kept: number
  items: DeadlineMove[]
}

/** The same with the names of those who must keep them. */
export interface NamedMoves extends DeadlineMoves {
  items: (DeadlineMove & { organizationName: string })[]
}

export const NO_MOVES: DeadlineMoves = { settled: 0, moved: 0, later: 0, kept: 0, items: [] }

/** The changed days that lie in years that were known: what is counted by them was told as certain. */
export const correctedDays = (changes: readonly DayChange[], known: ReadonlySet<number>): DayChange[] =>
  changes.filter(({ day, from, to }) => known.has(Number(day.slice(0, 4))) && from?.kind !== to?.kind)

/** How many deadlines that were told as certain the change is about. */
export const toldIn = ({ later, kept }: DeadlineMoves): number => later + kept

/** The first and the last of some days in their order; null for none. */
export const spanOf = (changes: readonly DayChange[]): Reach['days'] =>
  changes.length === 0 ? null : { first: changes[0]!.day, last: changes.at(-1)!.day }

/**
 * The deadlines that another calendar would move, soonest first, without moving them.
 * @param db the transaction in which the days were changed
 * @param listed how many to name; all are counted
 */
export async function previewMoves(
  db: Kysely<Tables>,
  books: readonly DeadlineBook[],
  reach: Reach,
  calendar: WorkCalendar,
  listed: number,
): Promise<DeadlineMoves> {
  const found = { ...NO_MOVES, items: [] as DeadlineMove[] }
  for (const book of books)
    for await (const batch of book.running(reach, db))
      for (const { clock, ...of } of batch) {
        const after = correctClock(clock, calendar)
        if (after === clock || clock.dueAt === null) continue
        const settled = clock.provisional && !after.provisional
        if (settled) found.settled++
        if (after.dueAt === clock.dueAt && clock.provisional) continue
        const kept = after.dueAt === clock.dueAt
        if (clock.provisional) found.moved++
        else found[kept ? 'kept' : 'later']++
        const change = clock.provisional ? (settled ? 'settled' : 'provisional') : kept ? 'kept' : 'later'
        const { noEarlierThan: _told, ...free } = clock
        const to = kept ? recomputeClock(free, calendar).dueAt : after.dueAt
        found.items.push({ ...of, label: clock.label, from: clock.dueAt, to, change })
      }
  found.items.sort((a, b) => a.from.localeCompare(b.from) || a.name.localeCompare(b.name))
  return { ...found, items: found.items.slice(0, listed) }
}
