import type { App } from '../../platform/context.ts'
import { badRequest, forbidden } from '../../platform/problem.ts'
import type { CatalogService, Organization } from '../catalog/catalog.service.ts'
import { isRoot, type Official } from '../identity/official.ts'
import { topOf } from '../statistics/scope.ts'

/** What there are summaries of (R19, Q72): the whole city, and each district with what it is responsible for (Q16). */
export function makeSummaryScopes(app: App, { catalog }: { catalog: CatalogService }) {
  /** The organisation that stands for the city; undefined while the directory is empty. */
  const root = async (): Promise<Organization | undefined> =>
    [...(await catalog.organizations()).values()].find(
      (o) => o.parentId === null && o.regionCode === app.config.cityRegion,
    )

  /** The organisations that stand for the districts and development zones. */
  async function districts(): Promise<Organization[]> {
    const snap = await catalog.snapshot()
    return [...snap.regions.values()]
      .filter((region) => region.parentCode === app.config.cityRegion)
      .flatMap((region) => topOf(snap, region.code) ?? [])
  }

  /** The city first, then its districts. */
  const all = async (): Promise<Organization[]> => {
    const city = await root()
    return city ? [city, ...(await districts())] : []
  }

  /** The scope an official stands in: the city for whoever stands at its root, else the district, else none. */
  async function ownOf(official: Official): Promise<Organization | undefined> {
    if (isRoot(official.organizationPath)) return root()
    return (await districts()).find(({ path }) => official.organizationPath.startsWith(path))
  }

  return {
    all,
    /** Ids an official may read: all for the city, the city's and their own for a district. */
    async readableBy(official: Official): Promise<Set<string>> {
      const scopes = await all()
      if (isRoot(official.organizationPath)) return new Set(scopes.map(({ id }) => id))
      return new Set([scopes[0]?.id, (await ownOf(official))?.id].filter((id) => id !== undefined))
    },
    /**
     * The scope an official prepares a summary of: the city any, a district authority its own.
     * @throws Problem 403 outside-place, 400 scope-unknown
     */
    async preparedBy(official: Official, scope: string | undefined): Promise<Organization> {
      const own = await ownOf(official)
      const asked = scope === undefined ? own : (await all()).find(({ id }) => id === scope)
      if (scope !== undefined && !asked) throw badRequest('scope-unknown', '没有这个范围的通报。', 'scope')
      const mayAny = official.role === 'city_authority' && isRoot(official.organizationPath)
      const mayOwn = official.role === 'district_authority' && own !== undefined && own.id === asked?.id
      if (!asked || !(mayAny || mayOwn))
        throw forbidden(
          'outside-place',
          '只能编制本级的通报：全市的由市级、各县（市）区的由本地主管部门编制。',
        )
      return asked
    },
  }
}
export type SummaryScopes = ReturnType<typeof makeSummaryScopes>
