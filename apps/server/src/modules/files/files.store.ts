import { type Kysely, type Selectable, sql } from 'kysely'
import { FIRST_ID } from '../../platform/pages.ts'
import type { EvidenceFileTable, JsonValue, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type EvidenceFile = Selectable<EvidenceFileTable>

export const insertFile = (tx: Db, row: EvidenceFile) => tx.insertInto('evidence_file').values(row).execute()

export const filesOf = (db: Db, evaluationId: string) =>
  db
    .selectFrom('evidence_file')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .orderBy('uploaded_at')
    .orderBy('file_id')
    .execute()

export const fileById = (db: Db, evaluationId: string, fileId: string) =>
  db
    .selectFrom('evidence_file')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('file_id', '=', fileId)
    .executeTakeFirst()

/** The kinds of the entries that name a file, of those that may be seen. */
export const kindsNaming = async (db: Db, evaluationId: string, fileId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('journal_entry')
    .select('kind')
    .distinct()
    .where('subject_id', '=', evaluationId)
    .where(sql<boolean>`payload -> 'evidence' @> ${JSON.stringify([{ fileId }])}::jsonb`)
    .execute()
  return rows.map((row) => row.kind)
}

const lockKey = (digest: string) => sql`hashtextextended(${`haochaping:file:${digest}`}, 0)`

/** Until the transaction ends nobody takes away the content of this digest; many may hold it. */
export const holdDigest = (tx: Db, digest: string) =>
  sql`select pg_advisory_xact_lock_shared(${lockKey(digest)})`.execute(tx)

/** Until the transaction ends nobody names the content of this digest. */
export const claimDigest = (tx: Db, digest: string) =>
  sql`select pg_advisory_xact_lock(${lockKey(digest)})`.execute(tx)

/** Those of the digests that a row names. */
export const knownDigests = async (db: Db, digests: string[]): Promise<Set<string>> => {
  if (digests.length === 0) return new Set()
  const rows = await db
    .selectFrom('evidence_file')
    .select('digest')
    .distinct()
    .where('digest', 'in', digests)
    .execute()
  return new Set(rows.map((row) => row.digest))
}

/** A place in the journal, to go on from. */
export interface EntryKey {
  subject_id: string
  entry_id: string
}
export const FIRST: EntryKey = { subject_id: FIRST_ID, entry_id: FIRST_ID }
/** An entry that names evidence. */
export type NamingEntry = EntryKey & { payload: Record<string, JsonValue> }

/** Entries that name evidence, of whatever kind, in the order of their keys. */
export const entriesNamingFiles = async (db: Db, after: EntryKey, limit: number) => {
  const rows = await db
    .selectFrom('journal_entry')
    .select(['subject_id', 'entry_id', 'payload'])
    .where((e) => sql<boolean>`${e.ref('payload')} ? 'evidence'`)
    .where(
      (e) =>
        sql<boolean>`(${e.ref('subject_id')}, ${e.ref('entry_id')}) > (${after.subject_id}::uuid, ${after.entry_id}::uuid)`,
    )
    .orderBy('subject_id')
    .orderBy('entry_id')
    .limit(limit)
    .execute()
  return rows as NamingEntry[]
}

/** A row's key and the digest it names. */
export type NamedContent = Pick<EvidenceFile, 'evaluation_id' | 'file_id' | 'digest'>

/** Rows in the order of their keys, for a look at their content. */
export const rowsAfter = (db: Db, after: Omit<NamedContent, 'digest'>, limit: number) =>
  db
    .selectFrom('evidence_file')
    .select(['evaluation_id', 'file_id', 'digest'])
    .where(
      (e) =>
        sql<boolean>`(${e.ref('evaluation_id')}, ${e.ref('file_id')}) > (${after.evaluation_id}::uuid, ${after.file_id}::uuid)`,
    )
    .orderBy('evaluation_id')
    .orderBy('file_id')
    .limit(limit)
    .execute()
