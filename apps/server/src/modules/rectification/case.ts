import {
  CASE_OUTCOMES,
  CASE_STATES,
  type CaseFacts,
  type CaseOutcome,
  type CaseState,
  type CountedDay,
  REJECTION_REASONS,
} from '@haochaping/rules'
import type { Selectable } from 'kysely'
import { hmacSm3, lengthPrefixed } from '../../platform/crypto/sm.ts'
import type { RectificationCaseTable } from '../../platform/tables.ts'

/** A case as it is stored. Its states and outcomes are written by this room alone, from the table of the rules. */
export type CaseRow = Omit<Selectable<RectificationCaseTable>, 'state' | 'outcome' | 'due_arithmetic'> & {
  state: CaseState
  outcome: CaseOutcome | null
  due_arithmetic: CaseClock | null
}

/** How a deadline came about: the number it was made with, where it began, and every day that was looked at. */
export interface CaseClock {
  key: string
  label: string
  value: number
  unit: string
  version: number
  regionCode: string
  source: string
  startedAt: string
  missingYears: number[]
  days: CountedDay[]
}

/** A clock with the moment it runs out. */
export interface RunningClock {
  clock: CaseClock
  dueAt: Date
  provisional: boolean
}

/** What of a row decides whether an event may happen. */
export const caseFacts = (row: CaseRow): CaseFacts => ({
  state: row.state,
  round: row.round,
  realName: row.real_name,
  doNotContact: row.do_not_contact,
  contacted: row.contacted,
  rejected: row.rejected,
})

export const stateLabel = (state: CaseState) => CASE_STATES[state]
export const outcomeLabel = (outcome: CaseOutcome | null) => (outcome ? CASE_OUTCOMES[outcome] : null)
export const rejectionLabel = (reason: string | null) =>
  reason === 'mistaken' || reason === 'malicious' ? REJECTION_REASONS[reason] : null

/**
 * True once the deadline has passed, whether or not the clock-keeper has come by yet. In the re-survey it is the
 * citizen whose days run out: nobody is late.
 */
export const isOverdue = (row: CaseRow, now: Date): boolean =>
  row.state !== 'closed' && row.state !== 'resurvey' && row.due_at !== null && now > row.due_at

// Without characters that are read for one another. Numbers are not kept apart by the database (no uniqueness across
// shards), so there are enough of them: 8 characters are 850 thousand million a day.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/** 'CP20261124-7K3QX9WD': the day it was opened and keyed characters that follow from the rating. */
export function caseNumber(key: Buffer, evaluationId: string, day: string): string {
  const bytes = hmacSm3(key, lengthPrefixed('case-number', evaluationId))
  const letters = Array.from(bytes.subarray(0, 8), (b) => ALPHABET[b % ALPHABET.length]).join('')
  return `CP${day.replaceAll('-', '')}-${letters}`
}
