import type {
  AppealClaim,
  AppealFacts,
  AppealOutcome,
  AppealStage,
  AppealState,
  Clock,
} from '@haochaping/rules'
import type { Selectable } from 'kysely'
import type { AppealTable } from '../../platform/tables.appeals.ts'

/** An appeal as it is stored. Its states and outcomes are written by this room alone, from the table of the rules. */
export type AppealRow = Omit<
  Selectable<AppealTable>,
  | 'state'
  | 'stage'
  | 'claim'
  | 'outcome'
  | 'first_outcome'
  | 'clock'
  | 'answer_clock'
  | 'reexamine_clock'
  | 'appellant_kind'
  | 'first_instance'
> & {
  state: AppealState
  stage: AppealStage
  claim: AppealClaim
  outcome: AppealOutcome | null
  first_outcome: AppealOutcome | null
  clock: Clock
  answer_clock: Clock | null
  reexamine_clock: Clock | null
  appellant_kind: 'organization' | 'staff'
  first_instance: 'district' | 'city'
}

/** What of a row decides whether an event may happen. */
export const appealFacts = (row: AppealRow): AppealFacts => ({
  state: row.state,
  claim: row.claim,
  outcome: row.outcome,
  citizenHeard: row.citizen_heard,
  answerUntil: row.answer_until.toISOString(),
  reexamineUntil: row.reexamine_until?.toISOString() ?? null,
})

/** The clocks of an appeal that run: of the decision, and of the days its sides have to speak. */
export const runningClocks = (row: AppealRow): Clock[] =>
  [row.clock, row.answer_clock, row.reexamine_clock].filter(
    (clock): clock is Clock => clock !== null && clock.stoppedAt === null,
  )

/** True while a clock's end is not certain: it runs, and crosses a year whose holidays are not known. */
export const isProvisional = (clock: Clock | null): boolean =>
  clock !== null && clock.stoppedAt === null && clock.provisional

/** True while somebody's decision is waited for. */
export const awaitsDecision = (row: Pick<AppealRow, 'state'>): boolean =>
  row.state === 'filed' || row.state === 'reexamination_filed'

/** True once the time for the decision has passed, whether or not the clock-keeper has come by yet. */
export const isLate = (row: AppealRow, now: Date): boolean =>
  awaitsDecision(row) && row.due_at !== null && now > row.due_at

/** Who decides, in words. */
export const deciderLabel = (row: Pick<AppealRow, 'stage' | 'first_instance'>): string =>
  row.stage === 'reexamination' || row.first_instance === 'city' ? '市级主管部门' : '县（市）区主管部门'
