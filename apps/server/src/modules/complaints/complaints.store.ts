import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely'
import type { ComplaintTable } from '../../platform/tables.sources.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type ComplaintRow = Selectable<ComplaintTable>

/** True when it was written now; false when it was there already. */
export async function insertComplaint(tx: Db, row: ComplaintRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('complaint')
    .values(row)
    .onConflict((c) => c.column('evaluation_id').doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export const complaintById = (db: Db, id: string): Promise<ComplaintRow | undefined> =>
  db.selectFrom('complaint').selectAll().where('evaluation_id', '=', id).executeTakeFirst()

export const wordsOf = async (db: Db, row: Pick<ComplaintRow, 'evaluation_id' | 'entry_id'>) => {
  const found = await db
    .selectFrom('entry_text')
    .select('content')
    .where('subject_id', '=', row.evaluation_id)
    .where('entry_id', '=', row.entry_id)
    .executeTakeFirst()
  const words = (found?.content as { words?: unknown } | undefined)?.words
  return typeof words === 'string' ? words : null
}

export const positionOf = async (db: Db, row: Pick<ComplaintRow, 'evaluation_id' | 'entry_id'>) => {
  const found = await db
    .selectFrom('ledger_leaf')
    .select('position')
    .where('subject_id', '=', row.evaluation_id)
    .where('entry_id', '=', row.entry_id)
    .executeTakeFirst()
  return found?.position ?? null
}

/** The affair and the person that each of these complaints is about; '' for what it does not name. */
export async function aboutOf(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('complaint')
    .select(['evaluation_id', 'affair_number', 'matter_id', 'staff_number'])
    .where('evaluation_id', 'in', ids)
    .execute()
  return rows.map((row) => ({
    evaluationId: row.evaluation_id,
    affairNumber: row.affair_number,
    matterId: row.matter_id,
    staffNumber: row.staff_number,
  }))
}

/** What a list of complaints may be narrowed by. */
export interface ComplaintFilter {
  kind?: string | undefined
  medium?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  organizationPath?: string | undefined
  number?: string | undefined
}

export async function listComplaints(tx: Db, f: ComplaintFilter, page: number, pageSize: number) {
  let query = tx.selectFrom('complaint')
  if (f.kind) query = query.where('kind', '=', f.kind)
  if (f.medium) query = query.where('medium', '=', f.medium)
  if (f.from) query = query.where('recorded_at', '>=', f.from)
  if (f.to) query = query.where('recorded_at', '<', f.to)
  if (f.organizationPath)
    query = query.where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  if (f.number)
    query = query.where((e) =>
      e.or([e('complaint_number', '=', f.number!.toUpperCase()), e('source_number', '=', f.number!)]),
    )
  const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('recorded_at', 'desc')
    .orderBy('evaluation_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows }
}

/** Complaints after one, each beside its journal entry. */
export const complaintsWithEntries = (db: Db, after: string, limit: number) =>
  db
    .selectFrom('complaint as c')
    .leftJoin('journal_entry as e', (on) =>
      on
        .onRef('e.subject_id', '=', 'c.evaluation_id')
        .onRef('e.entry_id', '=', 'c.entry_id')
        .on('e.kind', '=', 'complaint.received'),
    )
    .selectAll('c')
    .select('e.payload')
    // Compared where they are stored: a date in the program would not tell microseconds apart.
    .select(
      sql<boolean>`c.recorded_at is not distinct from e.recorded_at
        and c.received_at = date_trunc('milliseconds', c.received_at)`.as('on_time'),
    )
    .where('c.evaluation_id', '>', after)
    .orderBy('c.evaluation_id')
    .limit(limit)
    .execute()

/** Complaints that are in the journal and have no row. */
export const missingComplaints = (db: Db, limit: number) =>
  db
    .selectFrom('journal_entry')
    .leftJoin('complaint', 'complaint.evaluation_id', 'journal_entry.subject_id')
    .select('journal_entry.subject_id')
    .where('journal_entry.kind', '=', 'complaint.received')
    .where('complaint.evaluation_id', 'is', null)
    .limit(limit)
    .execute()
