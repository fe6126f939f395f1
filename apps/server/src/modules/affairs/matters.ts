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

  const ofAffair = (row: { evaluation_id: string; source: string; affair_number: string }) => ({
    evaluationId: row.evaluation_id,
    affairNumber: row.affair_number,
    matterId: matterId(row.source, row.affair_number),
  })

  return {
    matterId,
    /** The affair of each of these ratings, with its matter. */
    affairsOf: async (db: Kysely<Tables>, ids: readonly string[]) =>
      (await store.affairsOf(db, [...ids])).map(ofAffair),
    /** All visits of the affairs with these numbers, each with its matter. */
    visitsOf: async (db: Kysely<Tables>, affairNumbers: readonly string[]) =>
      (await store.visitsNumbered(db, affairNumbers)).map(ofAffair),
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
