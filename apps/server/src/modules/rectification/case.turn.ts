import { clocksAwaiting, REPORTING_STATES, statesAwaiting, UNNAMED_STATES } from '@haochaping/rules'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isRoot, type Official } from '../identity/official.ts'
import type { ManagementBodies } from './case.rights.ts'

/** What an official's turn is told by: who they are, and for whom they decide. */
export interface CaseTurn {
  accountId: string
  organizationId: string
  organizationPath: string
  /** nobody has a hand in a case about themselves; '' for whoever is never rated */
  staffNumber: string
  /** cases about them that do not name them: of what somebody else was rated for in the same affair */
  about: readonly string[]
  /** whoever may verify the cases of the own organisation; null for those who handle none */
  colleagues: readonly { accountId: string; staffNumber: string | null }[] | null
  /** organisations whose nearest authority above is the own one */
  below: readonly string[]
  /** organisations whose management body is the own one, or is below it with no authority nearer */
  managed: readonly string[]
}

type Organizations = ReadonlyMap<string, { path: string }>
/** What telling whose turn it is needs of the directory and the accounts. */
export interface TurnNeeds {
  catalog: ManagementBodies & { organizations(): Promise<Organizations> }
  identity: {
    verifiersFor(
      organizationIds: readonly string[],
    ): Promise<readonly { accountId: string; staffNumber: string | null }[]>
    organizationsHolding(permission: 'cases.manage'): Promise<ReadonlySet<string>>
  }
}

/** The organisations on the way up from a place, itself first. */
const upwards = (path: string) => path.split('/').filter(Boolean).reverse()

/** Whose turn it is to act on a case is told by the state table (R14–R16); here, which of its actors an official is. */
export function makeCaseTurns({ catalog, identity }: TurnNeeds) {
  // Which body manages an organisation follows from the directory alone: found once for each copy of it.
  const bodies = new WeakMap<Organizations, Promise<Map<string, string>>>()
  async function managementPaths(organizations: Organizations): Promise<Map<string, string>> {
    const found = await Promise.all(
      [...organizations.keys()].map(async (id) => [id, await catalog.managementBodyFor(id)] as const),
    )
    return new Map(found.flatMap(([id, body]) => (body ? [[id, body.path]] : [])))
  }
  function bodiesOf(organizations: Organizations) {
    const known = bodies.get(organizations) ?? managementPaths(organizations)
    bodies.set(organizations, known)
    return known
  }

  /** For whom an authority decides: wherever no other authority stands nearer. */
  async function decidesFor({ organizationId, organizationPath }: Official) {
    const organizations = await catalog.organizations()
    const managing = await bodiesOf(organizations)
    const holding = await identity.organizationsHolding('cases.manage')
    const isNearest = (line: string[]) => line.find((id) => holding.has(id)) === organizationId
    const own = [...organizations].filter(([, { path }]) => path.startsWith(organizationPath))
    return {
      below: own.flatMap(([id, { path }]) =>
        isNearest(upwards(path).filter((each) => each !== id || isRoot(path))) ? [id] : [],
      ),
      // A body beside the organisation does not see its cases: whoever is above both decides.
      managed: own.flatMap(([id, { path }]) => {
        const above = upwards(managing.get(id) ?? '').filter((each) => each !== id)
        return isNearest(upwards(path).filter((each) => above.includes(each))) ? [id] : []
      }),
    }
  }

  /** What this official's turn is told by, as accounts and directory stand now. */
  async function turnOf(official: Official): Promise<CaseTurn> {
    const handles = official.permissions.includes('cases.handle')
    const manages = official.permissions.includes('cases.manage')
    const { accountId, organizationId, organizationPath, staffNumber = '' } = official
    return {
      accountId,
      organizationId,
      organizationPath,
      staffNumber,
      about: [],
      colleagues: handles ? await identity.verifiersFor([organizationId]) : null,
      ...(manages ? await decidesFor(official) : { below: [], managed: [] }),
    }
  }
  return { turnOf }
}

const among = (column: string, values: readonly string[]) =>
  sql<SqlBool>`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`
const worked = statesAwaiting('handler').filter((state) => !UNNAMED_STATES.includes(state))
// Whoever asked for a later date waits for it, until the promised day comes first.
const atWork = sql<SqlBool>`(${among('state', worked)}
  and (extension_status is distinct from 'requested' or ${among('next_due_key', clocksAwaiting('handler'))}))`

/** Cases at work whose verifier left, or was rated in what was joined: any of the organisation may take them over. */
const unattended = (
  colleagues: NonNullable<CaseTurn['colleagues']>,
) => sql<SqlBool>`(${atWork} and not exists (
  select 1 from unnest(${colleagues.map((one) => one.accountId)}::uuid[],
    ${colleagues.map((one) => one.staffNumber ?? '')}::text[]) as may (account_id, number)
  where may.account_id = verifier_id
    and (may.number = '' or (may.number <> staff_number and may.number <> all(joined_staff)))))`

/**
 * The open cases in which the next act is this official's: named verifier of a case at work, to sign for at one's
 * organisation, to report on as one that helps, or to decide as the nearest authority. What waits for the citizen is
 * nobody's turn.
 */
export function isMyTurn(turn: CaseTurn): RawBuilder<SqlBool> {
  const { organizationId: own, organizationPath: path, colleagues, below, managed, staffNumber } = turn
  const ways: RawBuilder<SqlBool>[] = []
  if (colleagues)
    ways.push(
      sql`(${atWork} and verifier_id = ${turn.accountId})`,
      sql`(${among('state', UNNAMED_STATES)} and organization_id = ${own})`,
      sql`(organization_id = ${own} and ${unattended(colleagues)})`,
      sql`(shared and ${among('state', REPORTING_STATES)} and not reports_waived
        and party_paths @> array[${path}] and not reported_paths @> array[${path}])`,
    )
  if (below.length > 0)
    ways.push(
      sql`((${among('state', statesAwaiting('superior'))} or extension_status = 'requested')
        and organization_id = any(${below}::text[]))`,
    )
  if (managed.length > 0)
    ways.push(
      sql`(${among('state', statesAwaiting('management'))} and organization_id = any(${managed}::text[]))`,
    )
  if (ways.length === 0) return sql`false`
  const mine = sql<SqlBool>`(${sql.join(ways, sql` or `)})`
  return staffNumber === ''
    ? mine
    : sql`(${mine} and staff_number <> ${staffNumber} and ${staffNumber} <> all(joined_staff)
        and evaluation_id <> all(${turn.about}::uuid[]))`
}
