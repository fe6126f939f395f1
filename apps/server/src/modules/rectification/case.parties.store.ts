import { REOPENING_EVENTS } from '@haochaping/rules'
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { CasePartyTable, CaseSourceTable } from '../../platform/tables.rectification.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type CaseParty = Selectable<CasePartyTable>
export type CaseSource = Selectable<CaseSourceTable>

/** True when it was not there yet. */
export const insertSource = async (tx: Db, row: Insertable<CaseSourceTable>): Promise<boolean> => {
  const inserted = await tx
    .insertInto('case_source')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

export const insertParty = (tx: Db, row: Insertable<CasePartyTable>) =>
  tx.insertInto('case_party').values(row).execute()

/** An organisation that is taken off a case, or becomes its lead, no longer helps. */
export const endCoHandling = (tx: Db, evaluationId: string, organizationId: string, at: Date) =>
  tx
    .updateTable('case_party')
    .set({ until: at })
    .where('evaluation_id', '=', evaluationId)
    .where('organization_id', '=', organizationId)
    .where('kind', '=', 'co')
    .where('until', 'is', null)
    .execute()

export const partiesOf = (db: Db, evaluationIds: string[]): Promise<CaseParty[]> =>
  db
    .selectFrom('case_party')
    .selectAll()
    .where('evaluation_id', 'in', evaluationIds)
    .orderBy('since')
    .orderBy('party_id')
    .execute()

/** What a case came from, in order; of the same moment, what it began with comes before its beginning again. */
export const sourcesOf = (db: Db, evaluationIds: string[]): Promise<CaseSource[]> =>
  db
    .selectFrom('case_source')
    .selectAll()
    .where('evaluation_id', 'in', evaluationIds)
    .orderBy('at')
    .orderBy(sql`kind = 'reopened'`)
    .orderBy('source_id')
    .execute()

const TELLING = ['case.opened', 'case.joined', ...REOPENING_EVENTS.map((event) => `case.${event}`)]

/** How many sources the journal tells of, by case. Before sources were kept, reopening was not one. */
export const joinedOf = async (db: Db, evaluationIds: string[]): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom('journal_entry')
    .select((e) => ['subject_id', e.fn.countAll<number>().as('n')])
    .where('subject_id', 'in', evaluationIds)
    .where('kind', 'in', TELLING)
    .where((e) => e.or([e('kind', '=', 'case.opened'), e(sql`payload -> 'clocksDigest'`, 'is not', null)]))
    .groupBy('subject_id')
    .execute()
  return new Map(rows.map((row) => [row.subject_id, Number(row.n)]))
}
