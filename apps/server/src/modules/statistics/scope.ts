import { notFound } from '../../platform/problem.ts'
import type { CatalogService, Organization } from '../catalog/catalog.service.ts'
import type { FigureFilter } from './statistics.store.ts'

type Snapshot = Awaited<ReturnType<CatalogService['snapshot']>>

/** What figures may be narrowed to. */
export interface ScopeQuery {
  region?: string | undefined
  organization?: string | undefined
  hall?: string | undefined
  window?: string | undefined
}

/** One step of the way down from the city. */
export interface Crumb {
  kind: 'city' | 'region' | 'organization' | 'hall' | 'window'
  id: string
  name: string
}

/** What figures are about. */
export interface Scope extends Crumb {
  breadcrumbs: Crumb[]
  filter: FigureFilter
  /** the organisation whose children come next; undefined below an organisation */
  organization: Organization | undefined
}

const outside = () => notFound('scope-unknown', '没有这个范围，或不在您的管辖范围内。')

/** The topmost organisation of a region: it stands for the region in the tree. */
export const topOf = (snap: Snapshot, region: string): Organization | undefined =>
  [...snap.organizations.values()]
    .filter((o) => o.regionCode === region)
    .reduce<Organization | undefined>(
      (top, o) => (top && top.path.length <= o.path.length ? top : o),
      undefined,
    )

/** Whether an organisation is the one that stands for a region below the city. */
const standsForRegion = (snap: Snapshot, o: Organization) =>
  o.parentId !== null && topOf(snap, o.regionCode)?.id === o.id

const crumbOf = (snap: Snapshot, o: Organization): Crumb => {
  if (o.parentId === null) return { kind: 'city', id: o.id, name: o.name }
  if (standsForRegion(snap, o))
    return { kind: 'region', id: o.regionCode, name: snap.regions.get(o.regionCode)?.name ?? o.name }
  return { kind: 'organization', id: o.id, name: o.name }
}

/** From the top of the place down to the organisation. */
const crumbsTo = (snap: Snapshot, o: Organization, place: string): Crumb[] => {
  const chain: Crumb[] = []
  for (
    let at: Organization | undefined = o;
    at?.path.startsWith(place);
    at = at.parentId === null ? undefined : snap.organizations.get(at.parentId)
  )
    chain.unshift(crumbOf(snap, at))
  return chain
}

/**
 * What a query is about, seen from a place in the tree: nothing asked for is the place itself.
 * @throws Problem 404 scope-unknown for what there is not, or what lies outside the place
 */
export function scopeOf(snap: Snapshot, place: string, query: ScopeQuery): Scope {
  const within = (o: Organization | undefined) => (o?.path.startsWith(place) ? o : undefined)
  const need = (o: Organization | undefined) => {
    if (!o) throw outside()
    return o
  }
  const home = [...snap.organizations.values()].find((o) => o.path === place)
  const region = query.region === undefined ? undefined : need(within(topOf(snap, query.region)))
  const asked =
    query.organization === undefined ? undefined : need(within(snap.organizations.get(query.organization)))
  if (region && asked && !asked.path.startsWith(region.path)) throw outside()
  const organization = need(asked ?? region ?? home)
  const filter: FigureFilter = { path: organization.path }
  const breadcrumbs = crumbsTo(snap, organization, place)
  const windowOf = query.window === undefined ? undefined : snap.windows.get(query.window)
  if (query.window !== undefined && !windowOf) throw outside()
  const hallCode = query.hall ?? windowOf?.hallCode
  if (hallCode === undefined) return { ...breadcrumbs.at(-1)!, breadcrumbs, filter, organization }

  const hall = snap.halls.get(hallCode)
  if (!hall || (windowOf && windowOf.hallCode !== hallCode)) throw outside()
  // A hall belongs to one organisation and its windows to many: each sees its own share of the hall.
  const owner = (id: string) => snap.organizations.get(id)?.path.startsWith(organization.path) ?? false
  const windows = [...snap.windows.values()].filter((w) => w.hallCode === hallCode)
  const reaches = windowOf
    ? owner(windowOf.organizationId) || owner(hall.organizationId)
    : owner(hall.organizationId) || windows.some((w) => owner(w.organizationId))
  if (!reaches) throw outside()
  filter.hall = hallCode
  breadcrumbs.push({ kind: 'hall', id: hallCode, name: hall.name })
  if (windowOf) {
    filter.window = windowOf.code
    breadcrumbs.push({ kind: 'window', id: windowOf.code, name: windowOf.name })
  }
  return { ...breadcrumbs.at(-1)!, breadcrumbs, filter, organization: undefined }
}

/** Children of an organisation in the order of the directory. */
export const childrenOf = (snap: Snapshot, parent: Organization): Organization[] =>
  [...snap.organizations.values()].filter((o) => o.parentId === parent.id && o.active)
