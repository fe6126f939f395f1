import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import { textCommitment } from './journal.ts'
import * as store from './ledger.store.ts'
import type { Finding } from './verify.ts'

const BATCH = 1_000

/** Leaves, nodes and cursors that the log has no room for. */
export async function checkCounts(
  db: Kysely<Tables>,
  size: number,
  report: (f: Finding) => void,
): Promise<void> {
  const { leaves, nodes } = await store.counts(db)
  if (leaves !== size)
    report({ where: `position ${size}`, what: `${leaves} leaves are stored for ${size} positions` })
  let expected = 0
  for (let width = 2; width <= size; width *= 2) expected += Math.floor(size / width)
  if (nodes !== expected)
    report({
      where: `node of size ${size}`,
      what: `${nodes} tree nodes are stored, ${expected} belong to it`,
    })
  for (const { consumer, position } of await store.cursors(db))
    if (position > size)
      report({
        where: `position ${size}`,
        what: `${consumer} has already followed ${position} entries: entries were removed`,
      })
}

/** Free texts against the commitments their entries hold, both ways. */
export async function checkTexts(db: Kysely<Tables>, report: (f: Finding) => void): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await db
      .selectFrom('entry_text')
      .leftJoin('journal_entry', (on) =>
        on
          .onRef('journal_entry.subject_id', '=', 'entry_text.subject_id')
          .onRef('journal_entry.entry_id', '=', 'entry_text.entry_id'),
      )
      .select(['entry_text.entry_id', 'entry_text.salt', 'entry_text.content', 'journal_entry.payload'])
      .where('entry_text.entry_id', '>', after)
      .orderBy('entry_text.entry_id')
      .limit(BATCH)
      .execute()
    if (rows.length === 0) break
    for (const row of rows) {
      const committed = (row.payload as { textCommitment?: unknown } | null)?.textCommitment
      if (committed !== textCommitment(row.salt, row.content as Record<string, string>))
        report({
          where: `entry ${row.entry_id}`,
          what: 'its text does not fit the commitment in the journal: it was changed',
        })
    }
    after = rows.at(-1)!.entry_id
  }
  const { rows } = await sql<{ entry_id: string }>`
    select e.entry_id from journal_entry e
    where e.payload ? 'textCommitment'
      and not exists (select 1 from entry_text t where t.subject_id = e.subject_id and t.entry_id = e.entry_id)
    limit 20`.execute(db)
  for (const row of rows)
    report({ where: `entry ${row.entry_id}`, what: 'its text, which the journal commits to, was deleted' })
}

/** Entries that are neither sealed nor waiting were kept from the sealer. Gives how many entries there are. */
export async function checkJournal(db: Kysely<Tables>, report: (f: Finding) => void): Promise<number> {
  const { rows } = await sql<{ subject_id: string; entry_id: string; kind: string }>`
    select e.subject_id, e.entry_id, e.kind from journal_entry e
    where not exists (select 1 from ledger_leaf l where l.subject_id = e.subject_id and l.entry_id = e.entry_id)
      and not exists (select 1 from journal_pending p where p.subject_id = e.subject_id and p.entry_id = e.entry_id)
    limit 20`.execute(db)
  for (const row of rows)
    report({
      where: `entry ${row.entry_id}`,
      what: `a ${row.kind} entry that is neither sealed nor waiting to be`,
    })
  const { count } = await db
    .selectFrom('journal_entry')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
