import { encodeValue } from '@haochaping/ledger'
import { sm3 } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { NewEntry } from '../ledger/journal.ts'
import type { CaseRow } from './case.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null

/** The clock as the journal has it; the days are held by their digest, so that the arithmetic cannot change either. */
function clockFacts(row: CaseRow) {
  const clock = row.due_arithmetic
  return (
    clock && {
      policyKey: clock.key,
      policyVersion: clock.version,
      policyRegion: clock.regionCode,
      policyValue: clock.value,
      startedAt: clock.startedAt,
      dueAt: iso(row.due_at),
      provisional: row.due_provisional,
      arithmeticDigest: sm3(encodeValue(clock as unknown as { [key: string]: JsonValue })).toString('hex'),
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

/** The journal entry of an event: the case as it is afterwards, and what the event brought. */
export const caseEntry = (row: CaseRow, happening: CaseHappening): NewEntry => ({
  subjectId: row.evaluation_id,
  kind: `case.${happening.event}`,
  actor: happening.actor,
  at: happening.at,
  payload: { ...happening.values, ...rowFacts(row), event: happening.event, from: happening.from },
  ...(happening.text && { text: happening.text }),
})
