import type { Index, LevelCounts, PolicyKey } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { notFound } from '../../platform/problem.ts'
import type { Organization } from '../catalog/catalog.service.ts'
import type { PoliciesService } from '../policies/policies.service.ts'
import { noCounts } from '../statistics/counts.ts'
import { casesOf, indicesOf, type Row, rowOf, total } from '../statistics/figures.ts'
import type { Period, Report, StatisticsService } from '../statistics/statistics.service.ts'
import type { PublicCase } from './public-case.ts'
import { makePublicationConsumer } from './publication.consumer.ts'
import * as store from './publication.store.ts'
import { givenOf, type Hidden, hide, type PublicRow, publicRows, tooFew } from './suppression.ts'

export type { PublicCase, PublicStep } from './public-case.ts'
export type { PublicRow } from './suppression.ts'

/** The periods the public may choose: fixed ones, so that two of them do not single anybody out by a day. */
export const PERIODS = [30, 90, 365] as const
export type PeriodDays = (typeof PERIODS)[number]
export const isPeriod = (days: number): days is PeriodDays => PERIODS.some((p) => p === days)

/** A day of a trend; null where it may not be told. */
export interface PublicDay {
  day: string
  visits: number
  hidden: Hidden | null
  evaluations: number | null
  negative: number | null
  positiveRate: number | null
}

/** Figures of a scope as they may be published. */
export interface PublicReport
  extends Pick<
    Report,
    | 'period'
    | 'previousPeriod'
    | 'scope'
    | 'breadcrumbs'
    | 'updatedAt'
    | 'visits'
    | 'cases'
    | 'rankingMinimum'
  > {
  k: number
  /** the scope itself has too few evaluations: neither levels nor rates are given */
  hidden: boolean
  evaluations: number | null
  previous: { visits: number; evaluations: number | null }
  levels: LevelCounts | null
  hallLevels: LevelCounts | null
  indices: (Index & { previous: number | null })[]
  trend: PublicDay[]
  channels: { channel: number; label: string; hidden: Hidden | null; count: number | null }[]
  districts: PublicRow[]
  departments: PublicRow[]
  children: PublicRow[]
  items: PublicRow[]
}

/** Rates that tell how citizens rated; the others tell what was done about it. */
const OF_RATINGS = ['positive_rate', 'satisfied_rate', 'negative_rate', 'average_score', 'active_rate']

/** Policies that a reader of the figures may want to know. */
const PUBLIC_POLICIES: PolicyKey[] = [
  'sign',
  'fix',
  'promised',
  'confirm',
  'reply',
  'resurvey',
  'supplement',
  'words_max',
  'ranking_minimum',
  'k_anonymity',
]

export type PublicationService = ReturnType<typeof makePublicationService>

/**
 * What everybody may read (R19, R23). Reads through the portal's connection only, which reaches no evaluation and no
 * person; the figures are those of the dashboards, less what is made of too few.
 */
export function makePublicationService(
  app: App,
  needs: Parameters<typeof makePublicationConsumer>[0] & {
    policies: PoliciesService
    statistics: StatisticsService
  },
) {
  const { catalog, policies, statistics } = needs
  const db = app.db.portal

  const minimum = async () => (await policies.value('k_anonymity', app.config.cityRegion, app.clock())).value

  /** The organisation that stands for the city. @throws Problem 404 while the directory is empty */
  async function root(): Promise<Organization> {
    const { organizations } = await catalog.snapshot()
    const top = [...organizations.values()].find(
      (o) => o.parentId === null && o.regionCode === app.config.cityRegion,
    )
    if (!top) throw notFound('directory-empty', '机构目录还没有导入,暂时没有可以公开的内容。')
    return top
  }

  function publicDays(trend: Report['trend'], k: number): PublicDay[] {
    const hidden = hide(
      trend,
      (day) => day.evaluations,
      (day) => day.evaluations > 0 && day.evaluations < k,
      k,
    )
    return trend.map((day) => {
      const why = hidden.get(day) ?? null
      return why
        ? {
            day: day.day,
            visits: day.visits,
            hidden: why,
            evaluations: null,
            negative: null,
            positiveRate: null,
          }
        : { ...day, hidden: null }
    })
  }

  /** The figures of the city, or of one organisation with all below it. @throws Problem 404 scope-unknown */
  async function report(days: PeriodDays, organization?: string): Promise<PublicReport> {
    const place = (await root()).path
    const scope = await statistics.scope(place, organization === undefined ? {} : { organization })
    const period = statistics.lastDays(days)
    const full = await statistics.report(db, scope, period)
    const k = await minimum()
    const hidden = tooFew(full.levels, k)
    const previousHidden = full.previous.evaluations > 0 && full.previous.evaluations < k
    // Districts and departments add up to the city together.
    const together = publicRows([...full.districts, ...full.departments], k)
    const {
      period: shownPeriod,
      previousPeriod,
      breadcrumbs,
      updatedAt,
      visits,
      cases,
      rankingMinimum,
    } = full
    const small = hide(
      full.channels,
      (channel) => channel.count,
      (channel) => channel.count < k,
      k,
    )
    return {
      period: shownPeriod,
      previousPeriod,
      scope: full.scope,
      breadcrumbs,
      updatedAt,
      visits,
      cases,
      rankingMinimum,
      k,
      hidden,
      evaluations: hidden ? null : full.evaluations,
      previous: { ...full.previous, evaluations: previousHidden ? null : full.previous.evaluations },
      channels: full.channels.map((channel) => {
        const why = small.get(channel) ?? null
        return { ...channel, hidden: why, count: why ? null : channel.count }
      }),
      levels: hidden ? null : full.levels,
      hallLevels: givenOf(full.hallLevels) < k ? null : full.hallLevels,
      indices: full.indices.map((index) => {
        const ofRatings = OF_RATINGS.includes(index.key)
        return {
          ...index,
          ...(ofRatings && hidden && { numerator: 0, denominator: 0, value: null }),
          previous: ofRatings && previousHidden ? null : index.previous,
        }
      }),
      trend: publicDays(full.trend, k),
      districts: together.slice(0, full.districts.length),
      departments: together.slice(full.districts.length),
      children: groupedByKind(full.children, k),
      items: publicRows(full.items, k),
    }
  }

  /** Organisations and halls of one parent each add up to it on their own. */
  const groupedByKind = (rows: Row[], k: number) =>
    [...Map.groupBy(rows, (row) => row.kind).values()].flatMap((group) => publicRows(group, k))

  /** Every organisation with its figures; siblings add up to their parent. */
  async function organizations(days: PeriodDays): Promise<{ organization: Organization; row: PublicRow }[]> {
    const { path } = await root()
    const snap = await catalog.snapshot()
    const rows = await statistics.organizations(db, path, statistics.lastDays(days))
    const k = await minimum()
    const siblings = Map.groupBy(rows, (row) => snap.organizations.get(row.id)?.parentId ?? '')
    const shown = new Map(
      [...siblings.values()].flatMap((group) => publicRows(group, k)).map((row) => [row.id, row]),
    )
    return rows.map((row) => ({ organization: snap.organizations.get(row.id)!, row: shown.get(row.id)! }))
  }

  /** The windows of a hall, or the items of an organisation, with their figures. */
  async function rows(
    by: 'window_code' | 'item_code',
    days: PeriodDays,
    filter: { path?: string; hall?: string },
  ) {
    const { from, to } = statistics.lastDays(days)
    const place = filter.path ?? (await root()).path
    return publicRows(
      await statistics.rows(db, { path: place, hall: filter.hall, from, to }, by),
      await minimum(),
    )
  }

  /** The figures of one item. */
  async function item(code: string, days: PeriodDays): Promise<PublicRow> {
    const { from, to } = statistics.lastDays(days)
    const counts = total(
      (await statistics.daily(db, { path: (await root()).path, item: code, from, to })).values(),
    )
    const row = rowOf('item', code, '', counts, await statistics.rankingMinimum())
    return publicRows([row], await minimum())[0]!
  }

  /** What became of all cases of a place, ever. */
  async function caseSummary(place: string) {
    const counts = await statistics.ever(db, { path: place })
    return {
      ...casesOf(counts),
      open: counts.cases_opened - counts.cases_closed,
      overdue: counts.cases_overdue,
      indices: indicesOf(counts).filter((index) => !OF_RATINGS.includes(index.key)),
    }
  }

  return {
    consumer: makePublicationConsumer(needs),
    report,
    organizations,
    rows,
    item,
    root,
    minimum,
    /** Closed cases, newest first. @throws Problem 404 scope-unknown */
    async cases(
      filter: {
        region?: string | undefined
        item?: string | undefined
        outcome?: PublicCase['outcome'] | undefined
      },
      page: number,
      pageSize: number,
    ) {
      const scope = await statistics.scope((await root()).path, { region: filter.region })
      const { path } = scope.filter
      return {
        ...(await store.cases(db, { path, outcome: filter.outcome, item: filter.item }, page, pageSize)),
        summary: await caseSummary(path),
      }
    },
    /** @throws Problem 404 case-unknown, also while it is open */
    async caseByNumber(number: string): Promise<PublicCase> {
      const found = await store.caseByNumber(db, number)
      if (!found) throw notFound('case-unknown', '没有这个编号的已办结差评件。办理中的案件不公开。')
      return found
    },
    /** When the last entry was written that the figures hold; null before the first. */
    asOf: async (): Promise<Date | null> => (await statistics.state(db))?.as_of ?? null,
    /** The numbers of the rules that stand behind the figures, as they are in force for the city. */
    policies: () =>
      Promise.all(
        PUBLIC_POLICIES.map(async (key) => ({
          key,
          ...(await policies.value(key, app.config.cityRegion, app.clock())),
        })),
      ),
    /** The days of the city, each as it may be published. */
    async daily(days: PeriodDays) {
      const period: Period = statistics.lastDays(days)
      const counts = await statistics.daily(db, {
        path: (await root()).path,
        from: period.from,
        to: period.to,
      })
      const k = await minimum()
      const rows = [...counts]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([day, c]) => rowOf('city', day, day, c, 0))
      return publicRows(rows, k)
    },
    /** The formulas of all indices, with nothing in them. */
    formulas: () => indicesOf(noCounts()).map(({ key, name, formula }) => ({ key, name, formula })),
  }
}
