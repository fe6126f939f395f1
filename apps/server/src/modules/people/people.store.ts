import { type Kysely, type Selectable, sql } from 'kysely'
import type { PersonalDataTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type PersonalRow = Selectable<PersonalDataTable>

export const insertPerson = (tx: Db, row: PersonalRow) =>
  tx
    .insertInto('personal_data')
    .values(row)
    .onConflict((c) => c.columns(['evaluation_id', 'owner_id']).doNothing())
    .execute()

/** Those of the evaluations behind which somebody's telephone number is held. */
export const withPhone = async (db: Db, evaluationIds: string[]): Promise<Set<string>> => {
  const rows = await db
    .selectFrom('personal_data')
    .select('evaluation_id')
    .where('evaluation_id', '=', sql<string>`any(${evaluationIds}::uuid[])`)
    .where('phone', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.evaluation_id))
}

/** All that is held about the people of one evaluation: of the visit, and of the evaluator's own words. */
export const peopleOf = (db: Db, evaluationId: string) =>
  db.selectFrom('personal_data').selectAll().where('evaluation_id', '=', evaluationId).execute()
