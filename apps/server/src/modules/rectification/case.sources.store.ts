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

export const insertLink = (tx: Db, row: MatterLink) => tx.insertInto('matter_link').values(row).execute()

/** The number and state of these cases, as far as the connection may see them. */
export const caseHeads = (db: Db, ids: string[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('rectification_case')
        .select(['evaluation_id', 'case_number', 'state', 'replied', 'closed_at'])
        .where('evaluation_id', 'in', ids)
        .execute()

/** Whom these cases, and the others of their matters and of those given, are about. */
export async function casesAbout(db: Db, ids: string[], matterIds: string[]) {
  const cases = db
    .selectFrom('rectification_case')
    .select(['evaluation_id', 'matter_id', 'staff_number', 'joined_staff'])
  const own = ids.length > 0 ? await cases.where('evaluation_id', 'in', ids).execute() : []
  const matters = [...new Set([...matterIds, ...own.flatMap((row) => row.matter_id ?? [])])]
  if (matters.length === 0) return own
  // Said so that the index of matters, which leaves out those without, is found.
  const ofMatters = await cases.where('matter_id', 'in', matters).where('matter_id', 'is not', null).execute()
  return [...new Map([...own, ...ofMatters].map((row) => [row.evaluation_id, row])).values()]
}

/** Those of these cases that ask whether the problem is solved. */
export const askingCases = (db: Db, ids: string[]) =>
  db
    .selectFrom('rectification_case')
    .select(['evaluation_id', 'case_number', 'round'])
    .where('evaluation_id', 'in', ids)
    .where('state', '=', 'resurvey')
    .execute()

/** The cases of a matter: the open one first, then those closed last. */
export const casesOfMatter = async (db: Db, matterId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('rectification_case')
    .select('evaluation_id')
    .where('matter_id', '=', matterId)
    .orderBy((e) => e('state', '=', 'closed'))
    .orderBy('opened_at', 'desc')
    .execute()
  return rows.map((row) => row.evaluation_id)
}

/** Whoever a case is to be answered to: what it was opened by, and what was joined to it, each once. */
export const evaluatorsOf = async (db: Db, caseId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('case_source')
    .select('source_evaluation_id')
    .distinct()
    .where('evaluation_id', '=', caseId)
    .where('kind', 'in', ['rating', 'complaint', 'opinion'])
    .execute()
  return rows.flatMap((row) => row.source_evaluation_id ?? [])
}

/** Links after one, each beside the entry that says so; read by one statement, so that both are of one moment. */
export const linksWithEntries = (db: Db, after: string, limit: number) =>
  db
    .selectFrom('matter_link as m')
    .leftJoin('journal_entry as e', (on) =>
      on
        .onRef('e.subject_id', '=', 'm.evaluation_id')
        .onRef('e.entry_id', '=', 'm.entry_id')
        .onRef('e.recorded_at', '=', 'm.linked_at')
        .on('e.kind', '=', 'matter.joined'),
    )
    .selectAll('m')
    .select('e.payload')
    .where('m.evaluation_id', '>', after)
    .orderBy('m.evaluation_id')
    .limit(limit)
    .execute()

/** Links that are in the journal and have no row. */
export const missingLinks = (db: Db, limit: number) =>
  db
    .selectFrom('journal_entry')
    .leftJoin('matter_link', 'matter_link.evaluation_id', 'journal_entry.subject_id')
    .select('journal_entry.subject_id')
    .where('journal_entry.kind', '=', 'matter.joined')
    .where('matter_link.evaluation_id', 'is', null)
    .limit(limit)
    .execute()
