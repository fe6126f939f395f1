import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { derivedUuid } from '../../platform/ids.ts'
import type { Tables } from '../../platform/tables.ts'
import * as store from './affairs.store.ts'

/** An affair as whoever complains about it names it: its last visit says who handles it (谁办理、谁负责). */
export type KnownAffair = store.VisitRow

/**
 * Matters: what one affair is about, whoever speaks of it. Ratings and complaints of the same affair have the same
 * matter, so that they are handled in one place and answered once (R30, Q102).
 */
export function makeMatters(app: App) {
  const ids = app.keys.derive('ids')
  const matterId = (source: string, affairNumber: string) => derivedUuid(ids, 'matter', source, affairNumber)

  return {
    matterId,
    /** The matter of each of these ratings; one whose visit is not there has none. */
    async mattersOf(tx: Kysely<Tables>, evaluationIds: string[]): Promise<Map<string, string>> {
      const rows = await store.affairsOf(tx, evaluationIds)
      return new Map(rows.map((row) => [row.evaluation_id, matterId(row.source, row.affair_number)]))
    },
    /**
     * The last visit of the affair with this number in each business system that has one; of one system where it is
     * named. Numbers are unique within a system only.
     */
    affairsNumbered: (affairNumber: string, source?: string): Promise<KnownAffair[]> =>
      store.lastVisits(app.db.intake, affairNumber, source),
  }
}
