import {
  CASE_CLOCKS,
  CASE_SOURCES,
  endOfShanghaiDay,
  isWorkday,
  LEVELS,
  plusDays,
  remainingWorkingDays,
  shanghaiDate,
  type WorkCalendar,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { itemNameOf } from '../catalog/item-name.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { isRoot, type Official } from '../identity/official.ts'
import type { Policies } from './case.clock.ts'
import type { Concerned, StaffIn } from './case.concerned.ts'
import type { CaseLine, CaseViewer } from './case.list.store.ts'
import { eventsFor, type ManagementBodies, mayHandle } from './case.rights.ts'
import { type CaseRow, caseFacts, isOverdue, outcomeLabel, stateLabel } from './case.ts'

/** An open supervision order as it marks a case in a list. */
export interface OrderMark {
  kind: string
  label: string
  overdue: boolean
}

/** What showing cases needs of other rooms. */
export interface CaseSeenNeeds {
  catalog: ManagementBodies & {
    organization(id: string): Promise<{ name: string; path: string } | undefined>
    region(code: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
  }
  policies: Policies
  identity: Pick<IdentityService, 'verifiersFor' | 'accountNames'>
  /** those of these cases in whose affair or matter the official was rated */
  concerned: Concerned
  staffIn: StaffIn
  orders: {
    /** the open orders on these cases, of those the transaction may see */
    marksOf(tx: Tx, ids: readonly string[]): Promise<Map<string, OrderMark[]>>
    /** cases with an open order, of one kind or of any; the most pressing, as many as are asked for */
    markedCases(tx: Tx, kind: string | undefined, limit: number): Promise<string[]>
  }
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

/** The end of the Sunday that ends the week of a day. */
const endOfWeek = (day: string) => {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return endOfShanghaiDay(plusDays(day, (7 - weekday) % 7))
}

export type CaseSeen = ReturnType<typeof makeCaseSeen>

/** A case as an official sees it: its line, what they may do with it now, whom they may name verifier. */
export function makeCaseSeen(app: App, { catalog, policies, identity, concerned, staffIn }: CaseSeenNeeds) {
  function viewer(official: Official, calendar: WorkCalendar): CaseViewer {
    const now = app.clock()
    const today = shanghaiDate(now)
    return {
      accountId: official.accountId,
      organizationId: official.organizationId,
      organizationPath: official.organizationPath,
      everywhere: isRoot(official.organizationPath),
      handles: official.permissions.includes('cases.handle'),
      now,
      endOfToday: endOfShanghaiDay(today),
      endOfSoon: endOfWorkingDays(calendar, today, SOON_DAYS),
      endOfWeek: endOfWeek(today),
    }
  }

  async function line(row: CaseLine, calendar: WorkCalendar, accounts: ReadonlyMap<string, string>) {
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
      itemName: await itemNameOf(catalog, row.item_code),
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

  /** The events this official may start with the case now. */
  async function eventsOf(official: Official, row: CaseRow) {
    if ((await concerned(official, [row.evaluation_id])).size > 0) return []
    const needed = await policies.value('contact_attempts_per_day', row.region_code, app.clock())
    return eventsFor(catalog, official, row, caseFacts(row, needed.value))
  }

  /** Who may be named verifier of each case: people of its handling organisation, without whoever was rated (R14). */
  async function verifiersOf(official: Official, rows: readonly CaseRow[]) {
    const handled = rows.filter((row) => mayHandle(official, row))
    const people = await identity.verifiersFor(handled.map((row) => row.organization_id))
    const known = Map.groupBy(people, (person) => person.organizationId)
    const rated = people.some((person) => person.staffNumber)
      ? await staffIn(
          app.db.system,
          handled.map((row) => row.evaluation_id),
        )
      : null
    return new Map(
      handled.map((row) => [
        row.evaluation_id,
        (known.get(row.organization_id) ?? [])
          .filter((person) => !rated?.get(row.evaluation_id)?.has(person.staffNumber ?? ''))
          .map(({ accountId, displayName }) => ({ accountId, displayName })),
      ]),
    )
  }

  return { viewer, line, eventsOf, verifiersOf }
}
