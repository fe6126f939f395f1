import type { Kysely, Selectable } from 'kysely'
import type { PersonalDataTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type PersonalRow = Selectable<PersonalDataTable>

export const insertPersons = (tx: Db, rows: PersonalRow[]) =>
  tx
    .insertInto('personal_data')
    .values(rows)
    .onConflict((c) => c.columns(['evaluation_id', 'owner_id']).doNothing())
    .execute()

/** All that is held about the people of one evaluation: of the visit, and of the evaluator's own words. */
export const peopleOf = (db: Db, evaluationId: string) =>
  db.selectFrom('personal_data').selectAll().where('evaluation_id', '=', evaluationId).execute()

/** The keyed index of the telephone number that leads to whoever said each of these: their own before a reported one. */
export const phonesOf = async (db: Db, evaluationIds: string[]): Promise<Map<string, string>> => {
  const rows = await db
    .selectFrom('personal_data')
    .distinctOn('evaluation_id')
    .select(['evaluation_id', 'phone_index'])
    .where('evaluation_id', 'in', evaluationIds)
    .where('phone_index', 'is not', null)
    .orderBy('evaluation_id')
    .orderBy((e) => e('owner_id', '=', e.ref('evaluation_id')), 'desc')
    .execute()
  return new Map(rows.map((row) => [row.evaluation_id, row.phone_index?.toString('hex') ?? '']))
}

/** What a telephone number is held with, by its keyed index. */
export const evaluationsByPhone = async (db: Db, phoneIndex: Buffer): Promise<string[]> => {
  const rows = await db
    .selectFrom('personal_data')
    .select('evaluation_id')
    .distinct()
    .where('phone_index', '=', phoneIndex)
    .execute()
  return rows.map((row) => row.evaluation_id)
}
