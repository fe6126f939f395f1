import { followUpRate, type PolicyKey } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { notFound } from '../../platform/problem.ts'
import type { Organization } from '../catalog/catalog.service.ts'
import type { PoliciesService } from '../policies/policies.service.ts'
import { noCounts } from '../statistics/counts.ts'
import { casesOf, indicesOf, regroup, rowOf, total } from '../statistics/figures.ts'
import { topOf } from '../statistics/scope.ts'
import type { StatisticsService } from '../statistics/statistics.service.ts'
import { publicAppeals } from './public-appeals.ts'
import type { PublicCase } from './public-case.ts'
import { OF_RATINGS, type PublicReport, publicReport } from './public-report.ts'
import { makePublicationConsumer } from './publication.consumer.ts'
import * as store from './publication.store.ts'
import { type PublicRow, publicRows, tooFew } from './suppression.ts'

export type { PublicAppeals } from './public-appeals.ts'
export type { PublicCase, PublicStep } from './public-case.ts'
export type { PublicReport } from './public-report.ts'
export type { PublicRow } from './suppression.ts'

/** The periods the public may choose: fixed ones, so that two of them do not single anybody out by a day. */
export const PERIODS = [30, 90, 365] as const
export type PeriodDays = (typeof PERIODS)[number]
export const isPeriod = (days: number): days is PeriodDays => PERIODS.some((p) => p === days)

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
    if (!top) throw notFound('directory-empty', '机构目录还没有导入，暂时没有可以公开的内容。')
    return top
  }

  /** The figures of the city, or of one organisation with all below it. @throws Problem 404 scope-unknown */
  async function report(days: PeriodDays, organization?: string): Promise<PublicReport> {
    const top = await root()
    const scope = await statistics.scope(top.path, { organization: organization ?? top.id })
    const full = await statistics.report(db, scope, statistics.lastDays(days))
    const k = await minimum()
    if (organization === undefined || organization === top.id)
      return publicReport(full, k, tooFew(full.levels, k) ? 'few' : null)
    // What the list does not print about an organisation, its own page does not either.
    const listed = (await organizations(days)).find((entry) => entry.organization.id === organization)
    return publicReport(full, k, listed ? listed.row.hidden : 'rest')
  }

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
    return rows.map(({ id }) => {
      const [organization, row] = [snap.organizations.get(id)!, shown.get(id)!]
      // Those below a hidden one would add up to it.
      const below = organization.path.split('/').some((above) => above !== id && shown.get(above)?.hidden)
      return { organization, row: below && row.figures ? { ...row, hidden: 'rest', figures: null } : row }
    })
  }

  /** The windows or items of a place with their figures, those most rated first. */
  async function rows(by: 'window_code' | 'item_code', days: PeriodDays, path: string): Promise<PublicRow[]> {
    const { from, to } = statistics.lastDays(days)
    const found = await statistics.rows(db, { path, from, to }, by)
    return publicRows(found, await minimum()).toSorted(
      (a, b) => (b.figures?.evaluations ?? 0) - (a.figures?.evaluations ?? 0),
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
      indices: [
        ...indicesOf(counts).filter((index) => !OF_RATINGS.includes(index.key)),
        followUpRate(counts.follow_ups_positive, counts.follow_ups),
      ],
    }
  }

  /** The organisation that stands for each district or zone of the city, by region code. */
  async function districts(): Promise<Map<string, Organization>> {
    const snap = await catalog.snapshot()
    const codes = [...snap.regions.values()].filter((r) => r.parentCode === app.config.cityRegion)
    return new Map(
      codes.flatMap(({ code }) => {
        const top = topOf(snap, code)
        return top ? [[code, top] as const] : []
      }),
    )
  }

  /** Appeals against the ratings of the last year, of the city, its own bodies and its districts. */
  async function appeals() {
    const top = await root()
    const { from, to } = statistics.lastDays(365)
    const { organizations } = await catalog.snapshot()
    const own = app.config.cityRegion
    const counts = await statistics.byOrganization(db, { path: top.path, from, to })
    const regions = [...(await districts())]
    const byRegion = regroup(counts, (id) => {
      const path = organizations.get(id)?.path ?? ''
      return regions.find(([, district]) => path.startsWith(district.path))?.[0] ?? own
    })
    const groups = [
      { id: own, name: '市直部门和单位', counts: byRegion.get(own) ?? noCounts() },
      ...regions.map(([id, { shortName }]) => ({
        id,
        name: shortName,
        counts: byRegion.get(id) ?? noCounts(),
      })),
    ]
    const city = { id: 'city', name: '全市', counts: total(counts.values()) }
    return { period: { from, to }, rows: publicAppeals(city, groups, await minimum()) }
  }

  return {
    consumer: makePublicationConsumer(needs),
    appeals,
    districts,
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
      if (!found) throw notFound('case-unknown', '没有这个编号的已办结差评件。办理中的差评件不公开。')
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
      const period = statistics.lastDays(days)
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
    formulas: () =>
      [...indicesOf(noCounts()), followUpRate(0, 0)].map(({ key, name, formula }) => ({
        key,
        name,
        formula,
      })),
  }
}
