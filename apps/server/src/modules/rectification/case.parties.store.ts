import { REOPENING_EVENTS } from '@haochaping/rules'
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { CasePartyTable, CaseSourceTable } from '../../platform/tables.rectification.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'

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

const BEGINNINGS = ['case.opened', 'case.joined', ...REOPENING_EVENTS.map((event) => `case.${event}`)]
const HELPING = ['case.add_co_handler', 'case.remove_co_handler']

/** An entry that says where a case came from, or who handles it beside the lead. */
export interface TellingEntry {
  subject_id: string
  kind: string
  payload: Record<string, JsonValue>
}

/** All that the journal tells of the lists beside some cases, oldest first. Before sources were kept, reopening was not one. */
export const tellingEntries = async (db: Db, evaluationIds: string[]): Promise<TellingEntry[]> =>
  (await db
    .selectFrom('journal_entry')
    .select(['subject_id', 'kind', 'payload'])
    .where('subject_id', 'in', evaluationIds)
    .where('kind', 'like', 'case.%')
    .where((e) =>
      e.or([
        e('kind', 'in', [...BEGINNINGS, ...HELPING]),
        e(sql`payload -> 'formerOrganizationId'`, 'is not', null),
      ]),
    )
    .where((e) => e.or([e('kind', '=', 'case.opened'), e(sql`payload -> 'clocksDigest'`, 'is not', null)]))
    .orderBy(sql`(payload ->> 'version')::int`)
    .execute()) as TellingEntry[]
