import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { badRequest, conflict, forbidden, notFound } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { CatalogService, Organization } from '../catalog/catalog.service.ts'
import { actorOf, isRoot, type Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { PoliciesService } from '../policies/policies.service.ts'
import { periodOf, type StatisticsService } from '../statistics/statistics.service.ts'
import { publicReport } from './public-report.ts'
import { daysOf, isEmpty, monthBefore, summaryFigures } from './summary.figures.ts'
import * as store from './summary.store.ts'
import { type Summary, type SummaryState, summaryFacts } from './summary.ts'
import { tooFew } from './suppression.ts'

export type SummariesService = ReturnType<typeof makeSummariesService>

/** Summaries of each month by district and department (R19, Q72): drafted, approved, published, perhaps withdrawn. */
export function makeSummariesService(
  app: App,
  needs: { catalog: CatalogService; policies: PoliciesService; statistics: StatisticsService },
) {
  const { catalog, policies, statistics } = needs
  const { db } = app

  const numberOf = async (key: string) =>
    (await policies.value(key, app.config.cityRegion, app.clock())).value

  /** The organisation that stands for the city; undefined while the directory is empty. */
  const root = async (): Promise<Organization | undefined> =>
    [...(await catalog.organizations()).values()].find(
      (o) => o.parentId === null && o.regionCode === app.config.cityRegion,
    )

  /** The figures of a month and the position they follow, both as of one moment of the transaction. */
  async function figuresOf(tx: Tx, top: Organization, month: string) {
    const { from, to } = daysOf(month)
    const scope = await statistics.scope(top.path, { organization: top.id })
    const full = await statistics.report(tx, scope, periodOf(from, to))
    const state = await statistics.state(tx)
    const k = await numberOf('k_anonymity')
    const figures = summaryFigures(publicReport(full, k, tooFew(full.levels, k) ? 'few' : null))
    return { figures, position: Number(state?.position ?? 0), asOf: state?.as_of ?? app.clock() }
  }

  const write = (tx: Tx, summary: Summary, act: string, actor: string, text?: Record<string, string>) =>
    appendEntry(tx, {
      subjectId: summary.summaryId,
      kind: `summary.${act}`,
      actor,
      at: app.clock(),
      payload: summaryFacts(summary),
      ...(text && { text }),
    })

  /** Makes the draft of a month; null when it has one that stands, or when there is nothing to tell. */
  async function draft(month: string, actor: string, again: boolean): Promise<Summary | null> {
    const top = await root()
    if (!top) return null
    const made = await db.system
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const before = (await store.all(tx, top.id)).filter((summary) => summary.period === month)
        if (before.some(({ state }) => state !== 'withdrawn') || (before.length > 0 && !again)) return null
        const found = await figuresOf(tx, top, month)
        if (isEmpty(found.figures)) return null
        const round = before.length + 1
        const summary: Summary = {
          summaryId: derivedUuid(app.keys.derive('ids'), 'summary', top.id, month, String(round)),
          ...{ period: month, scope: top.id, round, ...found, state: 'draft', draftedAt: app.clock() },
          ...{ approvedBy: null, approvedAt: null, publishedBy: null, publishedAt: null },
          ...{ withdrawnBy: null, withdrawnAt: null, withdrawal: '', version: 1 },
        }
        if (!(await store.insert(tx, summary))) return null
        await write(tx, summary, 'drafted', actor)
        return summary
      })
    if (made) app.nudge()
    return made
  }

  /** Changes a summary from one of some states, under its lock, and writes the entry of it. */
  async function change(
    official: Official,
    id: string,
    version: number,
    act: { name: string; from: SummaryState[]; refuse?: (s: Summary) => void; text?: Record<string, string> },
    make: (now: Date) => Partial<Summary>,
  ): Promise<Summary> {
    mayManage(official)
    const changed = await db.system.transaction().execute(async (tx) => {
      const summary = await store.lock(tx, id)
      if (!summary) throw notFound('summary-unknown', '没有这份通报。')
      if (summary.version !== version || !act.from.includes(summary.state))
        throw conflict('summary-moved', '这份通报的状态已经变化，请刷新后再操作。')
      act.refuse?.(summary)
      const next = { ...summary, ...make(app.clock()), version: version + 1 }
      await store.update(tx, next)
      await write(tx, next, act.name, actorOf(official), act.text)
      return next
    })
    app.nudge()
    return changed
  }

  return {
    /** Drafts last month's summary from the policy `summary_day` on, once. */
    async draftLastMonth(): Promise<void> {
      const today = shanghaiDay(app.clock())
      if (Number(today.slice(8)) >= (await numberOf('summary_day')))
        await draft(monthBefore(today), 'system', false)
    },
    /**
     * Drafts the summary of a month by hand: one that was missed, or anew after it was withdrawn.
     * @throws Problem 403 outside-place, 400 month-not-over, 409 summary-stands
     */
    async draftMonth(official: Official, month: string): Promise<Summary> {
      mayManage(official)
      if (daysOf(month).to >= shanghaiDay(app.clock()))
        throw badRequest('month-not-over', '这个月还没有结束，不能生成通报。', 'period')
      const made = await draft(month, actorOf(official), true)
      if (!made)
        throw conflict('summary-stands', '这个月已有通报，或没有可以通报的数据。要重做请先撤回原来的通报。')
      return made
    },
    /** Every summary of the city, the newest month first. */
    async list(): Promise<Summary[]> {
      const top = await root()
      return top ? store.all(db.system, top.id) : []
    },
    /** @throws Problem 403 outside-place, 404 summary-unknown, 409 summary-moved */
    approve: (official: Official, id: string, version: number) =>
      change(official, id, version, { name: 'approved', from: ['draft'] }, (now) => ({
        ...{ state: 'approved', approvedBy: official.accountId, approvedAt: now },
      })),
    /** By another person than approved it. @throws as approve; 409 four-eyes */
    publish: (official: Official, id: string, version: number) => {
      const refuse = ({ approvedBy }: Summary) => {
        if (approvedBy === official.accountId)
          throw conflict('four-eyes', '审核和发布应由两个人办理，请由另一位同事发布。')
      }
      return change(official, id, version, { name: 'published', from: ['approved'], refuse }, (now) => ({
        ...{ state: 'published', publishedBy: official.accountId, publishedAt: now },
      }))
    },
    /** With a reason that everybody may read where it was published. @throws as approve */
    withdraw: (official: Official, id: string, version: number, reason: string) =>
      change(
        official,
        id,
        version,
        { name: 'withdrawn', from: ['draft', 'approved', 'published'], text: { reason } },
        (now) => ({
          ...{ state: 'withdrawn', withdrawnBy: official.accountId, withdrawnAt: now, withdrawal: reason },
        }),
      ),
    /** What everybody may read: the published ones, and that one was withdrawn and why. */
    async published(): Promise<Summary[]> {
      const top = await root()
      return top ? store.all(db.portal, top.id) : []
    },
  }
}

function mayManage(official: Official): void {
  if (official.role !== 'city_authority' || !isRoot(official.organizationPath))
    throw forbidden('outside-place', '全市通报由市级主管部门审核发布。')
}
