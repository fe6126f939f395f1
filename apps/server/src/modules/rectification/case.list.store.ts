import { type CaseClockKey, type CaseState, isSpokenNumber } from '@haochaping/rules'
import { type Kysely, type SqlBool, sql } from 'kysely'
import type { PageEnd } from '../../platform/cursor.ts'
import type { Tables } from '../../platform/tables.ts'
import { type CaseRow, CITIZENS_CLOCKS } from './case.ts'
import { type CaseTurn, isMyTurn } from './case.turn.ts'

type Db = Kysely<Tables>

/** What a list of cases may be narrowed by. */
export interface CaseFilter {
  state?: CaseState | undefined
  clock?: CaseClockKey | undefined
  due?: 'overdue' | 'late' | 'today' | 'soon' | 'week' | undefined
  mine?: boolean | undefined
  /** only cases in which the next act is this official's */
  turn?: CaseTurn | undefined
  organizationPath?: string | undefined
  region?: string | undefined
  levels?: number[] | undefined
  q?: string | undefined
  closed?: boolean | undefined
  /** only cases among these */
  among?: string[] | undefined
}

/** Who asks, and what "today", "soon" and "this week" mean at this moment. */
export interface CaseViewer {
  accountId: string
  organizationId: string
  organizationPath: string
  /** sees the whole city: nothing need be sought by place */
  everywhere: boolean
  handles: boolean
  now: Date
  endOfToday: Date
  endOfSoon: Date
  endOfWeek: Date
}

/**
 * What somebody works on: as named verifier, or to be signed for at one's organisation, whoever has the next act
 * (that is `turn`). Each way is spelled as its index has it, so that it is found there.
 */
const isMine = (v: CaseViewer) => {
  const ways = [sql<SqlBool>`(state <> 'closed' and verifier_id = ${v.accountId})`]
  if (v.handles) ways.push(sql<SqlBool>`(state = 'to_sign' and organization_id = ${v.organizationId})`)
  return sql<SqlBool>`(${sql.join(ways, sql` or `)})`
}

const officials = sql<SqlBool>`next_due_key not in (${sql.join(CITIZENS_CLOCKS.map((key) => sql.lit(key)))})`
const dueUntil = (v: CaseViewer, end: Date) =>
  sql<SqlBool>`(${officials} and next_due_at between ${v.now} and ${end})`
const DUE = {
  overdue: (v: CaseViewer) => sql<SqlBool>`(${officials} and next_due_at < ${v.now})`,
  /** as the figures have it: what the citizen or the level above lets pass is not the organisation's lateness */
  late: () => sql<SqlBool>`overdue`,
  today: (v: CaseViewer) => dueUntil(v, v.endOfToday),
  soon: (v: CaseViewer) => dueUntil(v, v.endOfSoon),
  week: (v: CaseViewer) => dueUntil(v, v.endOfWeek),
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
  'joined_staff',
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

/**
 * With more than so many to choose from, a page is sooner filled by walking along the index of the order than by
 * sorting them all. Closed cases are the mass: among them one walks further for a page.
 */
const SORTED_UP_TO = { open: COUNTED_UP_TO, closed: 5_000 }

/** Open cases come by the time left, closed ones by when they were closed: the last first. */
const order = (closed: boolean) =>
  closed
    ? { column: sql.ref('closed_at'), way: sql`desc` }
    : { column: sql.ref('next_due_at'), way: sql`asc` }

/** The cases that a list shows, in no order yet. */
function matching(tx: Db, f: CaseFilter, v: CaseViewer, closed: boolean) {
  let query = tx.selectFrom('rectification_case').where('state', closed ? '=' : '<>', 'closed')
  query = query.where(nearby(v))
  if (f.state && !closed) query = query.where('state', '=', f.state)
  if (f.clock) query = query.where('next_due_key', '=', f.clock)
  if (f.due) query = query.where(DUE[f.due](v))
  if (f.mine) query = query.where(isMine(v))
  if (f.turn) query = query.where(isMyTurn(f.turn))
  if (f.among) query = query.where(sql<SqlBool>`evaluation_id = any(${f.among}::uuid[])`)
  if (f.organizationPath) query = query.where(below(f.organizationPath))
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.levels && f.levels.length > 0) query = query.where('level', 'in', f.levels)
  const q = f.q?.toUpperCase()
  if (!q) return query
  return isSpokenNumber('CP', q)
    ? query.where('case_number', '=', q)
    : query.where(sql<SqlBool>`strpos(case_number, ${q}) > 0`)
}

// Two columns compared at once are looked at only after row-level security; the first alone finds the place.
const beyond = (closed: boolean, { at, id }: PageEnd) =>
  closed
    ? sql<SqlBool>`(closed_at <= ${at} and (closed_at, evaluation_id) < (${at}, ${id}::uuid))`
    : sql<SqlBool>`(next_due_at >= ${at} and (next_due_at, evaluation_id) > (${at}, ${id}::uuid))`
const upTo = (closed: boolean, { at, id }: PageEnd) =>
  closed
    ? sql<SqlBool>`(closed_at >= ${at} and (closed_at, evaluation_id) >= (${at}, ${id}::uuid))`
    : sql<SqlBool>`(next_due_at <= ${at} and (next_due_at, evaluation_id) <= (${at}, ${id}::uuid))`

/**
 * One page of a list, how many there are, whether more come after it, and where the page before it begins (null: at
 * the very beginning).
 */
export async function listCases(
  tx: Db,
  f: CaseFilter,
  v: CaseViewer,
  { after, page, pageSize }: { after: PageEnd | null; page: number; pageSize: number },
): Promise<{ total: number; rows: CaseLine[]; more: boolean; before: PageEnd | null }> {
  const closed = f.state ? f.state === 'closed' : (f.closed ?? false)
  const query = matching(tx, f, v, closed)
  const sorted = closed ? SORTED_UP_TO.closed : SORTED_UP_TO.open
  const { total } = await tx
    .selectFrom(
      query
        .select(sql`1`.as('one'))
        .limit(sorted + 1)
        .as('found'),
    )
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  // The planner takes what it finds for far rarer than it is (open cases, for most rows have no date at all; what
  // row-level security lets through, for it cannot look into that) and would sort every one.
  if (total > sorted) await sql`set local enable_sort = off`.execute(tx)
  const { column, way } = order(closed)
  const found = await (after ? query.where(beyond(closed, after)) : query)
    .select(LISTED)
    .select(isMine(v).as('mine'))
    .orderBy(sql`${column} ${way}, evaluation_id ${way}`)
    .limit(pageSize + 1)
    .offset(after ? 0 : (page - 1) * pageSize)
    .execute()
  const rows = found.slice(0, pageSize) as CaseLine[]
  return {
    total: Number(total),
    rows,
    more: found.length > pageSize,
    before: after && (await endBefore(query, closed, after, pageSize)),
  }
}

/** The end of the page before the one that ended with `after`. */
async function endBefore(
  query: ReturnType<typeof matching>,
  closed: boolean,
  after: PageEnd,
  pageSize: number,
): Promise<PageEnd | null> {
  const { column } = order(closed)
  const back = closed ? sql`asc` : sql`desc`
  const end = await query
    .where(upTo(closed, after))
    .select([sql<Date>`${column}`.as('at'), 'evaluation_id as id'])
    .orderBy(sql`${column} ${back}, evaluation_id ${back}`)
    .limit(1)
    .offset(pageSize)
    .executeTakeFirst()
  return end ? { ...end, number: 0 } : null
}

/** The cases in which the next act is an official's, of those the transaction may see. */
export const casesOfTurn = async (tx: Db, turn: CaseTurn): Promise<string[]> =>
  (
    await tx
      .selectFrom('rectification_case')
      .select('evaluation_id')
      .where('state', '<>', 'closed')
      .where(isMyTurn(turn))
      .execute()
  ).map((row) => row.evaluation_id)

/** How many open cases there are of a kind, and how many of them press. */
export interface DueCounts {
  open: number
  overdue: number
  today: number
  soon: number
  week: number
}

/** Open cases by state and by the clock that runs out next, and how many of them press. */
export async function countCases(tx: Db, v: CaseViewer, turn: CaseTurn) {
  const rows = await tx
    .selectFrom('rectification_case')
    .select((e) => [
      'state',
      'next_due_key',
      e.fn.countAll<number>().as('open'),
      sql<number>`count(*) filter (where ${DUE.overdue(v)})`.as('overdue'),
      sql<number>`count(*) filter (where ${DUE.today(v)})`.as('today'),
      sql<number>`count(*) filter (where ${DUE.soon(v)})`.as('soon'),
      sql<number>`count(*) filter (where ${DUE.week(v)})`.as('week'),
      sql<number>`count(*) filter (where ${isMine(v)})`.as('mine'),
      sql<number>`count(*) filter (where ${isMyTurn(turn)})`.as('turn'),
    ])
    .where('state', '<>', 'closed')
    .where(nearby(v))
    .groupBy(['state', 'next_due_key'])
    .execute()
  type Counted = (typeof rows)[number]
  const sum = (key: keyof DueCounts | 'mine' | 'turn', among: Counted[] = rows) =>
    among.reduce((n, row) => n + Number(row[key]), 0)
  const due = (among: Counted[] = rows): DueCounts => ({
    open: sum('open', among),
    overdue: sum('overdue', among),
    today: sum('today', among),
    soon: sum('soon', among),
    week: sum('week', among),
  })
  return {
    ...due(),
    mine: sum('mine'),
    turn: sum('turn'),
    byState: Object.fromEntries(
      [...Map.groupBy(rows, (row) => row.state)].map(([state, among]) => [state, sum('open', among)]),
    ),
    byClock: new Map(
      [...Map.groupBy(rows, (row) => row.next_due_key as CaseClockKey | null)].flatMap(([key, among]) =>
        key === null ? [] : [[key, due(among)] as const],
      ),
    ),
  }
}

/** Some cases whole, in no order; those the transaction may see. */
export const casesWhole = async (tx: Db, ids: readonly string[]): Promise<CaseRow[]> =>
  (await tx
    .selectFrom('rectification_case')
    .selectAll()
    .where(sql<SqlBool>`evaluation_id = any(${ids}::uuid[])`)
    .execute()) as unknown as CaseRow[]

/** One case as a viewer has it. */
export const caseSeen = async (tx: Db, evaluationId: string, v: CaseViewer): Promise<SeenCase | undefined> =>
  (await tx
    .selectFrom('rectification_case')
    .selectAll()
    .select(isMine(v).as('mine'))
    .where('evaluation_id', '=', evaluationId)
    .executeTakeFirst()) as SeenCase | undefined
