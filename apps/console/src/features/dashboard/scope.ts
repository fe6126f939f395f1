import type { LocationQueryRaw, RouteLocationRaw } from 'vue-router'
import { dayFromNow } from '../../format.ts'
import type { Crumb, FigureRow } from './types.ts'

/** What the address of the dashboard holds. */
export interface DashboardQuery {
  days?: string | undefined
  from?: string | undefined
  to?: string | undefined
  region?: string | undefined
  organization?: string | undefined
  hall?: string | undefined
  window?: string | undefined
}
export const QUERY_KEYS = ['days', 'from', 'to', 'region', 'organization', 'hall', 'window'] as const

const PRESETS = ['7', '30', '90']
/** The preset the address names; null for days chosen one by one. */
export const presetOf = ({ days, from, to }: DashboardQuery): string | null =>
  from && to ? null : days && PRESETS.includes(days) ? days : '30'

/** First and last day of the period. */
export function periodOf(query: DashboardQuery): { from: string; to: string } {
  const preset = presetOf(query)
  return preset === null
    ? { from: query.from!, to: query.to! }
    : { from: dayFromNow(1 - Number(preset)), to: dayFromNow(0) }
}

/**
 * The way to a place below or above the present one. A hall keeps the organisation it was entered from: halls are
 * shared, and each organisation sees its own part of one.
 */
function placeQuery({ kind, id }: Pick<Crumb, 'kind' | 'id'>, now: DashboardQuery): LocationQueryRaw {
  switch (kind) {
    case 'city':
      return {}
    case 'region':
      return { region: id }
    case 'organization':
      return { organization: id }
    case 'hall':
      return { region: now.region, organization: now.organization, hall: id }
    case 'window':
      return { region: now.region, organization: now.organization, hall: now.hall, window: id }
  }
}
const periodPart = ({ days, from, to }: DashboardQuery): LocationQueryRaw => ({ days, from, to })

/** The dashboard of another place, over the same period. */
export const toPlace = (crumb: Pick<Crumb, 'kind' | 'id'>, now: DashboardQuery): RouteLocationRaw => ({
  name: 'dashboard',
  query: { ...periodPart(now), ...placeQuery(crumb, now) },
})

/** Where a row leads down to; null where there is nothing below. */
export const toRow = ({ kind, id }: FigureRow, now: DashboardQuery): RouteLocationRaw | null =>
  kind === 'staff' || kind === 'item' ? null : toPlace({ kind, id }, now)

/** The ratings behind the figures of the present place. */
export const toEvaluations = (now: DashboardQuery, more: LocationQueryRaw = {}): RouteLocationRaw => ({
  path: '/evaluations',
  query: {
    ...periodOf(now),
    region: now.region,
    organization: now.organization,
    hall: now.hall,
    window: now.window,
    ...more,
  },
})

/** The ratings behind the figures of a row; null for a staff member, by whom ratings are not listed. */
export function rowEvaluations(
  row: Pick<FigureRow, 'kind' | 'id'>,
  now: DashboardQuery,
  more: LocationQueryRaw = {},
): RouteLocationRaw | null {
  if (row.kind === 'staff') return null
  if (row.kind === 'item') return toEvaluations(now, { ...more, item: row.id })
  const place = placeQuery({ kind: row.kind, id: row.id }, now)
  return { path: '/evaluations', query: { ...periodOf(now), ...place, ...more } }
}

/** The cases of the present place; below an organisation, those of the organisation. */
export const toCases = (now: DashboardQuery, more: LocationQueryRaw = {}): RouteLocationRaw => ({
  path: '/cases',
  query: { region: now.region, organization: now.organization, ...more },
})

/** Whether the dashboard shows the official's own place, nothing below it. */
export const atHome = ({ region, organization, hall, window }: DashboardQuery): boolean =>
  !(region || organization || hall || window)
