import { encodeValue } from '@haochaping/ledger'
import type { Clock } from '@haochaping/rules'
import { sm3 } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { NewEntry } from '../ledger/journal.ts'
import type { AppealRow } from './appeal.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null

const digestOf = (clock: Clock) =>
  sm3(encodeValue(clock as unknown as { [key: string]: JsonValue })).toString('hex')

/** The clock as the journal has it; its days are held by their digest, so that the arithmetic cannot change either. */
const clockFacts = ({ clock, due_at, due_provisional }: AppealRow) => ({
  policyKey: clock.key,
  policyVersion: clock.version,
  policyRegion: clock.regionCode,
  policyValue: clock.value,
  startedAt: clock.startedAt,
  stoppedAt: clock.stoppedAt,
  dueAt: iso(due_at),
  provisional: due_provisional,
  digest: digestOf(clock),
})

/** A clock of the days that a side has to speak: its end stands beside it. */
const sideFacts = (clock: Clock | null) =>
  clock && {
    policyVersion: clock.version,
    policyRegion: clock.regionCode,
    policyValue: clock.value,
    provisional: clock.provisional,
    digest: digestOf(clock),
  }

/** Everything that stands in an appeal's row, as it stands in the journal entry that made it so. */
export const rowFacts = (row: AppealRow): Record<string, JsonValue> => ({
  appealId: row.appeal_id,
  number: row.number,
  state: row.state,
  stage: row.stage,
  claim: row.claim,
  outcome: row.outcome,
  firstOutcome: row.first_outcome,
  appellantKind: row.appellant_kind,
  appellantId: row.appellant_id,
  organizationId: row.organization_id,
  organizationPath: row.organization_path,
  regionCode: row.region_code,
  itemCode: row.item_code,
  staffNumber: row.staff_number,
  level: row.level,
  firstInstance: row.first_instance,
  citizenHeard: row.citizen_heard,
  answerUntil: row.answer_until.toISOString(),
  filedAt: row.filed_at.toISOString(),
  decidedAt: iso(row.decided_at),
  firstDecider: row.first_decider,
  reexamineUntil: iso(row.reexamine_until),
  reexaminationBy: row.reexamination_by,
  reexaminedAt: iso(row.reexamined_at),
  overdue: row.overdue,
  everOverdue: row.ever_overdue,
  version: row.version,
  clock: clockFacts(row),
  nextAlarmAt: iso(row.next_alarm_at),
  answerClock: sideFacts(row.answer_clock),
  reexamineClock: sideFacts(row.reexamine_clock),
})

/** What entries from before there were warnings did not hold. */
export const LATER_FACTS = ['nextAlarmAt'] as const

/** An entry as it is held against a row: one from before each side's days were a clock says that there is none. */
export const factsOf = (payload: Record<string, JsonValue> | null): Record<string, JsonValue> | null =>
  payload && { answerClock: null, reexamineClock: null, ...payload }

/** What happened to an appeal, and what it brought. */
export interface AppealHappening {
  /** 'filed', or the past of an event: appeal.<what> */
  what: string
  actor: string
  at: Date
  files?: { fileId: string; digest: string }[]
  /** how far the clock has run, of an alarm */
  mark?: number
  text?: Record<string, string>
}

/** The journal entry of a happening: the appeal as it is afterwards, and what came with it. */
export const appealEntry = (
  row: AppealRow,
  { what, actor, at, files = [], mark, text }: AppealHappening,
): NewEntry => ({
  subjectId: row.evaluation_id,
  kind: `appeal.${what}`,
  actor,
  at,
  payload: {
    ...(files.length > 0 && { evidence: files.map(({ fileId, digest }) => ({ fileId, digest })) }),
    ...(mark !== undefined && { mark }),
    ...rowFacts(row),
  },
  ...(text && { text }),
})
