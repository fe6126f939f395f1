import { shanghaiDate } from '@haochaping/rules'
import type { YearNeeds } from './calendar.books.ts'
import type { DayRow } from './calendar.rows.ts'

/** A year whose holidays deadlines need and nobody has loaded, and why it is needed. */
export interface MissingYear extends YearNeeds {
  year: number
  /** current: today lies in it; next: it is December; running: running deadlines or promises reach into it */
  why: 'current' | 'next' | 'running'
}

/** Of a year that nothing waits for yet. */
export const nobody: YearNeeds = { cases: 0, appeals: 0, orders: 0, commitments: 0 }

/**
 * The years that are missing: this one, the next from 1 December on (the notice comes out in November), and those
 * that running deadlines reach into.
 * @param running what waits for each year
 */
export function missingYears(
  now: Date,
  known: ReadonlySet<number>,
  running: ReadonlyMap<number, YearNeeds>,
): MissingYear[] {
  const today = shanghaiDate(now)
  const year = Number(today.slice(0, 4))
  const needed = new Map<number, MissingYear['why']>([...running.keys()].map((y) => [y, 'running']))
  if (today.slice(5, 7) === '12') needed.set(year + 1, 'next')
  needed.set(year, 'current')
  return [...needed]
    .filter(([y]) => !known.has(y))
    .map(([y, why]) => ({ year: y, why, ...(running.get(y) ?? nobody) }))
    .toSorted((a, b) => a.year - b.year)
}

/** A day of the calendar before and after; null where it is like any other of its weekday. */
export interface DayChange {
  day: string
  from: { kind: string; name: string } | null
  to: { kind: string; name: string } | null
}

/** What a notice's days change against those loaded. */
export function dayChanges(before: readonly DayRow[], after: readonly DayRow[]): DayChange[] {
  const [old, next] = [before, after].map((rows) => new Map(rows.map((row) => [row.day, row])))
  const short = (row: DayRow | undefined) => (row ? { kind: row.kind, name: row.name } : null)
  return [...new Set([...old!.keys(), ...next!.keys()])]
    .map((day) => ({ day, from: short(old!.get(day)), to: short(next!.get(day)) }))
    .filter(({ from, to }) => from?.kind !== to?.kind || from?.name !== to?.name)
    .toSorted((a, b) => a.day.localeCompare(b.day))
}
