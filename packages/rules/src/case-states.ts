import type { PolicyKey } from './policy.ts'

/** Where a case stands. */
export type CaseState =
  | 'to_sign'
  | 'transfer_proposed'
  | 'verifying'
  | 'waiting'
  | 'fixing'
  | 'promised'
  | 'explaining'
  | 'rejection_proposed'
  | 'feeding_back'
  | 'resurvey'
  | 'reopened'
  | 'closed'

/** Names of the states, in the order a case walks through them. */
export const CASE_STATES: Record<CaseState, string> = {
  to_sign: '待签收',
  transfer_proposed: '拟改派',
  verifying: '核实中',
  waiting: '待评价人补充',
  fixing: '立行立改',
  promised: '限期整改',
  explaining: '解释说明',
  rejection_proposed: '拟不予采纳',
  feeding_back: '待反馈',
  resurvey: '待满意度测评',
  reopened: '待上级复核',
  closed: '已办结',
}

/**
 * Who makes a case move: the lead organisation, one that handles it with it, the management body of the same level,
 * the level above the organisation, a district or city authority that inspects, the citizen, or the clock.
 */
export type CaseActor =
  | 'handler'
  | 'co_handler'
  | 'management'
  | 'superior'
  | 'supervisor'
  | 'citizen'
  | 'system'

export const CASE_ACTORS: Record<CaseActor, string> = {
  handler: '办理单位',
  co_handler: '协办单位',
  management: '同级政务服务管理机构',
  superior: '上级主管部门',
  supervisor: '督查部门',
  citizen: '评价人',
  system: '系统',
}

export type CaseOutcome = 'solved' | 'no_answer' | 'not_adopted'

export const CASE_OUTCOMES: Record<CaseOutcome, string> = {
  solved: '评价人确认已解决',
  no_answer: '未收到评价人答复',
  not_adopted: '不予采纳',
}

export const REJECTION_REASONS = { mistaken: '误评', malicious: '恶意差评' } as const

/** What a case may come from, or be joined by (R14, R18). */
export const CASE_SOURCES = {
  rating: '差评',
  complaint: '投诉',
  opinion: '综合点评',
  follow_up: '追评',
  spot_check: '抽查发现',
  reopened: '重新办理',
} as const
export type CaseSourceKind = keyof typeof CASE_SOURCES

/** What a clock of a case waits for. Several may run at once. */
export type CaseClockKey =
  | 'sign'
  | 'transfer'
  | 'contact'
  | 'fix'
  | 'citizen_wait'
  | 'promised'
  | 'extension'
  | 'confirm'
  | 'reply'
  | 'resurvey'
  | 'review'

interface CaseClockRule {
  label: string
  /** the policy that says how long it runs; 'promised' runs to the promised day and no longer than its policy */
  policy: PolicyKey
  /** whose act it waits for. What the citizen or the level above lets pass is not the organisation's lateness. */
  awaits: 'handler' | 'management' | 'superior' | 'citizen'
}

export const CASE_CLOCKS: Record<CaseClockKey, CaseClockRule> = {
  sign: { label: '签收', policy: 'sign', awaits: 'handler' },
  transfer: { label: '改派决定', policy: 'transfer_decision', awaits: 'superior' },
  contact: { label: '首次联系', policy: 'contact', awaits: 'handler' },
  fix: { label: '核实整改', policy: 'fix', awaits: 'handler' },
  citizen_wait: { label: '评价人补充', policy: 'citizen_wait', awaits: 'citizen' },
  promised: { label: '限期整改', policy: 'promised', awaits: 'handler' },
  extension: { label: '延期决定', policy: 'extension_decision', awaits: 'superior' },
  confirm: { label: '不予采纳确认', policy: 'confirm', awaits: 'management' },
  reply: { label: '答复评价人', policy: 'reply', awaits: 'handler' },
  resurvey: { label: '满意度测评', policy: 'resurvey', awaits: 'citizen' },
  review: { label: '上级复核交办', policy: 'transfer_decision', awaits: 'superior' },
}

export const isCaseClockKey = (text: string): text is CaseClockKey => Object.hasOwn(CASE_CLOCKS, text)

/** The clock a state is named by on screens: the one its next step is due by. Others may run beside it. */
export const MAIN_CLOCK: Record<CaseState, CaseClockKey | null> = {
  to_sign: 'sign',
  transfer_proposed: 'transfer',
  verifying: 'fix',
  waiting: 'citizen_wait',
  fixing: 'fix',
  promised: 'promised',
  explaining: 'fix',
  rejection_proposed: 'confirm',
  feeding_back: 'reply',
  resurvey: 'resurvey',
  reopened: 'review',
  closed: null,
}

/** Something an event demands before the case may move. */
export interface CaseField {
  name: string
  label: string
  /**
   * 'time' is a time of today, 'HH:MM'; 'person' an account; 'organization' an organisation of the directory;
   * 'evaluator' somebody who left a name and is to be called back
   */
  type: 'text' | 'date' | 'time' | 'choice' | 'files' | 'person' | 'organization' | 'evaluator'
  /** of an organisation: only those that handle the case with the lead */
  among?: 'co_handlers'
  /** what it means to leave it out, or what is wanted; said beside the label where it is asked, not in the record */
  hint?: string
  required: boolean
  maxLength?: number
  choices?: readonly { value: string; label: string }[]
}

/** One row of the table: from where, to where, by whom, with what, and what it does to the clocks. */
export interface CaseEventRule {
  label: string
  from: readonly CaseState[]
  /** 'back': where it stood before it waited for somebody else */
  to: CaseState | 'same' | 'back'
  actors: readonly CaseActor[]
  fields: readonly CaseField[]
  guards?: readonly CaseGuard[]
  /** clocks that begin; one that runs already is replaced */
  starts?: readonly CaseClockKey[]
  /** clocks that stand still, of those that run */
  pauses?: readonly CaseClockKey[]
  /** clocks that go on, of those that stand still */
  resumes?: readonly CaseClockKey[]
  /** clocks whose act has happened or is no longer waited for */
  stops?: readonly CaseClockKey[]
  /** what was found and promised before no longer counts: it all begins again */
  newRound?: true
  /** said before it is done, where it cannot be taken back */
  confirm?: string
}

/** Conditions beyond state, actor and fields. What each says stands in CASE_GUARDS. */
export type CaseGuard =
  | 'called_back'
  | 'evaluator_named'
  | 'reports_in'
  | 'reports_open'
  | 'co_handled'
  | 'own_report'
  | 'co_handler_named'
  | 'contact_allowed'
  | 'callable_named'
  | 'transfer_once'
  | 'asked_once'
  | 'extension_free'
  | 'extension_asked'
  | 'adopted'
  | 'not_adopted'
  | 'attempts_today'
  | 'calling_hours'
  | 'named_verifier'
  | 'promise_limit'
  | 'extension_limit'
  | 'within_place'
  | 'other_organization'
  | 'sole_evaluator'
  | 'appeal_not_lost'
