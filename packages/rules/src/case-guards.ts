import type { CaseFieldValues } from './case-machine.ts'
import type { CaseGuard, CaseState } from './case-states.ts'

/** What of a case decides whether an event may happen. */
export interface CaseFacts {
  state: CaseState
  /** where it goes back to once it no longer waits for somebody else */
  returnsTo: CaseState | null
  round: number
  realName: boolean
  doNotContact: boolean
  /** the citizen was called back in this round: spoken to, or tried as often as one day allows */
  contacted: boolean
  /** call-backs tried in this round */
  attempts: number
  /** so many tries in vain count as a call-back (policy contact_attempts_per_day) */
  attemptsNeeded: number
  /** a management body confirmed that the rating is not adopted */
  rejected: boolean
  /** the level above refused to re-assign the case in this round */
  transferRefused: boolean
  /** the citizen was asked to add something in this round */
  asked: boolean
  /** a later date is asked for and not decided */
  extensionPending: boolean
}

/** Must be called back: left a name and did not forbid it (R20). */
export const contactable = (facts: Pick<CaseFacts, 'realName' | 'doNotContact'>): boolean =>
  facts.realName && !facts.doNotContact

interface GuardRule {
  /** the condition in words, as the description of the table says it */
  label: string
  /** what of it can be told from the case alone; what needs the directory or the journal is checked by the service */
  holds?: (facts: CaseFacts) => boolean
  /** said when it does not hold */
  refusal?: string
  /** the event is not even offered when it does not hold */
  hides?: true
}

export const CASE_GUARDS: Record<CaseGuard, GuardRule> = {
  called_back: {
    label: '实名且未表示不愿联系的，本轮已回访',
    holds: (facts) => !contactable(facts) || facts.contacted,
    refusal: '实名差评须先回访并登记，才能答复（实名差评回访率 100%）。未接通的，须按每日次数上限尝试。',
  },
  contact_allowed: {
    label: '评价人没有表示不愿被联系',
    holds: (facts) => !facts.doNotContact,
    refusal: '评价人表示不愿被联系，请勿联系；按免回访计入统计。',
    hides: true,
  },
  transfer_once: {
    label: '本轮没有被上级退回过改派申请',
    holds: (facts) => !facts.transferRefused,
    refusal: '本轮的改派申请已被上级退回，不能再次申请。',
    hides: true,
  },
  asked_once: {
    label: '本轮没有请评价人补充过',
    holds: (facts) => !facts.asked,
    refusal: '本轮已经请评价人补充过一次，不能再次暂停时限。',
    hides: true,
  },
  extension_free: {
    label: '没有等待审批的延期申请',
    holds: (facts) => !facts.extensionPending,
    refusal: '已有延期申请等待上级审批。',
    hides: true,
  },
  extension_asked: {
    label: '有等待审批的延期申请',
    holds: (facts) => facts.extensionPending,
    refusal: '没有等待审批的延期申请。',
    hides: true,
  },
  adopted: {
    label: '评价没有被确认为不予采纳',
    holds: (facts) => !facts.rejected,
    refusal: '评价已确认不予采纳；评价人不同意的，应提出异议。',
    hides: true,
  },
  not_adopted: {
    label: '评价已被确认为不予采纳',
    holds: (facts) => facts.rejected,
    refusal: '评价没有被认定为不予采纳。',
    hides: true,
  },
  attempts_today: { label: '当日联系次数没有超过上限（contact_attempts_per_day）' },
  calling_hours: { label: '联系时间在今天、不晚于现在、在允许的时段内（calling_from、calling_to）' },
  named_verifier: { label: '核实人是办理单位的在册人员，且不是被评价人' },
  promise_limit: { label: '日期晚于今天，且不超过限期整改最长时限（promised）' },
  extension_limit: { label: '新日期晚于原承诺日期，且从今天起不超过限期整改最长时限（promised）' },
  within_place: { label: '单位在决定者的管辖范围内' },
  sole_evaluator: { label: '没有其他评价人还没有回答' },
  other_organization: { label: '单位不是现在的办理单位或协办单位' },
}

/** The first guard that can be told from the case alone and does not hold, in words; null when all hold. */
export const refusalOf = (guards: readonly CaseGuard[], facts: CaseFacts): string | null =>
  guards.map((guard) => CASE_GUARDS[guard]).find((rule) => rule.holds && !rule.holds(facts))?.refusal ?? null

/** Whether an event with these guards is worth offering. */
export const offered = (guards: readonly CaseGuard[], facts: CaseFacts): boolean =>
  guards.map((guard) => CASE_GUARDS[guard]).every((rule) => !rule.hides || !rule.holds || rule.holds(facts))

/** How many tries have been made once this one is recorded, and whether the citizen counts as called back. */
export function afterContact(facts: CaseFacts, values: CaseFieldValues) {
  const attempts = facts.attempts + 1
  return {
    attempts,
    contacted: facts.contacted || values.result !== 'not_reached' || attempts >= facts.attemptsNeeded,
  }
}
