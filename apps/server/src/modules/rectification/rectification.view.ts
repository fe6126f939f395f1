import {
  type CaseState,
  caseEventRule,
  endOfShanghaiDay,
  isWorkday,
  LEVELS,
  plusDays,
  remainingWorkingDays,
  shanghaiDate,
  type WorkCalendar,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { notFound } from '../../platform/problem.ts'
import type { makeEvaluationViews } from '../evaluations/evaluations.view.ts'
import type { FilesService } from '../files/files.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { isRated, type Official, placeOf } from '../identity/official.ts'
import { eventsFor, type ManagementBodies, mayHandle } from './case.rights.ts'
import { accountIdsOf, forTheRated, timelineOf } from './case.timeline.ts'
import { type CaseRow, isOverdue, outcomeLabel, rejectionLabel, stateLabel } from './case.ts'
import * as store from './rectification.store.ts'

/** What the views need of other rooms. */
export interface CaseViewNeeds {
  catalog: ManagementBodies & {
    organization(id: string): Promise<{ name: string; path: string } | undefined>
    region(code: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
  }
  policies: { calendar(): Promise<WorkCalendar> }
  identity: Pick<IdentityService, 'verifiersFor' | 'accountNames'>
  evaluationViews: Pick<ReturnType<typeof makeEvaluationViews>, 'detail'>
  files: Pick<FilesService, 'ofCase'>
}

/** What a list of cases may be narrowed by, as the console asks. */
export interface CaseQuery {
  state?: CaseState | undefined
  due?: 'overdue' | 'today' | 'soon' | undefined
  mine?: boolean | undefined
  organization?: string | undefined
  region?: string | undefined
  levels?: number[] | undefined
  q?: string | undefined
  closed?: boolean | undefined
}

/** "Soon" is within so many working days. */
const SOON_DAYS = 3

/** The end of the n-th working day after today. */
function endOfWorkingDays(calendar: WorkCalendar, today: string, n: number): Date {
  let day = today
  for (let left = n; left > 0; ) {
    day = plusDays(day, 1)
    if (isWorkday(calendar, day)) left--
  }
  return endOfShanghaiDay(day)
}

/** Cases as officials see them. */
export function makeCaseViews(app: App, needs: CaseViewNeeds) {
  const { catalog } = needs

  function viewer(official: Official, calendar: WorkCalendar): store.CaseViewer {
    const now = app.clock()
    const today = shanghaiDate(now)
    return {
      accountId: official.accountId,
      organizationId: official.organizationId,
      handles: official.permissions.includes('cases.handle'),
      manages: official.permissions.includes('cases.manage'),
      now,
      endOfToday: endOfShanghaiDay(today),
      endOfSoon: endOfWorkingDays(calendar, today, SOON_DAYS),
    }
  }

  async function show(row: store.SeenCase, calendar: WorkCalendar, accounts: ReadonlyMap<string, string>) {
    const now = app.clock()
    return {
      id: row.evaluation_id,
      caseId: row.case_id,
      caseNumber: row.case_number,
      state: row.state,
      stateLabel: stateLabel(row.state),
      round: row.round,
      level: row.level,
      levelLabel: LEVELS.find((level) => level.level === row.level)?.label ?? String(row.level),
      realName: row.real_name,
      doNotContact: row.do_not_contact,
      organizationId: row.organization_id,
      organizationName: (await catalog.organization(row.organization_id))?.name ?? row.organization_id,
      regionName: (await catalog.region(row.region_code))?.name ?? row.region_code,
      itemName: (await catalog.item(row.item_code))?.name ?? row.item_code,
      openedAt: row.opened_at.toISOString(),
      stateSince: row.state_since.toISOString(),
      dueAt: row.due_at?.toISOString() ?? null,
      dueProvisional: row.due_provisional,
      remainingWorkingDays: row.due_at && remainingWorkingDays(calendar, now, row.due_at),
      overdue: row.overdue || isOverdue(row, now),
      everOverdue: row.ever_overdue || isOverdue(row, now),
      verifierName: row.verifier_id && (accounts.get(row.verifier_id) ?? null),
      mine: row.mine,
      outcome: row.outcome,
      outcomeLabel: outcomeLabel(row.outcome),
      closedAt: row.closed_at?.toISOString() ?? null,
    }
  }

  /** @throws Problem 404 unknown-organization */
  async function list(official: Official, query: CaseQuery, page: number, pageSize: number) {
    const { organization: id, ...rest } = query
    const organization = id === undefined ? undefined : await catalog.organization(id)
    if (id !== undefined && !organization) throw notFound('unknown-organization', '没有这个机构。')
    const calendar = await needs.policies.calendar()
    const who = viewer(official, calendar)
    const filter = { ...rest, organizationPath: organization?.path }
    const { rows, total, counts } = await asStaff(app.db, placeOf(official), async (tx) => ({
      ...(await store.listCases(tx, filter, who, page, pageSize)),
      counts: await store.countCases(tx, who),
    }))
    const accounts = await needs.identity.accountNames(rows.flatMap((row) => row.verifier_id ?? []))
    const items = await Promise.all(rows.map((row) => show(row, calendar, accounts)))
    return { items, total, page, pageSize, counts }
  }

  /** Who may be named verifier: people of the handling organisation, without the one who was rated (R14). */
  async function verifiersOf(official: Official, row: CaseRow) {
    if (!mayHandle(official, row)) return []
    const known = await needs.identity.verifiersFor(row.organization_id)
    return known
      .filter((v) => row.staff_number === '' || v.staffNumber !== row.staff_number)
      .map(({ accountId, displayName }) => ({ accountId, displayName }))
  }

  async function clockOf(row: CaseRow) {
    const clock = row.due_arithmetic
    if (!clock || !row.due_at) return null
    const { startedAt, missingYears, days, key, label, value, unit, version, source } = clock
    const regionName = (await catalog.region(clock.regionCode))?.name ?? clock.regionCode
    return {
      label,
      startedAt,
      dueAt: row.due_at.toISOString(),
      provisional: row.due_provisional,
      missingYears,
      days,
      policy: { key, label, value, unit, version, regionName, source },
    }
  }

  /** @throws Problem 404 case-unknown, also when it is outside the official's place */
  async function detail(official: Official, id: string) {
    const calendar = await needs.policies.calendar()
    const who = viewer(official, calendar)
    const found = await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await store.caseSeen(tx, id, who)
      return row && { row, entries: await store.history(tx, id), files: await needs.files.ofCase(tx, id) }
    })
    if (!found) throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
    const { row, entries, files } = found
    const accounts = await needs.identity.accountNames([
      ...accountIdsOf(entries),
      ...(row.verifier_id ? [row.verifier_id] : []),
    ])
    const { affair, ...evaluation } = await needs.evaluationViews.detail(official, id)
    const events = await eventsFor(catalog, official, row)
    const rated = isRated(official, row.staff_number)
    const names = { accounts, files: new Map(files.map((file) => [file.fileId, file])) }
    const timeline = timelineOf(entries, names)
    return {
      ...(await show(row, calendar, accounts)),
      version: row.version,
      evaluation: rated ? { ...evaluation, evaluatorMasked: null } : evaluation,
      affair: rated ? affair && { ...affair, affairNumber: null, affairName: null, servedAt: null } : affair,
      clock: await clockOf(row),
      timeline: rated ? forTheRated(timeline) : timeline,
      actions: events.map((event) => {
        const { label, confirm = null, fields } = caseEventRule(event)
        return { event, label, confirm, fields }
      }),
      verifiers: await verifiersOf(official, row),
      reply: entries.findLast((entry) => entry.kind === 'case.reply')?.content?.reply ?? null,
      promisedOn: row.promised_on,
      rejectionReasonLabel: rejectionLabel(row.rejection_reason),
    }
  }

  return { list, detail }
}
