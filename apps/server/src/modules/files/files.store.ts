import type { Kysely, Selectable } from 'kysely'
import type { EvidenceFileTable, JsonValue, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type EvidenceFile = Selectable<EvidenceFileTable>

export const insertFile = (tx: Db, row: EvidenceFile) => tx.insertInto('evidence_file').values(row).execute()

export const filesOf = (db: Db, evaluationId: string) =>
  db.selectFrom('evidence_file').selectAll().where('evaluation_id', '=', evaluationId).execute()

export const fileById = (db: Db, evaluationId: string, fileId: string) =>
  db
    .selectFrom('evidence_file')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('file_id', '=', fileId)
    .executeTakeFirst()

/** Entries that name evidence, in the order of their subjects. */
export const entriesNamingFiles = async (db: Db, after: string, limit: number) => {
  const rows = await db
    .selectFrom('journal_entry')
    .select(['subject_id', 'entry_id', 'payload'])
    .where('kind', 'in', ['case.complete', 'case.explained', 'case.propose_rejection'])
    .where('entry_id', '>', after)
    .orderBy('entry_id')
    .limit(limit)
    .execute()
  return rows as { subject_id: string; entry_id: string; payload: Record<string, JsonValue> }[]
}
