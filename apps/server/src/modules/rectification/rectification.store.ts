import type { CaseState } from '@haochaping/rules'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { CaseRow } from './case.ts'

type Db = Kysely<Tables>

const asCase = (row: object | undefined): CaseRow | undefined => row as CaseRow | undefined
const written = (row: CaseRow) => ({
  ...row,
  due_arithmetic: row.due_arithmetic === null ? null : JSON.stringify(row.due_arithmetic),
})

/** The key stays out of an update: it is what a row is distributed by. */
const changed = (row: CaseRow) => {
  const { evaluation_id: _key, case_id: _id, ...rest } = written(row)
  return rest
}

export const caseById = async (db: Db, evaluationId: string): Promise<CaseRow | undefined> =>
  asCase(
    await db
      .selectFrom('rectification_case')
      .selectAll()
      .where('evaluation_id', '=', evaluationId)
      .executeTakeFirst(),
  )

/** The case, locked until the transaction ends: whoever comes second sees what the first one made of it. */
export const lockCase = async (tx: Db, evaluationId: string): Promise<CaseRow | undefined> =>
  asCase(
    await tx
      .selectFrom('rectification_case')
      .selectAll()
      .where('evaluation_id', '=', evaluationId)
      .forUpdate()
      .executeTakeFirst(),
  )

/** True when it was not there yet. */
export const insertCase = async (tx: Db, row: CaseRow): Promise<boolean> => {
  const inserted = await tx
    .insertInto('rectification_case')
    .values(written(row))
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

export const updateCase = (tx: Db, row: CaseRow) =>
  tx
    .updateTable('rectification_case')
    .set(changed(row))
    .where('evaluation_id', '=', row.evaluation_id)
    .where('case_id', '=', row.case_id)
    .execute()

export const statesOf = (db: Db, ids: string[]) =>
  db
    .selectFrom('rectification_case')
    .select(['evaluation_id', 'state'])
    .where('evaluation_id', 'in', ids)
    .execute()

const idsWhere = async (db: Db, condition: ReturnType<typeof sql<SqlBool>>, limit: number) =>
  (
    await db
      .selectFrom('rectification_case')
      .select('evaluation_id')
      .where(condition)
      .orderBy('due_at')
      .limit(limit)
      .execute()
  ).map((row) => row.evaluation_id)

export const newlyOverdue = (db: Db, now: Date, limit: number) =>
  idsWhere(db, sql`due_at < ${now} and not overdue and state not in ('closed', 'resurvey')`, limit)
export const unanswered = (db: Db, now: Date, limit: number) =>
  idsWhere(db, sql`due_at < ${now} and state = 'resurvey'`, limit)
/** Cases whose deadline crosses one of these years without knowing its holidays. */
export const provisionalIn = (db: Db, years: number[], limit: number) =>
  idsWhere(
    db,
    sql`due_provisional and state <> 'closed' and exists (
      select 1 from jsonb_array_elements_text(due_arithmetic -> 'missingYears') y where y::int = any(${years}::int[]))`,
    limit,
  )

/** An entry of a case's history, with the texts that belong to it. */
export interface HistoryEntry {
  entry_id: string
  kind: string
  recorded_at: Date
  actor: string
  payload: Record<string, JsonValue>
  content: Record<string, string> | null
  position: number | null
}

// What is of the same moment: first the rating, then the case by its versions, then messages, queued before sent.
const BY_ITS_NATURE = sql`coalesce((e.payload ->> 'version')::int,
  case e.kind when 'evaluation.submitted' then 0 when 'message.queued' then 2147483646 else 2147483647 end)`

/** The journal of one rating's case: its own entries and those of the messages about it. */
export const history = async (db: Db, evaluationId: string): Promise<HistoryEntry[]> => {
  const rows = await db
    .selectFrom('journal_entry as e')
    .leftJoin('entry_text as t', (on) =>
      on.onRef('t.subject_id', '=', 'e.subject_id').onRef('t.entry_id', '=', 'e.entry_id'),
    )
    .leftJoin('ledger_leaf as l', (on) =>
      on.onRef('l.subject_id', '=', 'e.subject_id').onRef('l.entry_id', '=', 'e.entry_id'),
    )
    .select(['e.entry_id', 'e.kind', 'e.recorded_at', 'e.actor', 'e.payload', 't.content', 'l.position'])
    .where('e.subject_id', '=', evaluationId)
    .where(sql<SqlBool>`(e.kind like 'case.%' or e.kind like 'message.%' or e.kind = 'evaluation.submitted')`)
    .orderBy('e.recorded_at')
    .orderBy(BY_ITS_NATURE)
    .orderBy('e.entry_id')
    .execute()
  return rows as HistoryEntry[]
}

/** What a list of cases may be narrowed by. */
export interface CaseFilter {
  state?: CaseState | undefined
  due?: 'overdue' | 'today' | 'soon' | undefined
  mine?: boolean | undefined
  organizationPath?: string | undefined
  region?: string | undefined
  levels?: number[] | undefined
  q?: string | undefined
  closed?: boolean | undefined
}

/** Who asks, and what "today" and "soon" mean at this moment. */
export interface CaseViewer {
  accountId: string
  organizationId: string
  handles: boolean
  manages: boolean
  now: Date
  endOfToday: Date
  endOfSoon: Date
}

/** What waits for somebody's own hand: named verifier, to sign for at one's organisation, or to confirm. */
const isMine = (v: CaseViewer) => sql<SqlBool>`(state <> 'closed' and (verifier_id = ${v.accountId}
  or (${v.handles} and state = 'to_sign' and organization_id = ${v.organizationId})
  or (${v.manages} and state = 'rejection_proposed' and organization_id <> ${v.organizationId})))`
const running = sql<SqlBool>`state not in ('closed', 'resurvey')`
const DUE = {
  overdue: (v: CaseViewer) => sql<SqlBool>`(${running} and due_at < ${v.now})`,
  today: (v: CaseViewer) => sql<SqlBool>`(${running} and due_at between ${v.now} and ${v.endOfToday})`,
  soon: (v: CaseViewer) => sql<SqlBool>`(${running} and due_at between ${v.now} and ${v.endOfSoon})`,
}

/** A case, and whether it waits for the viewer's own hand. */
export type SeenCase = CaseRow & { mine: boolean }

export async function listCases(
  tx: Db,
  f: CaseFilter,
  v: CaseViewer,
  page: number,
  pageSize: number,
): Promise<{ total: number; rows: SeenCase[] }> {
  let query = tx.selectFrom('rectification_case')
  const closed = f.state ? f.state === 'closed' : (f.closed ?? false)
  query = query.where('state', closed ? '=' : '<>', 'closed')
  if (f.state) query = query.where('state', '=', f.state)
  if (f.due) query = query.where(DUE[f.due](v))
  if (f.mine) query = query.where(isMine(v))
  if (f.organizationPath)
    query = query.where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.levels && f.levels.length > 0) query = query.where('level', 'in', f.levels)
  if (f.q) query = query.where(sql<SqlBool>`strpos(case_number, ${f.q.toUpperCase()}) > 0`)
  const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const ordered = closed
    ? query.orderBy('closed_at', (o) => o.desc())
    : query.orderBy('due_at', (o) => o.asc().nullsLast())
  const rows = await ordered
    .selectAll()
    .select(isMine(v).as('mine'))
    .orderBy('evaluation_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows: rows as SeenCase[] }
}

/** Open cases by state, and how many of them press. */
export async function countCases(tx: Db, v: CaseViewer) {
  const rows = await tx
    .selectFrom('rectification_case')
    .select((e) => [
      'state',
      e.fn.countAll<number>().as('all'),
      sql<number>`count(*) filter (where ${DUE.overdue(v)})`.as('overdue'),
      sql<number>`count(*) filter (where ${DUE.today(v)})`.as('today'),
      sql<number>`count(*) filter (where ${DUE.soon(v)})`.as('soon'),
      sql<number>`count(*) filter (where ${isMine(v)})`.as('mine'),
    ])
    .where('state', '<>', 'closed')
    .groupBy('state')
    .execute()
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((n, row) => n + Number(of(row)), 0)
  return {
    open: sum((row) => row.all),
    overdue: sum((row) => row.overdue),
    today: sum((row) => row.today),
    soon: sum((row) => row.soon),
    mine: sum((row) => row.mine),
    byState: Object.fromEntries(rows.map((row) => [row.state, Number(row.all)])),
  }
}

/** One case as a viewer has it. */
export const caseSeen = async (tx: Db, evaluationId: string, v: CaseViewer): Promise<SeenCase | undefined> =>
  (await tx
    .selectFrom('rectification_case')
    .selectAll()
    .select(isMine(v).as('mine'))
    .where('evaluation_id', '=', evaluationId)
    .executeTakeFirst()) as SeenCase | undefined

/** A case beside the last thing the journal says of it; read by one statement, so that both are of one moment. */
export interface CheckedCase {
  row: CaseRow
  payload: Record<string, JsonValue> | null
}

export const casesWithLastEntry = async (db: Db, after: string, limit: number): Promise<CheckedCase[]> => {
  const rows = await db
    .selectFrom('rectification_case as c')
    .selectAll('c')
    .select(
      sql<Record<
        string,
        JsonValue
      > | null>`(select e.payload from journal_entry e where e.subject_id = c.evaluation_id
        and e.kind like 'case.%' order by (e.payload ->> 'version')::int desc limit 1)`.as('last'),
    )
    .where('c.evaluation_id', '>', after)
    .orderBy('c.evaluation_id')
    .limit(limit)
    .execute()
  return rows.map(({ last, ...row }) => ({ row: row as CaseRow, payload: last }))
}

/** Negative ratings that the opener of cases (a consumer of the ledger) has passed without opening one. */
export const passedOver = async (db: Db, consumer: string, limit: number) => {
  const { rows } = await sql<{ evaluation_id: string }>`
    select l.subject_id as evaluation_id from ledger_leaf l
    join journal_entry e on e.subject_id = l.subject_id and e.entry_id = l.entry_id
    where l.position < (select position from consumer_cursor where consumer = ${consumer})
      and e.kind = 'evaluation.submitted'
      and (e.payload ->> 'level' in ('1', '2') or e.payload ->> 'hallLevel' in ('1', '2'))
      and not exists (select 1 from journal_entry o where o.subject_id = l.subject_id and o.kind = 'case.opened')
    order by l.position limit ${limit}`.execute(db)
  return rows
}

/** Cases that were opened by the journal and are not there. */
export const missingCases = (db: Db, limit: number) =>
  db
    .selectFrom('journal_entry')
    .leftJoin('rectification_case', 'rectification_case.evaluation_id', 'journal_entry.subject_id')
    .select('journal_entry.subject_id')
    .where('journal_entry.kind', '=', 'case.opened')
    .where('rectification_case.evaluation_id', 'is', null)
    .limit(limit)
    .execute()
