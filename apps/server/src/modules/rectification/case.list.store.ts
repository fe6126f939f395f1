import type { CaseClockKey, CaseState } from '@haochaping/rules'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import { type CaseRow, CITIZENS_CLOCKS } from './case.ts'

type Db = Kysely<Tables>

/** What a list of cases may be narrowed by. */
export interface CaseFilter {
  state?: CaseState | undefined
  clock?: CaseClockKey | undefined
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
  organizationPath: string
  /** sees the whole city: nothing need be sought by place */
  everywhere: boolean
  handles: boolean
  manages: boolean
  now: Date
  endOfToday: Date
  endOfSoon: Date
}

/** The end of the last row of a page, after which the next begins. */
export interface ListPlace {
  at: Date
  id: string
}

/**
 * What waits for somebody's own hand: named verifier, to sign for at one's organisation, or to decide one level up.
 * Each way is spelled as its index has it, so that it is found there.
 */
const isMine = (v: CaseViewer) => {
  const ways = [sql<SqlBool>`(state <> 'closed' and verifier_id = ${v.accountId})`]
  if (v.handles) ways.push(sql<SqlBool>`(state = 'to_sign' and organization_id = ${v.organizationId})`)
  if (v.manages)
    ways.push(sql<SqlBool>`((state in ('rejection_proposed', 'transfer_proposed', 'reopened')
      or extension_status = 'requested') and organization_path = ${v.organizationPath} || organization_id || '/')`)
  return sql<SqlBool>`(${sql.join(ways, sql` or `)})`
}

const officials = sql<SqlBool>`next_due_key not in (${sql.join(CITIZENS_CLOCKS.map((key) => sql.lit(key)))})`
const DUE = {
  overdue: (v: CaseViewer) => sql<SqlBool>`(${officials} and next_due_at < ${v.now})`,
  today: (v: CaseViewer) => sql<SqlBool>`(${officials} and next_due_at between ${v.now} and ${v.endOfToday})`,
  soon: (v: CaseViewer) => sql<SqlBool>`(${officials} and next_due_at between ${v.now} and ${v.endOfSoon})`,
}

/** Below a place, in a form that an index can find: '0' is the character after '/'. */
const below = (path: string) =>
  sql<SqlBool>`(organization_path ~>=~ ${path} and organization_path ~<~ ${`${path.slice(0, -1)}0`})`

/** Row-level security decides what is seen; this only helps to find it. */
const nearby = (v: CaseViewer) =>
  v.everywhere ? sql<SqlBool>`true` : sql<SqlBool>`(${below(v.organizationPath)} or shared)`

/** A case, and whether it waits for the viewer's own hand; a line of a list comes without its clocks. */
export type SeenCase = CaseRow & { mine: boolean }
export type ListedCase = Omit<SeenCase, 'clocks'>

const LISTED = [
  'evaluation_id',
  'case_id',
  'case_number',
  'source_kind',
  'state',
  'round',
  'level',
  'real_name',
  'do_not_contact',
  'organization_id',
  'organization_path',
  'region_code',
  'item_code',
  'staff_number',
  'opened_at',
  'state_since',
  'due_provisional',
  'next_due_at',
  'next_due_key',
  'overdue',
  'ever_overdue',
  'verifier_id',
  'outcome',
  'closed_at',
  'version',
  'party_paths',
] as const
export type CaseLine = Pick<SeenCase, (typeof LISTED)[number] | 'mine'>

/** So many are counted; what is beyond is "more than". */
export const COUNTED_UP_TO = 1_000

const FULL_NUMBER = /^CP\d{8}-[2-9A-HJ-NP-Z]{8}$/

/** One page of a list, by the time left (closed ones by when they were closed), and how many there are. */
export async function listCases(
  tx: Db,
  f: CaseFilter,
  v: CaseViewer,
  { after, page, pageSize }: { after: ListPlace | null; page: number; pageSize: number },
): Promise<{ total: number; rows: CaseLine[] }> {
  const closed = f.state ? f.state === 'closed' : (f.closed ?? false)
  let query = tx.selectFrom('rectification_case').where('state', closed ? '=' : '<>', 'closed')
  query = query.where(nearby(v))
  if (f.state && !closed) query = query.where('state', '=', f.state)
  if (f.clock) query = query.where('next_due_key', '=', f.clock)
  if (f.due) query = query.where(DUE[f.due](v))
  if (f.mine) query = query.where(isMine(v))
  if (f.organizationPath) query = query.where(below(f.organizationPath))
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.levels && f.levels.length > 0) query = query.where('level', 'in', f.levels)
  const q = f.q?.toUpperCase()
  if (q)
    query = FULL_NUMBER.test(q)
      ? query.where('case_number', '=', q)
      : query.where(sql<SqlBool>`strpos(case_number, ${q}) > 0`)
  const { total } = await tx
    .selectFrom(
      query
        .select(sql`1`.as('one'))
        .limit(COUNTED_UP_TO + 1)
        .as('found'),
    )
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  let ordered = closed
    ? query.orderBy('closed_at', 'desc').orderBy('evaluation_id', 'desc')
    : query.orderBy('next_due_at').orderBy('evaluation_id')
  // Two columns compared at once are looked at only after row-level security; the first alone finds the place.
  if (after)
    ordered = ordered.where(
      closed
        ? sql<SqlBool>`(closed_at <= ${after.at} and (closed_at, evaluation_id) < (${after.at}, ${after.id}::uuid))`
        : sql<SqlBool>`(next_due_at >= ${after.at} and (next_due_at, evaluation_id) > (${after.at}, ${after.id}::uuid))`,
    )
  const rows = await ordered
    .select(LISTED)
    .select(isMine(v).as('mine'))
    .limit(pageSize)
    .offset(after ? 0 : (page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows: rows as CaseLine[] }
}

/** Open cases by state and by the clock that runs out next, and how many of them press. */
export async function countCases(tx: Db, v: CaseViewer) {
  const rows = await tx
    .selectFrom('rectification_case')
    .select((e) => [
      'state',
      'next_due_key',
      e.fn.countAll<number>().as('all'),
      sql<number>`count(*) filter (where ${DUE.overdue(v)})`.as('overdue'),
      sql<number>`count(*) filter (where ${DUE.today(v)})`.as('today'),
      sql<number>`count(*) filter (where ${DUE.soon(v)})`.as('soon'),
      sql<number>`count(*) filter (where ${isMine(v)})`.as('mine'),
    ])
    .where('state', '<>', 'closed')
    .where(nearby(v))
    .groupBy(['state', 'next_due_key'])
    .execute()
  type Counted = (typeof rows)[number]
  const sum = (of: (row: Counted) => number, among: Counted[] = rows) =>
    among.reduce((n, row) => n + Number(of(row)), 0)
  const by = (key: (row: Counted) => string | null) =>
    Object.fromEntries(
      [...Map.groupBy(rows, key)].flatMap(([name, among]) =>
        name === null ? [] : [[name, sum((row) => row.all, among)]],
      ),
    ) as Record<string, number>
  return {
    open: sum((row) => row.all),
    overdue: sum((row) => row.overdue),
    today: sum((row) => row.today),
    soon: sum((row) => row.soon),
    mine: sum((row) => row.mine),
    byState: by((row) => row.state),
    byClock: by((row) => row.next_due_key),
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
