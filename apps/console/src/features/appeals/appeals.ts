import type { TimelineEntry } from '../../components/timeline.ts'
import type { CaseField, Clock } from '../cases/types.ts'
import type { EvaluationDetail } from '../evaluations/evaluations.ts'

/** One line of a list of appeals. */
export interface AppealRow {
  /** the evaluation it is against; what an appeal is addressed by */
  id: string
  appealId: string
  number: number
  state: string
  stateLabel: string
  stage: 'first' | 'reexamination'
  stageLabel: string
  claimLabel: string
  outcome: string | null
  outcomeLabel: string | null
  effect: string | null
  level: number
  levelLabel: string | null
  organizationName: string
  regionName: string
  itemName: string
  appellantLabel: string
  deciderLabel: string
  citizenHeard: boolean
  answerUntil: string
  answerProvisional: boolean
  filedAt: string
  decidedAt: string | null
  reexamineUntil: string | null
  reexamineProvisional: boolean
  reexaminedAt: string | null
  dueAt: string | null
  dueProvisional: boolean
  remainingWorkingDays: number | null
  overdue: boolean
  everOverdue: boolean
}

/** Whether the citizen has answered the appeal, may still do so, or has let the days pass. */
export const hearingText = ({
  citizenHeard,
  answerUntil,
}: Pick<AppealRow, 'citizenHeard' | 'answerUntil'>): string => {
  if (citizenHeard) return '评价人已说明'
  return Date.parse(answerUntil) > Date.now() ? '等评价人说明' : '评价人到期未说明'
}

export interface AppealList {
  items: AppealRow[]
  /** where the next page begins; null on the last */
  next: string | null
  counts: { all: number; mine: number; toDecide: number; late: number }
}

/** What the official may do with the appeal now; `stopped` says why not yet. */
export interface AppealAction {
  event: string
  label: string
  confirm: string | null
  fields: CaseField[]
  stopped: string | null
}

/** The rating: whole for whoever decides, redacted for the side of the one who was rated. */
export type AppealRating = Pick<
  EvaluationDetail,
  | 'level'
  | 'levelLabel'
  | 'hallLevel'
  | 'hallLevelLabel'
  | 'options'
  | 'words'
  | 'itemName'
  | 'organizationName'
  | 'hallName'
  | 'windowName'
  | 'staffName'
  | 'evaluatorMasked'
  | 'affair'
  | 'caseStateLabel'
  | 'redacted'
  | 'ratedOn'
  | 'submittedAt'
> & { receiptNumber: string | null }

export interface AppealDetail extends AppealRow {
  version: number
  /** moments and places in the ledger are held back, for whoever was rated */
  redacted: boolean
  clock: Clock & { stoppedAt: string | null }
  rating: AppealRating
  timeline: TimelineEntry[]
  /** why the viewer, though they decide on appeals, may not decide on this one */
  party: string | null
  actions: AppealAction[]
}

/** What a page about a rating says of appeals. */
export interface Filing {
  allowed: boolean
  until: string | null
  code: string | null
  reason: string | null
  fields: CaseField[]
  appeal: AppealRow | null
}

export const STATES = [
  { value: 'filed', label: '待审理' },
  { value: 'decided', label: '已决定' },
  { value: 'reexamination_filed', label: '复核中' },
  { value: 'final', label: '已终结' },
  { value: 'withdrawn', label: '已撤回' },
]
export const OUTCOMES = [
  { value: 'upheld', label: '维持原评价' },
  { value: 'partly', label: '个人不担责' },
  { value: 'mistaken', label: '认定为误评' },
  { value: 'malicious', label: '认定为恶意差评' },
]
