import { type Kysely, type SqlBool, sql } from 'kysely'
import type { PageEnd } from '../../platform/cursor.ts'
import type { Tables } from '../../platform/tables.ts'
import type { CaseRow } from './case.ts'

type Db = Kysely<Tables>

const REF = [
  'evaluation_id',
  'case_number',
  'state',
  'level',
  'item_code',
  'organization_id',
  'organization_path',
  'region_code',
  'staff_number',
  'version',
] as const

/** What other rooms need to know of a case. */
export type CaseRef = Pick<CaseRow, (typeof REF)[number]>

/** Those of the cases that may be seen. */
export const refsOf = async (tx: Db, ids: string[]): Promise<CaseRef[]> =>
  ids.length === 0
    ? []
    : ((await tx
        .selectFrom('rectification_case')
        .select(REF)
        .where('evaluation_id', 'in', ids)
        .execute()) as CaseRef[])

/** The cases with these numbers, as far as they may be seen. */
export const refsByNumber = async (tx: Db, numbers: string[]): Promise<CaseRef[]> =>
  numbers.length === 0
    ? []
    : ((await tx
        .selectFrom('rectification_case')
        .select(REF)
        .where('case_number', 'in', numbers)
        .execute()) as CaseRef[])

/** Closed cases, narrowed for a spot check. */
export interface PopulationFilter {
  closedFrom: Date
  closedTo: Date
  organizationPath: string
  region?: string | undefined
  outcome?: string | undefined
}

/** Ids of the cases a spot check may draw from; at most so many. */
export const populationOf = async (tx: Db, f: PopulationFilter, limit: number): Promise<string[]> => {
  let query = tx
    .selectFrom('rectification_case')
    .select('evaluation_id')
    .where('state', '=', 'closed')
    .where('closed_at', '>=', f.closedFrom)
    .where('closed_at', '<', f.closedTo)
    .where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.outcome) query = query.where('outcome', '=', f.outcome)
  return (await query.orderBy('evaluation_id').limit(limit).execute()).map((row) => row.evaluation_id)
}

/** What both registers may be narrowed by; moments, the second not included. */
export interface RegisterFilter {
  from: Date
  to: Date
  organizationPath?: string | undefined
  region?: string | undefined
}

export const CALLBACK_GAPS = ['not_contacted', 'exempt', 'not_rectified', 'any'] as const
export type CallbackGap = (typeof CALLBACK_GAPS)[number]

// Whoever does not want to be contacted is exempt, and counted as such; what is not adopted has nothing to rectify.
const CONTACTED = sql<SqlBool>`(contacted and not do_not_contact)`
const NOT_CONTACTED = sql<SqlBool>`(not contacted and not do_not_contact)`
const EXEMPT = sql<SqlBool>`do_not_contact`
const RECTIFIED = sql<SqlBool>`(rectified_at is not null and not rejected)`
const NOT_RECTIFIED = sql<SqlBool>`(rectified_at is null and not rejected)`
const GAPS: Record<CallbackGap, ReturnType<typeof sql<SqlBool>>> = {
  not_contacted: NOT_CONTACTED,
  exempt: EXEMPT,
  not_rectified: NOT_RECTIFIED,
  any: sql`(${NOT_CONTACTED} or ${NOT_RECTIFIED})`,
}

const realNameCases = (tx: Db, f: RegisterFilter) => {
  let query = tx
    .selectFrom('rectification_case')
    .where('real_name', '=', true)
    .where('opened_at', '>=', f.from)
    .where('opened_at', '<', f.to)
  if (f.organizationPath)
    query = query.where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  if (f.region) query = query.where('region_code', '=', f.region)
  return query
}

/** Real-name cases by when they were opened, the newest first (R20). */
export async function callbackRows(
  tx: Db,
  f: RegisterFilter,
  gap: CallbackGap | undefined,
  after: PageEnd | null,
  limit: number,
): Promise<CaseRow[]> {
  let query = realNameCases(tx, f)
  if (gap) query = query.where(GAPS[gap])
  if (after) query = query.where(sql<SqlBool>`(opened_at, evaluation_id) < (${after.at}, ${after.id}::uuid)`)
  return (await query
    .selectAll()
    .orderBy('opened_at', 'desc')
    .orderBy('evaluation_id', 'desc')
    .limit(limit)
    .execute()) as unknown as CaseRow[]
}

/** How far call-backs and rectification of real-name cases are from 100 %. */
export async function callbackSums(tx: Db, f: RegisterFilter) {
  const count = (of: ReturnType<typeof sql<SqlBool>>) => sql<number>`count(*) filter (where ${of})`
  const row = await realNameCases(tx, f)
    .select([
      sql<number>`count(*)`.as('total'),
      count(CONTACTED).as('contacted'),
      count(NOT_CONTACTED).as('notContacted'),
      count(EXEMPT).as('exempt'),
      count(RECTIFIED).as('rectified'),
      count(NOT_RECTIFIED).as('notRectified'),
      count(sql`rejected`).as('notAdopted'),
    ])
    .executeTakeFirstOrThrow()
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as {
    [name in keyof typeof row]: number
  }
}

/** The recorded call-backs of some cases: how many, and the last one. */
export const contactsOf = async (tx: Db, ids: string[]) => {
  if (ids.length === 0)
    return new Map<string, { attempts: number; lastAt: Date; lastResult: string | null }>()
  const rows = await tx
    .selectFrom('journal_entry')
    .select([
      'subject_id',
      sql<number>`count(*)`.as('attempts'),
      sql<Date>`max(recorded_at)`.as('last_at'),
      sql<string | null>`(array_agg(payload ->> 'result' order by (payload ->> 'version')::int desc))[1]`.as(
        'last_result',
      ),
    ])
    .where('subject_id', 'in', ids)
    .where('kind', '=', 'case.record_contact')
    .groupBy('subject_id')
    .execute()
  return new Map(
    rows.map((row) => [
      row.subject_id,
      { attempts: Number(row.attempts), lastAt: row.last_at, lastResult: row.last_result },
    ]),
  )
}

export const COMMITMENT_STATES = ['open', 'kept', 'broken'] as const
export type CommitmentState = (typeof COMMITMENT_STATES)[number]

/** One promise to rectify by a date (R15, Q65), and what became of it. */
export interface CommitmentRow {
  subject_id: string
  entry_id: string
  recorded_at: Date
  case_number: string
  item_code: string
  staff_number: string
  organization_id: string
  region_code: string
  round: number
  promised_first: string
  promised_now: string
  extensions: number
  completed_at: Date | null
  status: CommitmentState
}

/** Promises by when they were made, each with the entries of its round up to the next promise. */
const commitments = (f: RegisterFilter, today: string) => sql`
  select p.subject_id, p.entry_id, p.recorded_at, c.case_number, c.item_code, c.staff_number,
    p.payload ->> 'organizationId' as organization_id, p.payload ->> 'regionCode' as region_code,
    (p.payload ->> 'round')::int as round, p.payload ->> 'promisedOn' as promised_first,
    coalesce(r.promised_now, p.payload ->> 'promisedOn') as promised_now, r.extensions::int as extensions,
    r.completed_at,
    case
      when to_char(r.completed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')
        <= coalesce(r.promised_now, p.payload ->> 'promisedOn') then 'kept'
      when r.completed_at is not null or ${today} > coalesce(r.promised_now, p.payload ->> 'promisedOn') then 'broken'
      else 'open'
    end as status
  from journal_entry p
  join rectification_case c on c.evaluation_id = p.subject_id
  cross join lateral (
    select count(*) filter (where e.kind = 'case.approve_extension') as extensions,
      min(e.recorded_at) filter (where e.kind = 'case.complete') as completed_at,
      (array_agg(e.payload ->> 'promisedOn' order by (e.payload ->> 'version')::int desc)
        filter (where e.payload ->> 'promisedOn' is not null))[1] as promised_now
    from journal_entry e
    where e.subject_id = p.subject_id and e.kind like 'case.%'
      and e.payload ->> 'round' = p.payload ->> 'round'
      and (e.payload ->> 'version')::int > (p.payload ->> 'version')::int
      and (e.payload ->> 'version')::int < coalesce((select min((n.payload ->> 'version')::int) from journal_entry n
        where n.subject_id = p.subject_id and n.kind = 'case.promise'
          and (n.payload ->> 'version')::int > (p.payload ->> 'version')::int), 2147483647)
  ) r
  where p.kind = 'case.promise' and p.recorded_at >= ${f.from} and p.recorded_at < ${f.to}
    and (${f.organizationPath ?? null}::text is null or starts_with(p.payload ->> 'organizationPath', ${f.organizationPath ?? ''}))
    and (${f.region ?? null}::text is null or p.payload ->> 'regionCode' = ${f.region ?? ''})`

/** The commitment register, the newest promise first. `today` is the day in Asia/Shanghai. */
export async function commitmentRows(
  tx: Db,
  f: RegisterFilter,
  today: string,
  narrowed: { status?: CommitmentState | undefined; extended?: boolean | undefined },
  after: PageEnd | null,
  limit: number,
): Promise<CommitmentRow[]> {
  const { rows } = await sql<CommitmentRow>`select * from (${commitments(f, today)}) k
    where (${narrowed.status ?? null}::text is null or k.status = ${narrowed.status ?? ''})
      and (${narrowed.extended ?? false}::boolean is false or k.extensions > 0)
      and (${after?.at ?? null}::timestamptz is null or (k.recorded_at, k.entry_id) < (${after?.at ?? null}, ${after?.id ?? null}::uuid))
    order by k.recorded_at desc, k.entry_id desc limit ${limit}`.execute(tx)
  return rows
}

/** How many promises were kept, broken, extended, or run still. */
export async function commitmentSums(tx: Db, f: RegisterFilter, today: string) {
  const { rows } = await sql<Record<'total' | CommitmentState | 'extended', number>>`
    select count(*) as total, count(*) filter (where status = 'open') as open,
      count(*) filter (where status = 'kept') as kept, count(*) filter (where status = 'broken') as broken,
      count(*) filter (where extensions > 0) as extended
    from (${commitments(f, today)}) k`.execute(tx)
  const [row] = rows
  return {
    total: Number(row?.total ?? 0),
    open: Number(row?.open ?? 0),
    kept: Number(row?.kept ?? 0),
    broken: Number(row?.broken ?? 0),
    extended: Number(row?.extended ?? 0),
  }
}

/** Plan and owner of promises, by the id of their entry. */
export const promiseTexts = async (tx: Db, rows: Pick<CommitmentRow, 'subject_id' | 'entry_id'>[]) => {
  if (rows.length === 0) return new Map<string, Record<string, string>>()
  const found = await tx
    .selectFrom('entry_text')
    .select(['entry_id', 'content'])
    .where(
      'subject_id',
      'in',
      rows.map((row) => row.subject_id),
    )
    .where(
      'entry_id',
      'in',
      rows.map((row) => row.entry_id),
    )
    .execute()
  return new Map(found.map((row) => [row.entry_id, row.content as Record<string, string>]))
}
