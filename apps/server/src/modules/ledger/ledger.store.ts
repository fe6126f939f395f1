import { type Kysely, sql } from 'kysely'
import { bigints, byteas, smallints, uuids } from '../../platform/pg-arrays.ts'
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
  // The waiting entries are then looked up one by one: the table they wait in is empty whenever it is analysed, and the
  // planner would read the whole journal for them.
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('haochaping:sealer')) as locked,
      set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`.execute(tx)
  return rows[0]?.locked ?? false
}

/** Those of the waiting entries that have waited longest, in the order in which they were recorded. */
export async function pendingEntries(tx: Db, limit: number): Promise<StoredEntry[]> {
  const { rows } = await sql<StoredEntry>`/* prepare pendingEntries */
    select e.subject_id, e.entry_id, e.kind, e.recorded_at, e.actor, e.payload
    from (select subject_id, entry_id from journal_pending order by since limit ${limit}) as w
    join journal_entry e on e.subject_id = w.subject_id and e.entry_id = w.entry_id
    order by e.recorded_at, e.entry_id`.execute(tx)
  return rows
}

export const deletePending = (tx: Db, entries: { subject_id: string; entry_id: string }[]) =>
  sql`/* prepare deletePending */
    delete from journal_pending p using unnest(
      ${uuids(entries.map((e) => e.subject_id))}::uuid[], ${uuids(entries.map((e) => e.entry_id))}::uuid[]
    ) as done (subject_id, entry_id) where p.subject_id = done.subject_id and p.entry_id = done.entry_id`.execute(
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
) =>
  // One array a column: a statement with thousands of parameters takes longer to write than to run.
  sql`/* prepare insertLeaves */
    insert into ledger_leaf (position, subject_id, entry_id, leaf_hash) select * from unnest(
      ${bigints(leaves.map((l) => l.position))}::bigint[], ${uuids(leaves.map((l) => l.subject_id))}::uuid[],
      ${uuids(leaves.map((l) => l.entry_id))}::uuid[], ${byteas(leaves.map((l) => l.leaf_hash))}::bytea[])`.execute(
    tx,
  )

export const insertNodes = (tx: Db, nodes: { level: number; index: number; hash: Uint8Array }[]) =>
  sql`/* prepare insertNodes */
    insert into ledger_node (level, index, hash) select * from unnest(
      ${smallints(nodes.map((n) => n.level))}::smallint[], ${bigints(nodes.map((n) => n.index))}::bigint[],
      ${byteas(nodes.map((n) => n.hash))}::bytea[])`.execute(tx)

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

/** Every checkpoint, smallest first; `finer` as in `sealedFrom`. */
export const allCheckpoints = (db: Db) =>
  db
    .selectFrom('ledger_checkpoint')
    .selectAll()
    .select(sql<boolean>`issued_at <> date_trunc('milliseconds', issued_at)`.as('finer'))
    .orderBy('size')
    .execute()

/** How many leaves and inner nodes are stored. */
export const counts = async (db: Db): Promise<{ leaves: number; nodes: number }> => {
  const { rows } = await sql<{ leaves: number; nodes: number }>`
    select (select count(*) from ledger_leaf) as leaves, (select count(*) from ledger_node) as nodes`.execute(
    db,
  )
  return rows[0]!
}

export const leafOf = (db: Db, subjectId: string, entryId: string) =>
  db
    .selectFrom('ledger_leaf')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('entry_id', '=', entryId)
    .executeTakeFirst()

/** The leaves of everything that happened to a subject. */
export const leavesOf = (db: Db, subjectId: string) =>
  db
    .selectFrom('ledger_leaf')
    .select(['entry_id', 'position', 'leaf_hash'])
    .where('subject_id', '=', subjectId)
    .execute()

export const entryById = (db: Db, subjectId: string, entryId: string) =>
  db
    .selectFrom('journal_entry')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .where('entry_id', '=', entryId)
    .executeTakeFirst()

/** All entries of some subjects with their free texts, oldest first. */
export const histories = (db: Db, subjectIds: string[]) =>
  db
    .selectFrom('journal_entry as e')
    .leftJoin('entry_text as t', (on) =>
      on.onRef('t.subject_id', '=', 'e.subject_id').onRef('t.entry_id', '=', 'e.entry_id'),
    )
    .select(['e.subject_id', 'e.kind', 'e.recorded_at', 'e.actor', 'e.payload', 't.content'])
    .where('e.subject_id', 'in', subjectIds)
    .orderBy('e.recorded_at')
    .orderBy('e.entry_id')
    .execute()

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
    // Hashed to the millisecond, which is all the program writes; what is finer was put there by somebody else.
    .select(
      sql<boolean>`journal_entry.recorded_at <> date_trunc('milliseconds', journal_entry.recorded_at)`.as(
        'finer',
      ),
    )
    .where('ledger_leaf.position', '>=', position)
    .orderBy('ledger_leaf.position')
    .limit(limit)
    .execute()

/** Where a consumer stands, locked until the transaction ends; it begins at the first entry. */
export const cursorForUpdate = async (tx: Db, consumer: string): Promise<number> => {
  const read = () =>
    tx
      .selectFrom('consumer_cursor')
      .select('position')
      .where('consumer', '=', consumer)
      .forUpdate()
      .executeTakeFirst()
  const known = await read()
  if (known) return known.position
  await tx
    .insertInto('consumer_cursor')
    .values({ consumer, position: 0 })
    .onConflict((c) => c.doNothing())
    .execute()
  return (await read())?.position ?? 0
}

export const moveCursor = (tx: Db, consumer: string, position: number) =>
  tx.updateTable('consumer_cursor').set({ position }).where('consumer', '=', consumer).execute()

export const cursors = (db: Db) => db.selectFrom('consumer_cursor').selectAll().execute()
