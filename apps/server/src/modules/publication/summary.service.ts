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
import { type DueMonth, dueMonths } from './summary.due.ts'
import { daysOf, isEmpty, monthBefore, summaryFigures } from './summary.figures.ts'
import { makeSummaryScopes } from './summary.scopes.ts'
import * as store from './summary.store.ts'
import { makeSummariesTogether, type TogetherAct } from './summary.together.ts'
import { type Summary, type SummaryState, summaryFacts } from './summary.ts'
import { tooFew } from './suppression.ts'

export type SummariesService = ReturnType<typeof makeSummariesService>

/**
 * Summaries of each month by district and department (R19, Q72), of the city and of each district: drafted by
 * themselves, approved and published by two people of the city, perhaps withdrawn.
 */
export function makeSummariesService(
  app: App,
  needs: { catalog: CatalogService; policies: PoliciesService; statistics: StatisticsService },
) {
  const { catalog, policies, statistics } = needs
  const { db } = app
  const scopes = makeSummaryScopes(app, { catalog })

  const numberOf = async (key: string) =>
    (await policies.value(key, app.config.cityRegion, app.clock())).value

  /**
   * The figures of a month and the position they follow, both as of one moment of the transaction. What the city's
   * summary does not print of a district, the district's own does not either.
   */
  async function figuresOf(tx: Tx, of: Organization, month: string) {
    const { from, to } = daysOf(month)
    const k = await numberOf('k_anonymity')
    const full = async (path: string, id: string) =>
      statistics.report(tx, await statistics.scope(path, { organization: id }), periodOf(from, to))
    const publicOf = (report: Awaited<ReturnType<typeof full>>) =>
      publicReport(report, k, tooFew(report.levels, k) ? 'few' : null)
    const [city] = await scopes.all()
    const whole = publicOf(await full(city!.path, city!.id))
    const listed = whole.districts.find(({ id }) => id === of.regionCode)
    const report =
      of.id === city!.id
        ? whole
        : publicReport(await full(of.path, of.id), k, listed ? listed.hidden : 'rest')
    const state = await statistics.state(tx)
    const figures = summaryFigures(report)
    return { figures, position: Number(state?.position ?? 0), asOf: state?.as_of ?? app.clock() }
  }

  const write = async (tx: Tx, summary: Summary, act: string, actor: string, text?: Record<string, string>) =>
    appendEntry(tx, {
      subjectId: summary.summaryId,
      kind: `summary.${act}`,
      actor,
      at: app.clock(),
      payload: {
        ...summaryFacts(summary),
        // Whose place it is about: so that those of it can be told.
        organizationId: summary.scope,
        organizationPath: (await catalog.organization(summary.scope))?.path ?? '',
      },
      ...(text && { text }),
    })

  /** Makes the draft of a month; null when it has one that stands, or when there is nothing to tell. */
  async function draft(
    of: Organization,
    month: string,
    actor: string,
    again: boolean,
  ): Promise<Summary | null> {
    const made = await db.system
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const before = (await store.all(tx, of.id)).filter((summary) => summary.period === month)
        if (before.some(({ state }) => state !== 'withdrawn') || (before.length > 0 && !again)) return null
        const found = await figuresOf(tx, of, month)
        if (isEmpty(found.figures)) return null
        const round = before.length + 1
        const summary: Summary = {
          summaryId: derivedUuid(app.keys.derive('ids'), 'summary', of.id, month, String(round)),
          ...{ period: month, scope: of.id, round, ...found, state: 'draft', draftedAt: app.clock() },
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

  /** @throws Problem 403 outside-place, 404 summary-unknown, 409 summary-moved */
  const approve = (official: Official, id: string, version: number) =>
    change(official, id, version, { name: 'approved', from: ['draft'] }, (now) => ({
      ...{ state: 'approved', approvedBy: official.accountId, approvedAt: now },
    }))

  /** By another person than approved it. @throws as approve; 409 four-eyes */
  const publish = (official: Official, id: string, version: number) => {
    const refuse = ({ approvedBy }: Summary) => {
      if (approvedBy === official.accountId)
        throw conflict('four-eyes', '审核和发布应由两个人办理，请由另一位同事发布。')
    }
    return change(official, id, version, { name: 'published', from: ['approved'], refuse }, (now) => ({
      ...{ state: 'published', publishedBy: official.accountId, publishedAt: now },
    }))
  }

  const actTogether = makeSummariesTogether(app, { approve, publish })

  /** Every summary an official may read, the newest month first, the city's before those of its districts. */
  async function list(official: Official): Promise<Summary[]> {
    const readable = await scopes.readableBy(official)
    return cityFirst((await store.all(db.system)).filter(({ scope }) => readable.has(scope)))
  }

  let draftedOn = ''
  const dayOfMonth = () => Number(shanghaiDay(app.clock()).slice(8))

  return {
    /** Drafts last month's summaries, the city's and each district's, from the policy `summary_day` on, once. */
    async draftLastMonth(): Promise<void> {
      const today = shanghaiDay(app.clock())
      // Whoever has nothing to tell is not asked for it every minute, but the next day once more.
      if (draftedOn === today || dayOfMonth() < (await numberOf('summary_day'))) return
      for (const scope of await scopes.all()) await draft(scope, monthBefore(today), 'system', false)
      draftedOn = today
    },
    /**
     * Reminds, once for each step it waits for, of last month's summaries that are not published by the policy
     * `summary_publish_day`.
     */
    async remind(): Promise<void> {
      if (dayOfMonth() < (await numberOf('summary_publish_day'))) return
      const waiting = await store.waiting(db.system, monthBefore(shanghaiDay(app.clock())))
      for (const { summaryId } of waiting)
        await db.system.transaction().execute(async (tx) => {
          const summary = await store.lock(tx, summaryId)
          if (!summary || !['draft', 'approved'].includes(summary.state)) return
          if (!(await store.reminded(tx, summaryId, summary.version)))
            await write(tx, summary, 'reminded', 'system')
        })
      if (waiting.length > 0) app.nudge()
    },
    /**
     * Drafts the summary of a month by hand: one that was missed, or anew after it was withdrawn.
     * @param scope the organisation it is of; none: the official's own
     * @throws Problem 403 outside-place, 400 month-not-over, scope-unknown, 409 summary-stands
     */
    async draftMonth(official: Official, month: string, scope?: string): Promise<Summary> {
      const of = await scopes.preparedBy(official, scope)
      if (daysOf(month).to >= shanghaiDay(app.clock()))
        throw badRequest('month-not-over', '这个月还没有结束，不能生成通报。', 'period')
      const made = await draft(of, month, actorOf(official), true)
      if (!made)
        throw conflict('summary-stands', '这个月已有通报，或没有可以通报的数据。要重做请先撤回原来的通报。')
      return made
    },
    list,
    /** The same, and the months whose summaries are still due (R19). */
    async overview(official: Official): Promise<{ items: Summary[]; due: DueMonth[] }> {
      const items = await list(official)
      const day = await numberOf('summary_publish_day')
      return { items, due: dueMonths(items, day, shanghaiDay(app.clock())) }
    },
    approve,
    publish,
    /**
     * Approves or publishes many, each for itself.
     * @throws Problem 403 outside-place for whoever may do neither
     */
    async together(official: Official, act: TogetherAct, items: { id: string; version: number }[]) {
      mayManage(official)
      return actTogether(official, act, items)
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
    published: async (): Promise<Summary[]> => cityFirst(await store.all(db.portal)),
    /** The name of what a summary is of; '' for the whole city. */
    async scopeName({ scope }: Pick<Summary, 'scope'>): Promise<string> {
      const organization = await catalog.organization(scope)
      return organization?.parentId == null ? '' : organization.shortName || organization.name
    },
  }

  async function cityFirst(found: Summary[]): Promise<Summary[]> {
    const place = new Map((await scopes.all()).map(({ id }, i) => [id, i]))
    return found.toSorted(
      (a, b) =>
        b.period.localeCompare(a.period) ||
        (place.get(a.scope) ?? 0) - (place.get(b.scope) ?? 0) ||
        b.round - a.round,
    )
  }
}

function mayManage(official: Official): void {
  if (official.role !== 'city_authority' || !isRoot(official.organizationPath))
    throw forbidden('outside-place', '通报由市级主管部门审核发布。')
}
