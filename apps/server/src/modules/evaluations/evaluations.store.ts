import type { Kysely, Selectable } from 'kysely'
import { type SqlBool, sql } from 'kysely'
import { uuids } from '../../platform/pg-arrays.ts'
import type { EvaluationTable, RateableView, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type Evaluation = Selectable<EvaluationTable>

export const evaluationById = (db: Db, id: string) =>
  db.selectFrom('evaluation').selectAll().where('evaluation_id', '=', id).executeTakeFirst()

/** What a token leads to, as far as a rating copies it. */
export type Rateable = Omit<Selectable<RateableView>, keyof Visited>
/** The rest of it: what whoever is to rate is shown, and whether the applicant's telephone is held. */
export type Visited = Pick<
  Selectable<RateableView>,
  'affair_number' | 'affair_name' | 'item_name' | 'served_at' | 'applicant_known'
>

/** All invitations that lead to these evaluations, with what they lead to; in no order. */
export const rateables = async (db: Db, evaluationIds: string[]): Promise<Rateable[]> => {
  const { rows } = await sql<Rateable>`/* prepare rateables */
    select secret_hash, expires_at, evaluation_id, visit_id, stage, on_site, item_code, organization_id,
      organization_path, region_code, hall_code, window_code, staff_number, platform_code, rated
    from rateable where evaluation_id = any(${uuids(evaluationIds)}::uuid[])`.execute(db)
  return rows
}

export const visited = (db: Db, { evaluation_id, visit_id }: Rateable): Promise<Visited> =>
  db
    .selectFrom('rateable')
    .select(['affair_number', 'affair_name', 'item_name', 'served_at', 'applicant_known'])
    .where('evaluation_id', '=', evaluation_id)
    .where('visit_id', '=', visit_id)
    .limit(1)
    .executeTakeFirstOrThrow()

export const wordsOf = async (db: Db, evaluationId: string, entryId: string): Promise<string | null> => {
  const row = await db
    .selectFrom('entry_text')
    .select('content')
    .where('subject_id', '=', evaluationId)
    .where('entry_id', '=', entryId)
    .executeTakeFirst()
  const words = (row?.content as { words?: unknown } | undefined)?.words
  return typeof words === 'string' ? words : null
}

export const positionOf = async (db: Db, evaluationId: string, entryId: string): Promise<number | null> => {
  const row = await db
    .selectFrom('ledger_leaf')
    .select('position')
    .where('subject_id', '=', evaluationId)
    .where('entry_id', '=', entryId)
    .executeTakeFirst()
  return row?.position ?? null
}

/** What a list of evaluations may be narrowed by. */
export interface EvaluationFilter {
  from?: Date | undefined
  to?: Date | undefined
  levels?: number[] | undefined
  organizationPath?: string | undefined
  region?: string | undefined
  hall?: string | undefined
  window?: string | undefined
  item?: string | undefined
  channel?: number | undefined
  negative?: boolean | undefined
  words?: boolean | undefined
  receipt?: string | undefined
}

const filtered = (tx: Db, f: EvaluationFilter) => {
  let query = tx.selectFrom('evaluation')
  if (f.from) query = query.where('submitted_at', '>=', f.from)
  if (f.to) query = query.where('submitted_at', '<', f.to)
  if (f.levels && f.levels.length > 0) query = query.where('level', 'in', f.levels)
  if (f.organizationPath)
    query = query.where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.hall) query = query.where('hall_code', '=', f.hall)
  if (f.window) query = query.where('window_code', '=', f.window)
  if (f.item) query = query.where('item_code', '=', f.item)
  if (f.channel) query = query.where('channel', '=', f.channel)
  if (f.words !== undefined) query = query.where('has_words', '=', f.words)
  if (f.receipt) query = query.where('receipt_number', '=', f.receipt)
  if (f.negative === true) query = query.where(sql<SqlBool>`(level <= 2 or coalesce(hall_level, 5) <= 2)`)
  if (f.negative === false) query = query.where(sql<SqlBool>`level > 2 and coalesce(hall_level, 5) > 2`)
  return query
}

export async function listEvaluations(tx: Db, filter: EvaluationFilter, page: number, pageSize: number) {
  const query = filtered(tx, filter)
  const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('submitted_at', 'desc')
    .orderBy('evaluation_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows }
}
