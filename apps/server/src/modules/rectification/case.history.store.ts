import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import type { CaseRow } from './case.ts'

type Db = Kysely<Tables>
const SHOWN = [
  'evaluation_id',
  'case_number',
  'state',
  'outcome',
  'level',
  'source_kind',
  'item_code',
  'staff_number',
  'opened_at',
] as const
export type EarlierCase = Pick<CaseRow, (typeof SHOWN)[number]>

/** The other cases of a matter, the newest first, as far as the transaction may see them. */
export const othersOfMatter = async (tx: Db, row: CaseRow, limit: number): Promise<EarlierCase[]> =>
  row.matter_id === null
    ? []
    : ((await tx
        .selectFrom('rectification_case')
        .select(SHOWN)
        .where('matter_id', '=', row.matter_id)
        .where('evaluation_id', '<>', row.evaluation_id)
        .orderBy('opened_at', 'desc')
        .limit(limit)
        .execute()) as EarlierCase[])

/**
 * Cases of the same handling organisation about the same item or the same person, opened since a day, the newest
 * first. Open and closed ones are sought apart, each by the index they are in.
 */
export const similarCases = async (
  tx: Db,
  row: CaseRow,
  since: Date,
  limit: number,
): Promise<EarlierCase[]> => {
  const similar = (condition: ReturnType<typeof sql<SqlBool>>) =>
    tx
      .selectFrom('rectification_case')
      .select(SHOWN)
      .where('organization_path', '=', row.organization_path)
      .where(condition)
      .where('opened_at', '>=', since)
      .where('evaluation_id', '<>', row.evaluation_id)
      .where(
        sql<SqlBool>`(item_code = ${row.item_code} and item_code <> ''
          or staff_number = ${row.staff_number} and staff_number <> '')`,
      )
      .orderBy('opened_at', 'desc')
      .limit(limit)
      .execute()
  const found = [
    ...(await similar(sql`state <> 'closed'`)),
    ...(await similar(sql`(state = 'closed' and closed_at >= ${since})`)),
  ] as EarlierCase[]
  return found.sort((a, b) => b.opened_at.getTime() - a.opened_at.getTime()).slice(0, limit)
}
