import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { actorOf, type Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { DeadlineMover, Reach } from './calendar.books.ts'
import type { DayChange } from './calendar.years.ts'
import type { PoliciesService } from './policies.service.ts'
import * as store from './policies.store.ts'

/** What becomes of running deadlines when a known year is corrected: none is ever brought forward. */
export type Running = 'prolong' | 'keep'

/** A correction as it is decided. */
export interface Correction {
  year: number
  changes: readonly DayChange[]
  days: NonNullable<Reach['days']>
  running: Running
  /** how many certain deadlines become later by it, and how many are not brought forward */
  later: number
  kept: number
  note: string
}

// A deadline may be made by another server's calendar for half a minute after a correction; whoever looks once more
// after a minute has seen them all.
const SETTLED = 60_000

/** Corrections of years that were known (Q61): journalled, then carried out on whatever runs. */
export function makeCorrections(app: App, { policies }: { policies: Pick<PoliciesService, 'calendarRows'> }) {
  const ended = new Set<string>()

  /** Writes down a correction beside the days it changes; deadlines are moved by `carryOut`. */
  async function decide(tx: Tx, official: Official, correction: Correction): Promise<void> {
    const { year, changes, days, running, later, kept, note } = correction
    const now = app.clock()
    const id = derivedUuid(app.keys.derive('ids'), 'calendar-correction', String(year), now.toISOString())
    await appendEntry(tx, {
      subjectId: id,
      kind: 'calendar.corrected',
      actor: actorOf(official),
      at: now,
      payload: {
        ...{ year, running, firstDay: days.first, lastDay: days.last, later, kept },
        days: changes.map(({ day, from, to }) => ({ day, from: from?.kind ?? null, to: to?.kind ?? null })),
      },
      ...(note !== '' && { text: { note } }),
    })
    if (running === 'keep') return
    await store.insertCorrection(tx, {
      ...{ correction_id: id, year, first_day: days.first, last_day: days.last },
      ...{ decided_at: now, done_at: null },
    })
  }

  async function end(id: string, year: number): Promise<void> {
    const now = app.clock()
    await app.db.system.transaction().execute(async (tx) => {
      if (!(await store.endCorrection(tx, id, now))) return
      const entry = { subjectId: id, kind: 'calendar.correction-applied', actor: 'system', at: now }
      await appendEntry(tx, { ...entry, payload: { year } })
    })
    ended.add(id)
  }

  return {
    decide,
    /**
     * Moves what runs over corrected days: at once, and once more a minute later. One that could not be moved is tried
     * again until it is; a correction ends when nothing is left to move.
     */
    carryOut: async (movers: readonly DeadlineMover[]): Promise<void> => {
      const { corrections, calendar } = await policies.calendarRows()
      for (const row of corrections) {
        const { correction_id: id, first_day: first, last_day: last } = row
        if (ended.has(id)) continue
        const count = { moved: 0, failed: 0 }
        for (const move of movers) {
          const { moved, failed } = await move({ years: [], days: { first, last } }, calendar)
          count.moved += moved
          count.failed += failed
        }
        if (count.moved > 0) app.nudge()
        const settled = app.clock().getTime() - row.decided_at.getTime() >= SETTLED
        if (settled && count.moved + count.failed === 0) await end(id, row.year)
      }
    },
  }
}
export type Corrections = ReturnType<typeof makeCorrections>
