import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { badRequest } from '../../platform/problem.ts'
import type { Tables } from '../../platform/tables.ts'
import { addDays, shanghaiDay } from '../../platform/time.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { CHANNELS } from '../evaluations/evaluations.view.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { PoliciesService } from '../policies/policies.service.ts'
import { type Counts, noCounts } from './counts.ts'
import {
  casesOf,
  hallLevelsOf,
  indicesOf,
  levelsOf,
  type Row,
  type RowKind,
  ranking,
  regroup,
  rowOf,
  total,
} from './figures.ts'
import { childrenOf, type Scope, type ScopeQuery, scopeOf, topOf } from './scope.ts'
import { statisticsConsumer } from './statistics.consumer.ts'
import * as store from './statistics.store.ts'

type Db = Kysely<Tables>
type Snapshot = Awaited<ReturnType<CatalogService['snapshot']>>

/** A period of whole days, both ends in it, and the one as long just before. */
export interface Period {
  from: string
  to: string
  days: number
  previous: { from: string; to: string }
}

const LONGEST_DAYS = 1_100

/** @throws Problem 400 bad-period */
export function periodOf(from: string, to: string): Period {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000 + 1
  if (!(days >= 1 && days <= LONGEST_DAYS))
    throw badRequest('bad-period', '起止日期不对：结束日期不能早于开始日期，最长三年。', 'from')
  return { from, to, days, previous: { from: addDays(from, -days), to: addDays(from, -1) } }
}

export type Report = Awaited<ReturnType<ReturnType<typeof makeStatisticsService>['report']>>
export type StatisticsService = ReturnType<typeof makeStatisticsService>

/** Figures, from one source for officials and for the public (R24): the rollups. */
export function makeStatisticsService(
  app: App,
  { catalog, policies }: { catalog: CatalogService; policies: PoliciesService },
) {
  /** The last so many days, today included. */
  const lastDays = (days: number): Period => {
    const today = shanghaiDay(app.clock())
    return periodOf(addDays(today, 1 - days), today)
  }

  const rankingMinimum = async () =>
    (await policies.value('ranking_minimum', app.config.cityRegion, app.clock())).value

  /** A row for each thing that has figures, by one dimension, ranked. */
  async function rows(
    db: Db,
    filter: store.FigureFilter,
    by: 'hall_code' | 'window_code' | 'staff_number' | 'item_code',
  ): Promise<Row[]> {
    const [snap, minimum] = [await catalog.snapshot(), await rankingMinimum()]
    const known: Record<typeof by, [RowKind, (id: string) => string | undefined]> = {
      hall_code: ['hall', (id) => snap.halls.get(id)?.name],
      window_code: ['window', (id) => snap.windows.get(id)?.name],
      staff_number: ['staff', (id) => snap.staff.get(id)?.displayName],
      item_code: ['item', (id) => snap.items.get(id)?.name],
    }
    const [kind, nameOf] = known[by]
    const counts = await store.sums(db, filter, by)
    counts.delete('')
    return ranking([...counts].map(([id, c]) => rowOf(kind, id, nameOf(id) ?? id, c, minimum)))
  }

  /** A row for each organisation, counting all below it, whether it has figures or not. */
  function organizationRows(
    snap: Snapshot,
    organizations: readonly { id: string; name: string; path: string }[],
    byOrganization: Map<string, Counts>,
    minimum: number,
  ): Row[] {
    const paths = [...byOrganization].map(([id, c]) => [snap.organizations.get(id)?.path ?? '', c] as const)
    return organizations.map((o) => {
      const below = paths.filter(([path]) => path.startsWith(o.path)).map(([, c]) => c)
      return rowOf('organization', o.id, o.name, total(below), minimum)
    })
  }

  /** The districts and development zones of the city, ranked. */
  function districtRows(snap: Snapshot, byOrganization: Map<string, Counts>, minimum: number): Row[] {
    const regions = [...snap.regions.values()].filter((r) => r.parentCode === app.config.cityRegion)
    const tops = regions.flatMap((r) => topOf(snap, r.code) ?? [])
    const byRegion = regroup(byOrganization, (id) => {
      const path = snap.organizations.get(id)?.path ?? ''
      return tops.find((top) => path.startsWith(top.path))?.regionCode ?? null
    })
    return ranking(
      regions.map((r) => rowOf('region', r.code, r.name, byRegion.get(r.code) ?? noCounts(), minimum)),
    )
  }

  /**
   * Everything about a scope in a period. Reads through the connection given, so that what an official may not see
   * is not there; the portal gives its own.
   */
  async function report(db: Db, scope: Scope, period: Period) {
    const [snap, minimum] = [await catalog.snapshot(), await rankingMinimum()]
    const now = { ...scope.filter, from: period.from, to: period.to }
    const before = { ...scope.filter, ...period.previous }
    const days = await store.sums(db, { ...now, from: before.from }, 'day')
    const state = await store.state(db)
    const [current, previous] = [
      total([...days].filter(([day]) => day >= period.from).map(([, c]) => c)),
      total([...days].filter(([day]) => day < period.from).map(([, c]) => c)),
    ]
    const ever = total((await store.sums(db, scope.filter, 'channel')).values())
    const parent = scope.organization
    const byOrganization = parent ? await store.sums(db, now, 'organization_id') : new Map()
    const districts = scope.kind === 'city' ? districtRows(snap, byOrganization, minimum) : []
    const direct = parent
      ? ranking(organizationRows(snap, childrenOf(snap, parent), byOrganization, minimum))
      : []
    const isDistrict = (row: Row) => {
      const o = snap.organizations.get(row.id)
      return o !== undefined && o.regionCode !== app.config.cityRegion
    }
    const departments =
      scope.kind === 'city' ? direct.filter((row) => !isDistrict(row)) : scope.kind === 'region' ? direct : []
    const previousIndices = indicesOf(previous)
    return {
      period: { from: period.from, to: period.to, days: period.days },
      previousPeriod: period.previous,
      scope: { kind: scope.kind, id: scope.id, name: scope.name },
      breadcrumbs: scope.breadcrumbs,
      updatedAt: state?.as_of.toISOString() ?? null,
      levels: levelsOf(current),
      hallLevels: hallLevelsOf(current),
      visits: current.visits,
      rated: current.rated,
      evaluations: rowOf('city', '', '', current, minimum).evaluations,
      realName: current.real_name,
      followUps: { given: current.follow_ups, positive: current.follow_ups_positive },
      complaints: current.complaints,
      previous: {
        visits: previous.visits,
        evaluations: rowOf('city', '', '', previous, minimum).evaluations,
      },
      indices: indicesOf(current).map((index, i) => ({ ...index, previous: previousIndices[i]!.value })),
      // Open and overdue are what stands now, whenever it was opened.
      cases: {
        open: ever.cases_opened - ever.cases_closed,
        overdue: ever.cases_overdue,
        ...casesOf(current),
      },
      trend: trendOf(days, period),
      districts,
      departments,
      children: await childrenRows(db, scope, now, direct),
      channels: [...(await store.sums(db, now, 'channel'))]
        .map(([channel, c]) => ({
          channel: Number(channel),
          label: CHANNELS[Number(channel)] ?? '',
          count: rowOf('city', '', '', c, minimum).evaluations,
        }))
        .filter(({ channel, count }) => channel > 0 && count > 0)
        .toSorted((a, b) => b.count - a.count),
      items: (await rows(db, now, 'item_code'))
        .filter((row) => row.negative > 0)
        .toSorted((a, b) => b.negative - a.negative || b.evaluations - a.evaluations)
        .slice(0, 10),
      rankingMinimum: minimum,
    }
  }

  /** The next level down: organisations, then halls, windows, staff. */
  async function childrenRows(db: Db, scope: Scope, filter: store.FigureFilter, direct: Row[]) {
    if (scope.kind === 'window') return rows(db, filter, 'staff_number')
    if (scope.kind === 'hall') return rows(db, filter, 'window_code')
    if (scope.kind === 'city') return direct
    return [...direct, ...(await rows(db, filter, 'hall_code'))]
  }

  return {
    consumer: statisticsConsumer,
    lastDays,
    report,
    rows,
    rankingMinimum,
    /** What figures of the whole city, or of a part of it, are about. @throws Problem 404 scope-unknown */
    async scope(place: string, query: ScopeQuery = {}): Promise<Scope> {
      return scopeOf(await catalog.snapshot(), place, query)
    },
    /** A row for each organisation below a place, counting all below it. */
    async organizations(db: Db, place: string, period: Period): Promise<Row[]> {
      const [snap, minimum] = [await catalog.snapshot(), await rankingMinimum()]
      const all = [...snap.organizations.values()].filter((o) => o.active && o.path.startsWith(place))
      const { from, to } = period
      return organizationRows(
        snap,
        all,
        await store.sums(db, { path: place, from, to }, 'organization_id'),
        minimum,
      )
    },
    /** The counts of all times of a place, or of some regions or halls of it. */
    ever: async (db: Db, filter: store.FigureFilter) =>
      total((await store.sums(db, filter, 'channel')).values()),
    /** Counts by the organisation that was rated. */
    byOrganization: (db: Db, filter: store.FigureFilter) => store.sums(db, filter, 'organization_id'),
    /** Counts by day. */
    daily: (db: Db, filter: store.FigureFilter) => store.sums(db, filter, 'day'),
    /** The last entry the figures hold. */
    state: store.state,
    /**
     * The dashboard of an official: never more than their place (R28).
     * @throws Problem 404 scope-unknown, 400 bad-period
     */
    async dashboard(
      official: Official,
      query: ScopeQuery & { from?: string | undefined; to?: string | undefined },
    ) {
      const standard = lastDays(30)
      const to = query.to ?? standard.to
      const period = periodOf(query.from ?? addDays(to, -29), to)
      const scope = scopeOf(await catalog.snapshot(), official.organizationPath, query)
      return asStaff(app.db, placeOf(official), (tx) => report(tx, scope, period))
    },
  }
}

/** Every day of the period, those without figures too. */
function trendOf(days: Map<string, Counts>, period: Period) {
  return Array.from({ length: period.days }, (_, i) => {
    const day = addDays(period.from, i)
    const { visits, evaluations, negative, positiveRate } = rowOf(
      'city',
      day,
      day,
      days.get(day) ?? noCounts(),
      0,
    )
    return { day, visits, evaluations, negative, positiveRate }
  })
}
