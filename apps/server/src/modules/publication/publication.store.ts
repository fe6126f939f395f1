import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely'
import type { PublicationCaseTable, Tables } from '../../platform/tables.ts'
import type { PublicCase } from './public-case.ts'

type Db = Kysely<Tables>

export const saveCase = (tx: Db, c: PublicCase) => {
  const row = {
    case_number: c.caseNumber,
    source_kind: c.sourceKind,
    level: c.level,
    hall_level: c.hallLevel,
    options: JSON.stringify(c.options),
    item_code: c.itemCode,
    organization_id: c.organizationId,
    organization_path: c.organizationPath,
    region_code: c.regionCode,
    rated_at: c.ratedAt,
    opened_at: c.openedAt,
    replied_at: c.repliedAt,
    closed_at: c.closedAt,
    outcome: c.outcome,
    rejection_reason: c.rejectionReason,
    rounds: c.rounds,
    ever_overdue: c.everOverdue,
    follow_up_level: c.followUp?.level ?? null,
    follow_up_at: c.followUp?.at ?? null,
    steps: JSON.stringify(c.steps),
  }
  return tx
    .insertInto('publication_case')
    .values(row)
    .onConflict((on) => on.column('case_number').doUpdateSet(row))
    .execute()
}

export const forgetCases = async (tx: Db): Promise<void> => {
  await tx.deleteFrom('publication_case').execute()
}

/** Takes the record of a case back: it was opened again, so nothing that is written of its end holds. */
export const forgetCase = (tx: Db, caseNumber: string) =>
  tx.deleteFrom('publication_case').where('case_number', '=', caseNumber).execute()

const asCase = (row: Selectable<PublicationCaseTable>): PublicCase => ({
  caseNumber: row.case_number,
  sourceKind: row.source_kind as PublicCase['sourceKind'],
  level: row.level,
  hallLevel: row.hall_level,
  options: row.options as unknown as string[],
  itemCode: row.item_code,
  organizationId: row.organization_id,
  organizationPath: row.organization_path,
  regionCode: row.region_code,
  ratedAt: row.rated_at,
  openedAt: row.opened_at,
  repliedAt: row.replied_at,
  closedAt: row.closed_at,
  outcome: row.outcome as PublicCase['outcome'],
  rejectionReason: row.rejection_reason as PublicCase['rejectionReason'],
  rounds: row.rounds,
  everOverdue: row.ever_overdue,
  followUp:
    row.follow_up_level !== null && row.follow_up_at !== null
      ? { level: row.follow_up_level, at: row.follow_up_at }
      : null,
  steps: row.steps as unknown as PublicCase['steps'],
})

export const caseByNumber = async (db: Db, number: string): Promise<PublicCase | null> => {
  const row = await db
    .selectFrom('publication_case')
    .selectAll()
    .where('case_number', '=', number)
    .executeTakeFirst()
  return row ? asCase(row) : null
}

/** What the list of published cases may be narrowed by. */
export interface PublicCaseFilter {
  path: string
  outcome?: PublicCase['outcome'] | undefined
  item?: string | undefined
}

export async function cases(db: Db, filter: PublicCaseFilter, page: number, pageSize: number) {
  let query = db
    .selectFrom('publication_case')
    .where(sql<SqlBool>`starts_with(organization_path, ${filter.path})`)
  if (filter.outcome) query = query.where('outcome', '=', filter.outcome)
  if (filter.item) query = query.where('item_code', '=', filter.item)
  const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('closed_at', 'desc')
    .orderBy('case_number')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows: rows.map(asCase) }
}

/** Closed cases whose closing the writer of records (a consumer of the ledger) has followed, by evaluation. */
export const closedCases = async (
  db: Db,
  after: string,
  consumer: string,
  limit: number,
): Promise<string[]> => {
  const { rows } = await sql<{ evaluation_id: string }>`
    select distinct e.subject_id as evaluation_id from journal_entry e
    join ledger_leaf l on l.subject_id = e.subject_id and l.entry_id = e.entry_id
    where e.subject_id > ${after}::uuid and e.kind like 'case.%' and e.payload ->> 'to' = 'closed'
      and l.position < (select position from consumer_cursor where consumer = ${consumer})
    order by e.subject_id limit ${limit}`.execute(db)
  return rows.map((row) => row.evaluation_id)
}

/** Those of these evaluations whose follow-up the writer of records has not reached yet. */
export const followUpsToCome = async (db: Db, ids: string[], consumer: string): Promise<Set<string>> => {
  const { rows } = await sql<{ evaluation_id: string }>`
    select e.subject_id as evaluation_id from journal_entry e
    left join ledger_leaf l on l.subject_id = e.subject_id and l.entry_id = e.entry_id
    where e.subject_id = any(${ids}::uuid[]) and e.kind = 'evaluation.followed_up'
      and (l.position is null
        or l.position >= (select position from consumer_cursor where consumer = ${consumer}))`.execute(db)
  return new Set(rows.map((row) => row.evaluation_id))
}

export const countCases = async (db: Db): Promise<number> => {
  const { count } = await db
    .selectFrom('publication_case')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
