import {
  CASE_CLOCKS,
  CASE_SOURCES,
  type CaseClockKey,
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
import { notFound, Problem } from '../../platform/problem.ts'
import type { makeEvaluationViews } from '../evaluations/evaluations.view.ts'
import type { FilesService } from '../files/files.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { accountIdOf, isRated, isRoot, type Official, placeOf } from '../identity/official.ts'
import type { PeopleService } from '../people/people.service.ts'
import { everyoneBehind, redactor } from '../people/redact.ts'
import type { Policies } from './case.clock.ts'
import * as lists from './case.list.store.ts'
import * as beside from './case.parties.store.ts'
import { caseForTheRated, lineForTheRated } from './case.rated.ts'
import { eventsFor, type ManagementBodies, mayHandle } from './case.rights.ts'
import {
  attemptsView,
  clockView,
  extensionView,
  mainClockView,
  partiesView,
  sourcesView,
} from './case.show.ts'
import { accountIdsOf, organizationIdsOf, timelineOf } from './case.timeline.ts'
import { type CaseRow, caseFacts, isOverdue, outcomeLabel, rejectionLabel, stateLabel } from './case.ts'
import * as store from './rectification.store.ts'

/** What the views need of other rooms. */
export interface CaseViewNeeds {
  catalog: ManagementBodies & {
    organization(id: string): Promise<{ name: string; path: string } | undefined>
    region(code: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
  }
  policies: Policies
  identity: Pick<IdentityService, 'verifiersFor' | 'accountNames'>
  evaluationViews: Pick<ReturnType<typeof makeEvaluationViews>, 'detail'>
  files: Pick<FilesService, 'ofCase'>
  people: Pick<PeopleService, 'everyone'>
}

/** What a list of cases may be narrowed by, as the console asks. */
export interface CaseQuery {
  state?: CaseState | undefined
  clock?: CaseClockKey | undefined
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

/** Where a page ended, in a word that goes into an address. */
const cursorOf = (at: Date | null, id: string) =>
  at && Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')

/** @throws Problem 422 cursor-unknown */
function placeAfter(cursor: string): lists.ListPlace {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [string, string]
    const place = { at: new Date(at), id: String(id) }
    if (!Number.isNaN(place.at.getTime()) && /^[0-9a-f-]{36}$/.test(place.id)) return place
  } catch {
    // what cannot be read is refused below
  }
  throw new Problem(422, 'cursor-unknown', '翻页位置不对，请从第一页重新查看。', { field: 'after' })
}

/** Cases as officials see them. */
export function makeCaseViews(app: App, needs: CaseViewNeeds) {
  const { catalog } = needs

  function viewer(official: Official, calendar: WorkCalendar): lists.CaseViewer {
    const now = app.clock()
    const today = shanghaiDate(now)
    return {
      accountId: official.accountId,
      organizationId: official.organizationId,
      organizationPath: official.organizationPath,
      everywhere: isRoot(official.organizationPath),
      handles: official.permissions.includes('cases.handle'),
      manages: official.permissions.includes('cases.manage'),
      now,
      endOfToday: endOfShanghaiDay(today),
      endOfSoon: endOfWorkingDays(calendar, today, SOON_DAYS),
    }
  }

  async function show(row: lists.CaseLine, calendar: WorkCalendar, accounts: ReadonlyMap<string, string>) {
    const now = app.clock()
    return {
      id: row.evaluation_id,
      caseId: row.case_id,
      caseNumber: row.case_number,
      sourceKind: row.source_kind,
      sourceLabel: CASE_SOURCES[row.source_kind],
      state: row.state,
      stateLabel: stateLabel(row.state),
      round: row.round,
      level: row.level,
      levelLabel: LEVELS.find((level) => level.level === row.level)?.label ?? CASE_SOURCES[row.source_kind],
      realName: row.real_name,
      doNotContact: row.do_not_contact,
      organizationId: row.organization_id,
      organizationName: (await catalog.organization(row.organization_id))?.name ?? row.organization_id,
      regionName: (await catalog.region(row.region_code))?.name ?? row.region_code,
      itemName:
        row.item_code === '' ? '未指明事项' : ((await catalog.item(row.item_code))?.name ?? row.item_code),
      openedAt: row.opened_at.toISOString(),
      stateSince: row.state_since.toISOString(),
      dueAt: row.next_due_at?.toISOString() ?? null,
      dueClock: row.next_due_key,
      dueClockLabel: row.next_due_key && CASE_CLOCKS[row.next_due_key].label,
      dueProvisional: row.due_provisional,
      remainingWorkingDays: row.next_due_at && remainingWorkingDays(calendar, now, row.next_due_at),
      overdue: row.overdue || isOverdue(row, now),
      everOverdue: row.ever_overdue || isOverdue(row, now),
      verifierName: row.verifier_id && (accounts.get(row.verifier_id) ?? null),
      mine: row.mine,
      version: row.version,
      outcome: row.outcome,
      outcomeLabel: outcomeLabel(row.outcome),
      closedAt: row.closed_at?.toISOString() ?? null,
    }
  }

  /** @throws Problem 404 unknown-organization, 422 cursor-unknown */
  async function list(official: Official, query: CaseQuery, page: number, pageSize: number, cursor?: string) {
    const { organization: id, ...rest } = query
    const organization = id === undefined ? undefined : await catalog.organization(id)
    if (id !== undefined && !organization) throw notFound('unknown-organization', '没有这个机构。')
    const calendar = await needs.policies.calendar()
    const who = viewer(official, calendar)
    const filter = { ...rest, organizationPath: organization?.path }
    const after = cursor === undefined ? null : placeAfter(cursor)
    const { rows, total } = await asStaff(app.db, placeOf(official), (tx) =>
      lists.listCases(tx, filter, who, { after, page, pageSize }),
    )
    const accounts = await needs.identity.accountNames(rows.flatMap((row) => row.verifier_id ?? []))
    const items = await Promise.all(
      rows.map(async (row) => {
        const line = await show(row, calendar, accounts)
        return isRated(official, row.staff_number) ? lineForTheRated(line) : line
      }),
    )
    const last = rows.length < pageSize ? undefined : rows.at(-1)
    return {
      items,
      total: Math.min(total, lists.COUNTED_UP_TO),
      /** there are more than were counted */
      totalCapped: total > lists.COUNTED_UP_TO,
      page,
      pageSize,
      next: last
        ? cursorOf(last.state === 'closed' ? last.closed_at : last.next_due_at, last.evaluation_id)
        : null,
    }
  }

  /** Open cases by state and clock, and how many of them press; asked for beside the list, which need not wait for it. */
  async function counts(official: Official) {
    const who = viewer(official, await needs.policies.calendar())
    // Who sees the whole city need not be asked of every row whether it is theirs.
    return who.everywhere
      ? lists.countCases(app.db.system, who)
      : asStaff(app.db, placeOf(official), (tx) => lists.countCases(tx, who))
  }

  /** Who may be named verifier: people of the handling organisation, without the one who was rated (R14). */
  async function verifiersOf(official: Official, row: CaseRow) {
    if (!mayHandle(official, row)) return []
    const known = await needs.identity.verifiersFor(row.organization_id)
    return known
      .filter((v) => row.staff_number === '' || v.staffNumber !== row.staff_number)
      .map(({ accountId, displayName }) => ({ accountId, displayName }))
  }

  /** The rating of a case; a case may be about a complaint and have none. */
  async function ratingOf(official: Official, id: string) {
    try {
      return await needs.evaluationViews.detail(official, id)
    } catch (error) {
      if (error instanceof Problem && error.code === 'evaluation-unknown') return null
      throw error
    }
  }

  const namesOf = async (ids: string[]) => {
    const found = await Promise.all(
      [...new Set(ids)].map(async (id) => [id, (await catalog.organization(id))?.name ?? id] as const),
    )
    return new Map(found)
  }

  /** @throws Problem 404 case-unknown, also when it is outside the official's place */
  async function detail(official: Official, id: string) {
    const calendar = await needs.policies.calendar()
    const who = viewer(official, calendar)
    const found = await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await lists.caseSeen(tx, id, who)
      return (
        row && {
          row,
          entries: await store.history(tx, id),
          files: await needs.files.ofCase(tx, id),
          parties: await beside.partiesOf(tx, [id]),
          sources: await beside.sourcesOf(tx, [id]),
        }
      )
    })
    if (!found) throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
    const { row, entries, files, parties, sources } = found
    const accounts = await needs.identity.accountNames([
      ...accountIdsOf(entries),
      ...(row.verifier_id ? [row.verifier_id] : []),
    ])
    const rating = await ratingOf(official, id)
    const { value: attemptsNeeded } = await needs.policies.value(
      'contact_attempts_per_day',
      row.region_code,
      app.clock(),
    )
    const events = await eventsFor(catalog, official, row, caseFacts(row, attemptsNeeded))
    const organizations = await namesOf([
      ...organizationIdsOf(entries),
      ...(row.transfer_to ? [row.transfer_to] : []),
    ])
    const names = { accounts, organizations, files: new Map(files.map((file) => [file.fileId, file])) }
    const { affair = null, ...evaluation } = rating ?? {}
    const whole = {
      ...(await show(row, calendar, accounts)),
      redacted: false,
      evaluation: rating && (evaluation as Omit<Rating, 'affair'>),
      affair,
      clock: await mainClockView(row, catalog),
      clocks: await Promise.all(row.clocks.map((clock) => clockView(clock, catalog))),
      parties: await partiesView(parties, catalog),
      sources: sourcesView(sources),
      attempts: attemptsView(entries, (actor) => accounts.get(accountIdOf(actor) ?? '') ?? null),
      extension: extensionView(row, entries),
      transferTo: row.transfer_to && { id: row.transfer_to, name: organizations.get(row.transfer_to)! },
      falseReports: row.false_reports,
      timeline: timelineOf(entries, names),
      actions: events.map((event) => {
        const { label, confirm = null, fields } = caseEventRule(event)
        return { event, label, confirm, fields }
      }),
      verifiers: await verifiersOf(official, row),
      reply: entries.findLast((entry) => entry.kind === 'case.reply')?.content?.reply ?? null,
      promisedOn: row.promised_on,
      rejectionReasonLabel: rejectionLabel(row.rejection_reason),
    }
    if (!isRated(official, row.staff_number)) return whole
    const ids = [id, ...sources.flatMap((source) => source.source_evaluation_id ?? [])]
    return caseForTheRated(whole, redactor(await everyoneBehind(needs.people, app.db.system, ids)))
  }

  return { list, counts, detail }
}

type Rating = Awaited<ReturnType<CaseViewNeeds['evaluationViews']['detail']>>
