import type { Kysely, Selectable } from 'kysely'
import type { PersonalDataTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type PersonalRow = Selectable<PersonalDataTable>

export const insertPerson = (tx: Db, row: PersonalRow) =>
  tx
    .insertInto('personal_data')
    .values(row)
    .onConflict((c) => c.columns(['evaluation_id', 'owner_id']).doNothing())
    .execute()

/** All that is held about the people of one evaluation: of the visit, and of the evaluator's own words. */
export const peopleOf = (db: Db, evaluationId: string) =>
  db.selectFrom('personal_data').selectAll().where('evaluation_id', '=', evaluationId).execute()
