import {
  CASE_CLOCKS,
  CASE_OUTCOMES,
  CASE_STATES,
  type CaseClockKey,
  type CaseFacts,
  type CaseOutcome,
  type CasePerson,
  type CaseSourceKind,
  type CaseState,
  type Clock,
  clocksAwaiting,
  contactable,
  MAIN_CLOCK,
  REJECTION_REASONS,
  spokenNumber,
} from '@haochaping/rules'
import type { Selectable } from 'kysely'
import { hmacSm3, lengthPrefixed } from '../../platform/crypto/sm.ts'
import type { RectificationCaseTable } from '../../platform/tables.ts'

/** A clock of a case; `late` once it was noted that it ran out. */
export interface CaseClock extends Clock {
  key: CaseClockKey
  late: boolean
}

/** A case as it is stored. Its states and outcomes are written by this room alone, from the table of the rules. */
export type CaseRow = Omit<
  Selectable<RectificationCaseTable>,
  | 'state'
  | 'returns_to'
  | 'outcome'
  | 'clocks'
  | 'persons'
  | 'next_due_key'
  | 'source_kind'
  | 'extension_status'
> & {
  state: CaseState
  returns_to: CaseState | null
  outcome: CaseOutcome | null
  clocks: CaseClock[]
  persons: CasePerson[]
  next_due_key: CaseClockKey | null
  source_kind: CaseSourceKind
  extension_status: 'requested' | 'approved' | 'refused' | 'lapsed' | null
}

/** What of a row decides whether an event may happen. */
export const caseFacts = (row: CaseRow, attemptsNeeded: number): CaseFacts => ({
  state: row.state,
  returnsTo: row.returns_to,
  round: row.round,
  persons: row.persons,
  doNotContact: row.do_not_contact,
  attemptsNeeded,
  rejected: row.rejected,
  transferRefused: row.transfer_refused,
  asked: row.asked,
  extensionPending: row.extension_status === 'requested',
  coHandlers: row.party_paths,
  coReported: row.reported_paths,
  coWaived: row.reports_waived,
})

/** What a row says of those who left a name as a whole: called back is the case once everybody who may be called was. */
export function personColumns(persons: readonly CasePerson[]) {
  const callable = contactable({ persons })
  return {
    persons: [...persons],
    contacted: callable.length > 0 && callable.every((person) => person.contacted),
    attempts: persons.reduce((n, person) => n + person.attempts, 0),
  }
}

/** The same, as it is written back. That an extension is pending follows from its status. */
export const factColumns = (facts: CaseFacts) => ({
  state: facts.state,
  returns_to: facts.returnsTo,
  round: facts.round,
  ...personColumns(facts.persons),
  rejected: facts.rejected,
  transfer_refused: facts.transferRefused,
  asked: facts.asked,
  party_paths: [...facts.coHandlers],
  reported_paths: [...facts.coReported],
  reports_waived: facts.coWaived,
})

/** True for the staff number of somebody the case is about: whose rating opened it, or was joined to it. */
export const isAbout = (
  row: Pick<CaseRow, 'staff_number' | 'joined_staff'>,
  staffNumber: string | null | undefined,
): boolean =>
  Boolean(staffNumber) && (row.staff_number === staffNumber || row.joined_staff.includes(staffNumber!))

export const stateLabel = (state: CaseState) => CASE_STATES[state]
export const outcomeLabel = (outcome: CaseOutcome | null) => (outcome ? CASE_OUTCOMES[outcome] : null)
export const rejectionLabel = (reason: string | null) =>
  reason === 'mistaken' || reason === 'malicious' ? REJECTION_REASONS[reason] : null

export const runningClocks = (row: Pick<CaseRow, 'clocks'>) =>
  row.clocks.filter((clock) => clock.stoppedAt === null)

/** The clock that a case is named by where it stands. */
export const mainClock = (row: Pick<CaseRow, 'clocks' | 'state'>): CaseClock | null =>
  runningClocks(row).find((clock) => clock.key === MAIN_CLOCK[row.state]) ?? null

/** In these it is the citizen whose days run out: nobody is late. */
export const CITIZENS_CLOCKS = clocksAwaiting('citizen')

/** Counted against the organisation when it runs out; what the level above or the citizen lets pass is not. */
const countsAgainst = (key: CaseClockKey) =>
  CASE_CLOCKS[key].awaits === 'handler' || CASE_CLOCKS[key].awaits === 'management'

const ranOut = (clock: Clock, now: Date) => clock.dueAt !== null && now > new Date(clock.dueAt)

/** The clocks that ran out against the organisation and were not noted yet. */
export const newlyLate = (row: Pick<CaseRow, 'clocks'>, now: Date): CaseClock[] =>
  runningClocks(row).filter((clock) => countsAgainst(clock.key) && !clock.late && ranOut(clock, now))

/** The moment after which a clock has run out and somebody must see to it; null while it stands still. */
export function runsOutAfter(clock: CaseClock): Date | null {
  const seen = clock.late || (!countsAgainst(clock.key) && CASE_CLOCKS[clock.key].awaits !== 'citizen')
  return seen || clock.dueAt === null ? null : new Date(Date.parse(clock.dueAt) + 1)
}

/** True once an official's time has run out, whether or not the clock-keeper has come by yet. */
export const isOverdue = (row: Pick<CaseRow, 'next_due_at' | 'next_due_key'>, now: Date): boolean =>
  row.next_due_at !== null &&
  row.next_due_key !== null &&
  !CITIZENS_CLOCKS.includes(row.next_due_key) &&
  now > row.next_due_at

/** 'CP20261124-7K3QX9WD': the day it was opened and keyed characters that follow from the rating. */
export const caseNumber = (key: Buffer, evaluationId: string, day: string): string =>
  spokenNumber('CP', day, hmacSm3(key, lengthPrefixed('case-number', evaluationId)))
