import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely'
import type { SummaryTable } from '../../platform/tables.clocks.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { Summary, SummaryState } from './summary.ts'

type Db = Kysely<Tables>

const asSummary = (row: Selectable<SummaryTable>): Summary => ({
  summaryId: row.summary_id,
  period: row.period,
  scope: row.scope,
  round: row.round,
  figures: row.figures as unknown as Summary['figures'],
  position: Number(row.position),
  asOf: row.as_of,
  state: row.state as SummaryState,
  draftedAt: row.drafted_at,
  approvedBy: row.approved_by,
  approvedAt: row.approved_at,
  publishedBy: row.published_by,
  publishedAt: row.published_at,
  withdrawnBy: row.withdrawn_by,
  withdrawnAt: row.withdrawn_at,
  withdrawal: row.withdrawal,
  version: row.version,
})

const written = (s: Summary) => ({
  period: s.period,
  scope: s.scope,
  round: s.round,
  figures: JSON.stringify(s.figures),
  position: String(s.position),
  as_of: s.asOf,
  state: s.state,
  drafted_at: s.draftedAt,
  approved_by: s.approvedBy,
  approved_at: s.approvedAt,
  published_by: s.publishedBy,
  published_at: s.publishedAt,
  withdrawn_by: s.withdrawnBy,
  withdrawn_at: s.withdrawnAt,
  withdrawal: s.withdrawal,
  version: s.version,
})

/** True when it was written; false when its month has one that stands already. */
export async function insert(tx: Db, summary: Summary): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('summary')
    .values({ summary_id: summary.summaryId, ...written(summary) })
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow()
  return Boolean(numInsertedOrUpdatedRows)
}

export const update = (tx: Db, summary: Summary) =>
  tx.updateTable('summary').set(written(summary)).where('summary_id', '=', summary.summaryId).execute()

/**
 * Every summary, or those of a scope, the newest month first; the portal's connection sees those that were published.
 */
export const all = async (db: Db, scope?: string): Promise<Summary[]> => {
  const query = db.selectFrom('summary').selectAll().orderBy('period', 'desc').orderBy('round', 'desc')
  return (await (scope === undefined ? query : query.where('scope', '=', scope)).execute()).map(asSummary)
}

/** Those of a month that are neither published nor withdrawn. */
export const waiting = async (db: Db, period: string): Promise<Summary[]> =>
  (
    await db
      .selectFrom('summary')
      .selectAll()
      .where('period', '=', period)
      .where('state', 'in', ['draft', 'approved'])
      .orderBy('summary_id')
      .execute()
  ).map(asSummary)

/** Whether it was reminded of as it stands now. */
export const reminded = async (tx: Db, id: string, version: number): Promise<boolean> =>
  (await tx
    .selectFrom('journal_entry')
    .select('entry_id')
    .where('subject_id', '=', id)
    .where('kind', '=', 'summary.reminded')
    .where(sql<SqlBool>`payload ->> 'version' = ${String(version)}`)
    .executeTakeFirst()) !== undefined

/** A page of every summary, by its id, for whoever verifies them. */
export const after = async (db: Db, id: string, limit: number): Promise<Summary[]> =>
  (
    await db
      .selectFrom('summary')
      .selectAll()
      .where('summary_id', '>', id)
      .orderBy('summary_id')
      .limit(limit)
      .execute()
  ).map(asSummary)

/** One, locked until the transaction ends. */
export const lock = async (tx: Db, id: string): Promise<Summary | undefined> => {
  const row = await tx
    .selectFrom('summary')
    .selectAll()
    .where('summary_id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && asSummary(row)
}

/** The last thing the journal says of each summary, by its id. */
export const lastSaid = async (db: Db, ids: string[]): Promise<Map<string, Record<string, JsonValue>>> => {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('journal_entry')
    .select(['subject_id', 'payload'])
    .distinctOn('subject_id')
    .where('subject_id', 'in', ids)
    .where('kind', 'like', 'summary.%')
    .orderBy('subject_id')
    .orderBy(sql`(payload ->> 'version')::int`, 'desc')
    .execute()
  return new Map(rows.map((row) => [row.subject_id, row.payload as Record<string, JsonValue>]))
}

/** Summaries the journal speaks of that are not there. */
export const lost = async (db: Db, limit: number): Promise<string[]> =>
  (
    await db
      .selectFrom('journal_entry as e')
      .leftJoin('summary as s', 's.summary_id', 'e.subject_id')
      .select('e.subject_id')
      .where('e.kind', '=', 'summary.drafted')
      .where(sql<SqlBool>`s.summary_id is null`)
      .limit(limit)
      .execute()
  ).map((row) => row.subject_id)
