import type { Kysely, Selectable } from 'kysely'
import type { MatterLinkTable } from '../../platform/tables.sources.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type MatterLink = Selectable<MatterLinkTable>

/** The cases that ratings and complaints were joined to; one with a case of its own, or none, has no link. */
export const linksOf = async (db: Db, ids: string[]): Promise<Map<string, string>> => {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('matter_link')
    .select(['evaluation_id', 'case_evaluation_id'])
    .where('evaluation_id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.evaluation_id, row.case_evaluation_id]))
}

/** True when the link was written now; false when this source was joined before. */
export async function insertLink(tx: Db, row: MatterLink): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('matter_link')
    .values(row)
    .onConflict((c) => c.column('evaluation_id').doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** The number and state of these cases, as far as the connection may see them. */
export const caseHeads = (db: Db, ids: string[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('rectification_case')
        .select(['evaluation_id', 'case_number', 'state', 'replied', 'closed_at'])
        .where('evaluation_id', 'in', ids)
        .execute()
