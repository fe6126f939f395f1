import { type CaseEvent, type CaseFieldValues, caseEventRule } from '@haochaping/rules'
import type { CaseRow } from './case.ts'

/** An organisation that a case is given to, or that is to help with it. */
export interface Assigned {
  id: string
  path: string
  regionCode: string
}

/** A case that begins again keeps nothing of what was found, promised and answered before. */
const beginAgain = (row: CaseRow, values: CaseFieldValues, now: Date): Partial<CaseRow> => ({
  replied: false,
  rejection_reason: null,
  transfer_to: null,
  promised_on: null,
  first_promised_on: null,
  extension_until: null,
  extension_status: null,
  rectified_at: null,
  closed_at: null,
  round_since: now,
  false_reports: row.false_reports + (values.falseReport === 'yes' ? 1 : 0),
})

/** A case that goes to an organisation: whoever handles it there is named anew, and its co-handlers stay. */
const assign = (row: CaseRow, to: Assigned | undefined): Partial<CaseRow> => ({
  verifier_id: null,
  transfer_to: null,
  ...(to &&
    to.id !== row.organization_id && {
      organization_id: to.id,
      organization_path: to.path,
      region_code: to.regionCode,
      shared: true,
    }),
})

/** What an event changes besides state and clocks. `to` is the organisation it names. */
export function eventColumns(
  row: CaseRow,
  event: CaseEvent,
  values: CaseFieldValues,
  now: Date,
  to?: Assigned,
): Partial<CaseRow> {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : null)
  if (caseEventRule(event).newRound) return beginAgain(row, values, now)
  switch (event) {
    case 'sign':
    case 'change_verifier':
      return { verifier_id: text('verifier') }
    case 'propose_transfer':
      return { transfer_to: text('organization') }
    case 'accept_transfer':
    case 'direct_again':
      return assign(row, to)
    case 'refuse_transfer':
      return { transfer_to: null }
    case 'add_co_handler':
      return { shared: true }
    case 'promise':
      return {
        promised_on: text('promisedOn'),
        first_promised_on: text('promisedOn'),
        extension_until: null,
        extension_status: null,
      }
    case 'request_extension':
      return { extension_until: text('newDate'), extension_status: 'requested' }
    case 'approve_extension':
      return {
        promised_on: row.extension_until,
        extensions: row.extensions + 1,
        extension_status: 'approved',
      }
    case 'refuse_extension':
      return { extension_status: 'refused' }
    case 'propose_rejection':
      return { rejection_reason: text('rejectionReason') }
    case 'refuse_rejection':
      return { rejection_reason: null }
    case 'complete':
      return {
        rectified_at: now,
        ...(row.extension_status === 'requested' && { extension_status: 'lapsed' as const }),
      }
    case 'explained':
      return { rectified_at: now }
    case 'reply':
      return { replied: true }
    case 'answer_solved':
    case 'record_solved':
    case 'close_unanswered':
      return { closed_at: now }
    default:
      return {}
  }
}
