import { encodeValue } from '@haochaping/ledger'
import { CASE_CLOCKS } from '@haochaping/rules'
import { sm3 } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { NewEntry } from '../ledger/journal.ts'
import { type CaseClock, type CaseRow, mainClock, runningClocks } from './case.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null
const digestOf = (value: unknown) =>
  sm3(encodeValue(value as { [key: string]: JsonValue } | JsonValue[])).toString('hex')

/** The days and the rule of a clock; held by their digest, so that the arithmetic cannot change either. */
const arithmeticOf = (clock: CaseClock) => {
  const { key, label, value, unit, version, regionCode, source, startedAt, missingYears, days } = clock
  return { key, label, value, unit, version, regionCode, source, startedAt, missingYears, days }
}

/** The clock the case is named by, as the journal has it. */
function clockFacts(row: CaseRow) {
  const clock = mainClock(row)
  return (
    clock && {
      policyKey: CASE_CLOCKS[clock.key].policy,
      policyVersion: clock.version,
      policyRegion: clock.regionCode,
      policyValue: clock.value,
      startedAt: clock.startedAt,
      dueAt: iso(row.due_at),
      provisional: row.due_provisional,
      arithmeticDigest: digestOf(arithmeticOf(clock)),
    }
  )
}

/** Everything that stands in a case's row, as it stands in the journal entry that made it so. */
export const rowFacts = (row: CaseRow): Record<string, JsonValue> => ({
  caseId: row.case_id,
  caseNumber: row.case_number,
  to: row.state,
  round: row.round,
  organizationId: row.organization_id,
  organizationPath: row.organization_path,
  regionCode: row.region_code,
  itemCode: row.item_code,
  staffNumber: row.staff_number,
  openedAt: row.opened_at.toISOString(),
  stateSince: row.state_since.toISOString(),
  roundSince: row.round_since.toISOString(),
  level: row.level,
  realName: row.real_name,
  doNotContact: row.do_not_contact,
  contacted: row.contacted,
  replied: row.replied,
  rejected: row.rejected,
  rejectionReason: row.rejection_reason,
  outcome: row.outcome,
  overdue: row.overdue,
  everOverdue: row.ever_overdue,
  verifierId: row.verifier_id,
  promisedOn: row.promised_on,
  rectifiedAt: iso(row.rectified_at),
  closedAt: iso(row.closed_at),
  version: row.version,
  clock: clockFacts(row),
  ...laterFacts(row),
  ...togetherFacts(row),
  joinedStaff: row.joined_staff,
})

/** What no entry held before several organisations and several persons of a case were told apart. */
export const togetherFacts = (row: CaseRow): Record<string, JsonValue> => ({
  reportedPaths: row.reported_paths,
  reportsWaived: row.reports_waived,
  persons: row.persons.map(({ id, doNotContact, contacted, attempts }) => ({
    id,
    doNotContact,
    contacted,
    attempts,
  })),
})

/** What entries of the first version did not hold. */
export const laterFacts = (row: CaseRow): Record<string, JsonValue> => ({
  sourceKind: row.source_kind,
  matterId: row.matter_id,
  hallCode: row.hall_code,
  returnsTo: row.returns_to,
  attempts: row.attempts,
  asked: row.asked,
  transferTo: row.transfer_to,
  transferRefused: row.transfer_refused,
  firstPromisedOn: row.first_promised_on,
  extensions: row.extensions,
  extensionUntil: row.extension_until,
  extensionStatus: row.extension_status,
  falseReports: row.false_reports,
  partyPaths: row.party_paths,
  shared: row.shared,
  clocks: runningClocks(row).map(({ key, startedAt, dueAt }) => ({ key, startedAt, dueAt })),
  clocksDigest: digestOf(row.clocks),
  nextDueAt: iso(row.next_due_at),
  nextDueKey: row.next_due_key,
  nextAlarmAt: iso(row.next_alarm_at),
})

/** What an event of a case leaves behind. */
export interface CaseHappening {
  event: string
  from: string | null
  actor: string
  at: Date
  /** values of the event that are not free text: choices, dates, ids, digests */
  values?: Record<string, JsonValue>
  text?: Record<string, string>
}

/** Alarms name the clock they are about by its key. */
export const ALARM_EVENTS = ['warned', 'escalated']

/** The journal entry of an event: the case as it is afterwards, and what the event brought. */
export const caseEntry = (row: CaseRow, happening: CaseHappening): NewEntry => ({
  subjectId: row.evaluation_id,
  kind: `case.${happening.event}`,
  actor: happening.actor,
  at: happening.at,
  payload: {
    ...happening.values,
    ...rowFacts(row),
    ...(ALARM_EVENTS.includes(happening.event) && happening.values),
    event: happening.event,
    from: happening.from,
  },
  ...(happening.text && { text: happening.text }),
})
