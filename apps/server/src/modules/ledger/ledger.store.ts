import { type Kysely, sql } from 'kysely'
import type { JsonValue, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

/** An entry as it is stored, with its place in the log when it has one. */
export interface StoredEntry {
  subject_id: string
  entry_id: string
  kind: string
  recorded_at: Date
  actor: string
  payload: JsonValue
}

/** One sealer at a time, whichever process it runs in; held until the transaction ends. */
export const trySealerLock = async (tx: Db): Promise<boolean> => {
  const { rows } = await sql<{
    locked: boolean
  }>`select pg_try_advisory_xact_lock(hashtext('haochaping:sealer')) as locked`.execute(tx)
  return rows[0]?.locked ?? false
}

export const pendingEntries = (tx: Db, limit: number): Promise<StoredEntry[]> =>
  tx
    .selectFrom('journal_pending')
    .innerJoin('journal_entry', (on) =>
      on
        .onRef('journal_entry.subject_id', '=', 'journal_pending.subject_id')
        .onRef('journal_entry.entry_id', '=', 'journal_pending.entry_id'),
    )
    .selectAll('journal_entry')
    .orderBy('journal_entry.recorded_at')
    .orderBy('journal_entry.entry_id')
    .limit(limit)
    .execute()

export const deletePending = (tx: Db, entries: { subject_id: string; entry_id: string }[]) =>
  sql`delete from journal_pending p using unnest(${entries.map((e) => e.subject_id)}::uuid[], ${entries.map((e) => e.entry_id)}::uuid[])
    as done (subject_id, entry_id) where p.subject_id = done.subject_id and p.entry_id = done.entry_id`.execute(
    tx,
  )

export const ledgerSize = async (db: Db): Promise<number> => {
  const row = await db
    .selectFrom('ledger_leaf')
    .select((e) => e.fn.max('position').as('last'))
    .executeTakeFirst()
  return row?.last == null ? 0 : Number(row.last) + 1
}

export const insertLeaves = (
  tx: Db,
  leaves: { position: number; subject_id: string; entry_id: string; leaf_hash: Buffer }[],
) => tx.insertInto('ledger_leaf').values(leaves).execute()

export const insertNodes = (tx: Db, nodes: { level: number; index: number; hash: Buffer }[]) =>
  tx.insertInto('ledger_node').values(nodes).execute()

/** Hashes of complete subtrees by coordinate; level 0 are the leaves. */
export async function nodeHashes(
  db: Db,
  wanted: { level: number; index: number }[],
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  const leaves = wanted.filter((n) => n.level === 0).map((n) => n.index)
  const inner = wanted.filter((n) => n.level > 0)
  if (leaves.length > 0)
    for (const row of await db
      .selectFrom('ledger_leaf')
      .select(['position', 'leaf_hash'])
      .where('position', 'in', leaves)
      .execute())
      found.set(`0:${row.position}`, row.leaf_hash)
  if (inner.length > 0) {
    const { rows } = await sql<{ level: number; index: number; hash: Buffer }>`
      select n.level, n.index, n.hash from ledger_node n
      join unnest(${inner.map((n) => n.level)}::int[], ${inner.map((n) => n.index)}::bigint[]) as w (level, index)
        on w.level = n.level and w.index = n.index`.execute(db)
    for (const row of rows) found.set(`${row.level}:${row.index}`, row.hash)
  }
  return found
}

export const insertCheckpoint = (
  tx: Db,
  row: { size: number; root: Buffer; issued_at: Date; key_id: string; body: string; signature: Buffer },
) => tx.insertInto('ledger_checkpoint').values(row).execute()

export const latestCheckpoint = (db: Db) =>
  db.selectFrom('ledger_checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst()

export const checkpoints = (db: Db, limit: number, offset: number) =>
  db.selectFrom('ledger_checkpoint').selectAll().orderBy('size', 'desc').limit(limit).offset(offset).execute()

export const leafOf = (db: Db, subjectId: string, entryId: string) =>
  db
    .selectFrom('ledger_leaf')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('entry_id', '=', entryId)
    .executeTakeFirst()

export const entryById = (db: Db, subjectId: string, entryId: string) =>
  db
    .selectFrom('journal_entry')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('entry_id', '=', entryId)
    .executeTakeFirst()

/** Sealed entries in ledger order, from a position on. */
export const sealedFrom = (db: Db, position: number, limit: number) =>
  db
    .selectFrom('ledger_leaf')
    .leftJoin('journal_entry', (on) =>
      on
        .onRef('journal_entry.subject_id', '=', 'ledger_leaf.subject_id')
        .onRef('journal_entry.entry_id', '=', 'ledger_leaf.entry_id'),
    )
    .select([
      'ledger_leaf.position',
      'ledger_leaf.subject_id',
      'ledger_leaf.entry_id',
      'ledger_leaf.leaf_hash',
      'journal_entry.kind',
      'journal_entry.recorded_at',
      'journal_entry.actor',
      'journal_entry.payload',
    ])
    .where('ledger_leaf.position', '>=', position)
    .orderBy('ledger_leaf.position')
    .limit(limit)
    .execute()

export const cursorForUpdate = async (tx: Db, consumer: string): Promise<number> => {
  await tx
    .insertInto('consumer_cursor')
    .values({ consumer, position: 0 })
    .onConflict((c) => c.doNothing())
    .execute()
  const row = await tx
    .selectFrom('consumer_cursor')
    .select('position')
    .where('consumer', '=', consumer)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.position
}

export const moveCursor = (tx: Db, consumer: string, position: number) =>
  tx.updateTable('consumer_cursor').set({ position }).where('consumer', '=', consumer).execute()

export const cursors = (db: Db) => db.selectFrom('consumer_cursor').selectAll().execute()

/** The journal for the auditor, newest first; sealed ones with their position. */
export const journalPage = (db: Db, kind: string | undefined, limit: number, offset: number) => {
  let query = db
    .selectFrom('journal_entry')
    .leftJoin('ledger_leaf', (on) =>
      on
        .onRef('ledger_leaf.subject_id', '=', 'journal_entry.subject_id')
        .onRef('ledger_leaf.entry_id', '=', 'journal_entry.entry_id'),
    )
    .select([
      'journal_entry.subject_id',
      'journal_entry.entry_id',
      'kind',
      'recorded_at',
      'actor',
      'ledger_leaf.position',
    ])
  if (kind) query = query.where('kind', '=', kind)
  return query.orderBy('recorded_at', 'desc').limit(limit).offset(offset).execute()
}
