import { type Kysely, type SqlBool, sql } from 'kysely'
import { type ClockedRows, crossesYears } from '../../platform/clock-reach.ts'
import type { PageEnd } from '../../platform/cursor.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { AppealRow } from './appeal.ts'

type Db = Kysely<Tables>

const asRow = (row: object | undefined): AppealRow | undefined => row as AppealRow | undefined
const asRows = (rows: object[]): AppealRow[] => rows as AppealRow[]
const written = (row: AppealRow) => ({
  ...row,
  clock: JSON.stringify(row.clock),
  answer_clock: row.answer_clock && JSON.stringify(row.answer_clock),
  reexamine_clock: row.reexamine_clock && JSON.stringify(row.reexamine_clock),
})

/** Appeals that still have a clock that runs: of the decision, or of the days a side has to speak. */
export const clocked: ClockedRows = {
  table: sql.table('appeal'),
  clocks: sql`jsonb_build_array(clock, answer_clock, reexamine_clock)`,
  where: sql<SqlBool>`state in ('filed', 'decided', 'reexamination_filed')`,
}

/** The appeals against one rating, the last one first: earlier ones were withdrawn. */
export const appealsOf = async (db: Db, evaluationId: string): Promise<AppealRow[]> =>
  asRows(
    await db
      .selectFrom('appeal')
      .selectAll()
      .where('evaluation_id', '=', evaluationId)
      .orderBy('number', 'desc')
      .execute(),
  )

/** The last appeal against a rating, locked until the transaction ends. */
export const lockLast = async (tx: Db, evaluationId: string): Promise<AppealRow | undefined> =>
  asRow(
    await tx
      .selectFrom('appeal')
      .selectAll()
      .where('evaluation_id', '=', evaluationId)
      .orderBy('number', 'desc')
      .limit(1)
      .forUpdate()
      .executeTakeFirst(),
  )

/** True when it was not there yet. */
export const insertAppeal = async (tx: Db, row: AppealRow): Promise<boolean> => {
  const inserted = await tx
    .insertInto('appeal')
    .values(written(row))
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

/** The key stays out of an update: it is what a row is distributed by. */
export const updateAppeal = (tx: Db, row: AppealRow) => {
  const { evaluation_id: _key, appeal_id: _id, ...rest } = written(row)
  return tx
    .updateTable('appeal')
    .set(rest)
    .where('evaluation_id', '=', row.evaluation_id)
    .where('appeal_id', '=', row.appeal_id)
    .execute()
}

/** What the journal says of a rating's case that matters to an appeal: whether it was taken out. */
export const caseEntries = async (db: Db, evaluationId: string) => {
  const rows = await db
    .selectFrom('journal_entry')
    .select(['kind', 'actor', 'payload'])
    .where('subject_id', '=', evaluationId)
    .where('kind', 'like', 'case.%')
    .execute()
  return rows as { kind: string; actor: string; payload: Record<string, JsonValue> }[]
}

/** What tells who is a party. */
export interface PartyEntry {
  kind: string
  actor: string
  payload: Record<string, JsonValue>
}
/** All that happened to the case of a rating and to its appeals. */
export const partyEntries = async (db: Db, ids: string[]): Promise<PartyEntry[]> =>
  (await db
    .selectFrom('journal_entry')
    .select(['kind', 'actor', 'payload'])
    .where('subject_id', 'in', ids)
    .where((e) => e.or([e('kind', 'like', 'case.%'), e('kind', 'like', 'appeal.%')]))
    .execute()) as PartyEntry[]

/** An entry of the appeals' history, with the texts that belong to it. */
export interface HistoryEntry {
  entry_id: string
  kind: string
  recorded_at: Date
  actor: string
  payload: Record<string, JsonValue>
  content: Record<string, string> | null
  position: number | null
}

/** The journal of the appeals against one rating, oldest first. */
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
    .where('e.kind', 'like', 'appeal.%')
    .orderBy(sql`(e.payload ->> 'number')::int`)
    .orderBy(sql`(e.payload ->> 'version')::int`)
    .execute()
  return rows as HistoryEntry[]
}

/** Who asks for a list. */
export interface AppealViewer {
  accountId: string
  organizationId: string
  /** at which instance the viewer sits; null: at none */
  instance: 'district' | 'city' | null
  files: boolean
}

/** What a list of appeals may be narrowed by; `after` is the last row of the page before. */
export interface AppealFilter {
  view: 'mine' | 'to_decide' | 'all'
  state?: AppealRow['state'] | undefined
  outcome?: string | undefined
  organizationPath?: string | undefined
  region?: string | undefined
  after?: PageEnd | undefined
}

const isMine = (v: AppealViewer) => sql<SqlBool>`(${v.files} and (appellant_id = ${v.accountId}
  or (appellant_kind = 'organization' and organization_id = ${v.organizationId})))`
/** Waits for the viewer's own decision. Who worked on the case is sorted out when it is opened. */
const isToDecide = (v: AppealViewer) => sql<SqlBool>`(organization_id <> ${v.organizationId} and (
  (state = 'filed' and first_instance = ${v.instance ?? ''})
  or (state = 'reexamination_filed' and ${v.instance === 'city'} and first_decider is distinct from ${v.accountId})))`

/**
 * A page of appeals. Those that wait for a decision come by their deadline, all others the newest first; a page is
 * found by the row before it, so that the last one costs no more than the first.
 */
export async function listAppeals(tx: Db, f: AppealFilter, v: AppealViewer, pageSize: number) {
  const byDeadline = f.view === 'to_decide'
  let query = tx.selectFrom('appeal').selectAll()
  if (f.view === 'mine') query = query.where(isMine(v))
  if (f.view === 'to_decide') query = query.where(isToDecide(v))
  if (f.state) query = query.where('state', '=', f.state)
  if (f.outcome) query = query.where('outcome', '=', f.outcome)
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.organizationPath)
    query = query.where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  if (f.after) {
    const { at, id, number } = f.after
    query = query.where(
      byDeadline
        ? sql<SqlBool>`(due_at, evaluation_id, number) > (${at}, ${id}::uuid, ${number}::int)`
        : sql<SqlBool>`(filed_at, evaluation_id, number) < (${at}, ${id}::uuid, ${number}::int)`,
    )
  }
  const ordered = byDeadline
    ? query.orderBy('due_at').orderBy('evaluation_id').orderBy('number')
    : query.orderBy('filed_at', 'desc').orderBy('evaluation_id', 'desc').orderBy('number', 'desc')
  return asRows(await ordered.limit(pageSize).execute())
}

/** How many there are in each view, and how many of those to decide are late. */
export async function countAppeals(tx: Db, v: AppealViewer, now: Date) {
  const row = await tx
    .selectFrom('appeal')
    .select([
      sql<number>`count(*)`.as('all'),
      sql<number>`count(*) filter (where ${isMine(v)})`.as('mine'),
      sql<number>`count(*) filter (where ${isToDecide(v)})`.as('toDecide'),
      sql<number>`count(*) filter (where ${isToDecide(v)} and due_at < ${now})`.as('late'),
    ])
    .executeTakeFirstOrThrow()
  return {
    all: Number(row.all),
    mine: Number(row.mine),
    toDecide: Number(row.toDecide),
    late: Number(row.late),
  }
}

const idsWhere = (db: Db, condition: ReturnType<typeof sql<SqlBool>>, limit: number) =>
  db.selectFrom('appeal').select('evaluation_id as id').where(condition).limit(limit).execute()

export const newlyLate = (db: Db, now: Date, limit: number) =>
  idsWhere(db, sql`state in ('filed', 'reexamination_filed') and due_at < ${now} and not overdue`, limit)
/** Where a look at the alarms that are due goes on. */
export interface AlarmPlace {
  at: Date
  id: string
}
/** Appeals whose alarm has come, by when, after a place. */
export const alarming = async (
  db: Db,
  now: Date,
  after: AlarmPlace | null,
  limit: number,
): Promise<AlarmPlace[]> => {
  let query = db
    .selectFrom('appeal')
    .select([sql<Date>`next_alarm_at`.as('at'), 'evaluation_id as id'])
    .where('next_alarm_at', '<=', now)
  if (after)
    query = query.where(sql<SqlBool>`(next_alarm_at, evaluation_id) > (${after.at}, ${after.id}::uuid)`)
  return query.orderBy('next_alarm_at').orderBy('evaluation_id').limit(limit).execute()
}
export const becomingFinal = (db: Db, now: Date, limit: number) =>
  idsWhere(db, sql`state = 'decided' and reexamine_until < ${now}`, limit)
/** Appeals with a deadline that crosses one of these years without knowing its holidays. */
export const provisionalIn = (db: Db, years: number[], limit: number) =>
  idsWhere(db, sql`${clocked.where} and ${crossesYears(clocked, years)}`, limit)

/** An appeal beside the last thing the journal says of it; read by one statement, so that both are of one moment. */
export const appealsWithLastEntry = async (db: Db, after: { id: string; number: number }, limit: number) => {
  const rows = await db
    .selectFrom('appeal as a')
    .selectAll('a')
    .select(
      sql<Record<string, JsonValue> | null>`(select e.payload from journal_entry e
        where e.subject_id = a.evaluation_id and e.kind like 'appeal.%' and e.payload ->> 'appealId' = a.appeal_id::text
        order by (e.payload ->> 'version')::int desc limit 1)`.as('last'),
    )
    .where(sql<SqlBool>`(a.evaluation_id, a.number) > (${after.id}::uuid, ${after.number}::int)`)
    .orderBy('a.evaluation_id')
    .orderBy('a.number')
    .limit(limit)
    .execute()
  return rows.map(({ last, ...row }) => ({ row: asRows([row])[0]!, payload: last }))
}

/** Appeals that were filed by the journal and are not there. */
export const missingAppeals = async (db: Db, limit: number) => {
  const { rows } = await sql<{ subject_id: string }>`
    select e.subject_id from journal_entry e where e.kind = 'appeal.filed' and not exists (
      select 1 from appeal a where a.evaluation_id = e.subject_id and a.appeal_id::text = e.payload ->> 'appealId')
    limit ${limit}`.execute(db)
  return rows
}
