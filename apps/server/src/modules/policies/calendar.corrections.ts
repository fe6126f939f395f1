import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { randomId } from '../../platform/ids.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { DeadlineMover, Reach } from './calendar.books.ts'
import type { PoliciesService } from './policies.service.ts'
import * as store from './policies.store.ts'

/** What becomes of running deadlines when known days are corrected: none is ever brought forward. */
export type Running = 'prolong' | 'keep'

/** A correction as it is decided: of a year that was known, or of the opening days of halls. */
export interface Correction {
  of: { year: number } | { halls: readonly string[] }
  /** each day as it was and is */
  changes: readonly Record<string, JsonValue>[]
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

type OpenCorrection = Awaited<ReturnType<typeof store.openCorrections>>[number]

/** Corrections of years that were known, and of opening days (Q61): journalled, then carried out on whatever runs. */
export function makeCorrections(app: App, { policies }: { policies: Pick<PoliciesService, 'calendarRows'> }) {
  const ended = new Set<string>()

  /** Writes down a correction beside the days it changes; deadlines are moved by `carryOut`. */
  async function decide(tx: Tx, actor: string, correction: Correction): Promise<void> {
    const { of, changes, days, running, later, kept, note } = correction
    const now = app.clock()
    const id = randomId()
    await appendEntry(tx, {
      subjectId: id,
      kind: 'calendar.corrected',
      actor,
      at: now,
      payload: {
        ...('year' in of ? { year: of.year } : { halls: [...of.halls] }),
        ...{ running, firstDay: days.first, lastDay: days.last, later, kept },
        days: [...changes],
      },
      ...(note !== '' && { text: { note } }),
    })
    if (running === 'keep') return
    await store.insertCorrection(tx, {
      ...('year' in of ? { year: of.year } : { year: null, halls: [...of.halls] }),
      ...{ correction_id: id, first_day: days.first, last_day: days.last },
      ...{ decided_at: now, done_at: null },
    })
  }

  async function end({ correction_id: id, year, halls }: OpenCorrection): Promise<void> {
    const now = app.clock()
    await app.db.system.transaction().execute(async (tx) => {
      if (!(await store.endCorrection(tx, id, now))) return
      const entry = { subjectId: id, kind: 'calendar.correction-applied', actor: 'system', at: now }
      await appendEntry(tx, { ...entry, payload: year === null ? { halls } : { year } })
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
        if (ended.has(row.correction_id)) continue
        const days = { first: row.first_day, last: row.last_day }
        const reach = { years: [], days, halls: row.halls.length > 0 ? row.halls : null }
        const count = { moved: 0, failed: 0 }
        for (const move of movers) {
          const { moved, failed } = await move(reach, calendar)
          count.moved += moved
          count.failed += failed
        }
        if (count.moved > 0) app.nudge()
        const settled = app.clock().getTime() - row.decided_at.getTime() >= SETTLED
        if (settled && count.moved + count.failed === 0) await end(row)
      }
    },
  }
}
export type Corrections = ReturnType<typeof makeCorrections>
