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
  'joined_staff',
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

const population = (tx: Db, f: PopulationFilter, limit: number) => {
  let query = tx
    .selectFrom('rectification_case')
    .select('evaluation_id')
    .where('state', '=', 'closed')
    .where('closed_at', '>=', f.closedFrom)
    .where('closed_at', '<', f.closedTo)
    .where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.outcome) query = query.where('outcome', '=', f.outcome)
  return query.limit(limit)
}

/** Ids of the cases a spot check may draw from; at most so many. */
export const populationOf = async (tx: Db, f: PopulationFilter, limit: number): Promise<string[]> =>
  (await population(tx, f, limit).orderBy('evaluation_id').execute()).map((row) => row.evaluation_id)

/** How many those are, counted no further than a limit. */
export const populationSizeOf = async (tx: Db, f: PopulationFilter, limit: number): Promise<number> =>
  Number(
    (
      await tx
        .selectFrom(population(tx, f, limit).as('p'))
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

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
const NOT_CONTACTED = sql<SqlBool>`(not contacted and not do_not_contact)`
const EXEMPT = sql<SqlBool>`persons @> '[{"doNotContact": true}]'`
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

/**
 * Lets what a transaction reads in an order come in the order of an index: row-level security makes the planner
 * expect next to nothing, and sort a year for the sake of one page.
 */
export const readByIndex = (tx: Db) => sql`set local enable_sort = off`.execute(tx)

/** Real-name cases by when they were opened, the newest first (R20). */
export async function callbackRows(
  tx: Db,
  f: RegisterFilter,
  gap: CallbackGap | undefined,
  after: PageEnd | null,
  limit: number,
): Promise<CaseRow[]> {
  await readByIndex(tx)
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

/** How far call-backs, by person, and rectification, by case, of real-name cases are from 100 %. */
export async function callbackSums(tx: Db, f: RegisterFilter) {
  const count = (of: ReturnType<typeof sql<SqlBool>>) => sql<number>`count(*) filter (where ${of})`
  // Each case's persons are read once, however much is counted of them.
  const persons = sql<Record<'named' | 'called' | 'uncalled' | 'spared', number>>`(
    select count(*) as named, count(*) filter (where p.contacted and not p."doNotContact") as called,
      count(*) filter (where not p.contacted and not p."doNotContact") as uncalled,
      count(*) filter (where p."doNotContact") as spared
    from jsonb_to_recordset(persons) as p ("doNotContact" boolean, contacted boolean))`
  const sumOf = (name: string) => sql<number>`coalesce(sum(p.${sql.ref(name)}), 0)`
  const row = await realNameCases(tx, f)
    .innerJoinLateral(persons.as<'p'>(sql`p`), (on) => on.onTrue())
    .select([
      sql<number>`count(*)`.as('cases'),
      sumOf('named').as('total'),
      sumOf('called').as('contacted'),
      sumOf('uncalled').as('notContacted'),
      sumOf('spared').as('exempt'),
      count(RECTIFIED).as('rectified'),
      count(NOT_RECTIFIED).as('notRectified'),
      count(sql`rejected`).as('notAdopted'),
    ])
    .executeTakeFirstOrThrow()
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as {
    [name in keyof typeof row]: number
  }
}

/** Whom a recorded call-back was to; before several persons were told apart, to whoever opened the case. */
const CALLED = sql<string>`coalesce(payload ->> 'evaluator', subject_id::text)`
export const calledIn = (caseId: string, person: string) => `${caseId} ${person}`

/** The recorded call-backs of some cases by person: how many, and the last one. */
export const contactsOf = async (tx: Db, ids: string[]) => {
  if (ids.length === 0)
    return new Map<string, { attempts: number; lastAt: Date; lastResult: string | null }>()
  const rows = await tx
    .selectFrom('journal_entry')
    .select([
      'subject_id',
      CALLED.as('called'),
      sql<number>`count(*)`.as('attempts'),
      sql<Date>`max(recorded_at)`.as('last_at'),
      sql<string | null>`(array_agg(payload ->> 'result' order by (payload ->> 'version')::int desc))[1]`.as(
        'last_result',
      ),
    ])
    .where('subject_id', 'in', ids)
    .where('kind', '=', 'case.record_contact')
    .groupBy(['subject_id', CALLED])
    .execute()
  return new Map(
    rows.map((row) => [
      calledIn(row.subject_id, row.called),
      { attempts: Number(row.attempts), lastAt: row.last_at, lastResult: row.last_result },
    ]),
  )
}
