import type { CaseFieldValues } from './case-machine.ts'
import type { CaseGuard, CaseState } from './case-states.ts'

/** Somebody who left a name with their rating or complaint: each is called back, or leaves word not to be (R20). */
export interface CasePerson {
  /** of the rating or the complaint */
  id: string
  doNotContact: boolean
  /** called back in this round: spoken to, or tried as often as one day allows */
  contacted: boolean
  /** call-backs tried in this round */
  attempts: number
}

/** What of a case decides whether an event may happen. */
export interface CaseFacts {
  state: CaseState
  /** where it goes back to once it no longer waits for somebody else */
  returnsTo: CaseState | null
  round: number
  /** whoever left a name, in the order they came; nobody where all are anonymous */
  persons: readonly CasePerson[]
  /** nobody of the case wants to be contacted */
  doNotContact: boolean
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
  /** organisations that handle it with the lead */
  coHandlers: readonly string[]
  /** those of them whose report of this round is in */
  coReported: readonly string[]
  /** the lead said why it goes on without the reports that are not in */
  coWaived: boolean
}

/** Those who must be called back: left a name and did not forbid it (R20). */
export const contactable = ({ persons }: Pick<CaseFacts, 'persons'>): readonly CasePerson[] =>
  persons.filter((person) => !person.doNotContact)

/** Everybody who must be called back was; true where there is nobody. */
export const allCalledBack = (facts: Pick<CaseFacts, 'persons'>): boolean =>
  contactable(facts).every((person) => person.contacted)

/** Organisations that handle a case with the lead and have not reported in this round. */
export const reportsOpen = ({ coHandlers, coReported }: Pick<CaseFacts, 'coHandlers' | 'coReported'>) =>
  coHandlers.filter((organization) => !coReported.includes(organization))

const nameOf = ({ evaluator }: CaseFieldValues) =>
  typeof evaluator === 'string' && evaluator.trim() !== '' ? evaluator : null

/** Whom a call-back is to: the one that is named, or the only one there is; null where that does not tell. */
export function personCalled(facts: Pick<CaseFacts, 'persons'>, values: CaseFieldValues): CasePerson | null {
  const known = contactable(facts)
  const named = nameOf(values)
  if (named === null) return known.length === 1 ? known[0]! : null
  return known.find((person) => person.id === named) ?? null
}

interface GuardRule {
  /** the condition in words, as the description of the table says it */
  label: string
  /** what of it can be told from the case alone; what needs the directory or the journal is checked by the service */
  holds?: (facts: CaseFacts, values: CaseFieldValues) => boolean
  /** the field it is about */
  field?: string
  /** said when it does not hold */
  refusal?: string
  /** the event is not even offered when it does not hold */
  hides?: true
}

export const CASE_GUARDS: Record<CaseGuard, GuardRule> = {
  called_back: {
    label: '每一位实名且未表示不愿联系的评价人，本轮都已回访',
    holds: allCalledBack,
    refusal:
      '实名差评须先回访并登记，才能答复（实名差评回访率 100%）。有几位实名评价人的，每一位都要回访；未接通的，须按每日次数上限尝试。',
  },
  evaluator_named: {
    label: '有几位实名评价人的，写明回访的是哪一位；不回访表示不愿联系的',
    holds: (facts, values) => personCalled(facts, values) !== null,
    field: 'evaluator',
    refusal: '回访对象：有几位实名评价人，请选择这次联系的是哪一位；表示不愿联系的不能选。',
  },
  reports_in: {
    label: '协办单位本轮都已提交协办情况，或办理单位说明了不再等待的理由',
    holds: (facts) => reportsOpen(facts).length === 0 || facts.coWaived,
    refusal:
      '还有协办单位没有提交协办情况。请等其提交；不再等待的，说明理由后“不等协办情况，继续办理”，或者取消该单位的协办。',
  },
  reports_open: {
    label: '有协办单位本轮没有提交协办情况，也没有说过不再等待',
    holds: (facts) => reportsOpen(facts).length > 0 && !facts.coWaived,
    refusal: '协办情况都已提交，或已经说明过不再等待的理由。',
    hides: true,
  },
  co_handled: {
    label: '有协办单位',
    holds: (facts) => facts.coHandlers.length > 0,
    refusal: '没有协办单位可以取消。',
    hides: true,
  },
  contact_allowed: {
    label: '评价人没有表示不愿被联系',
    holds: (facts) => !facts.doNotContact,
    refusal: '评价人表示不愿被联系，请勿联系；按免回访计入统计。',
    hides: true,
  },
  callable_named: {
    label: '有留下姓名、没有表示不愿被联系的评价人',
    holds: (facts) => contactable(facts).length > 0,
    refusal: '没有可以回访的评价人：评价人都是匿名的，不需要回访。',
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
  own_report: { label: '提交者只属于一个协办单位' },
  co_handler_named: { label: '单位是现在的协办单位' },
  appeal_not_lost: { label: '没有以同样理由提出、经审理没有得到支持的申诉' },
  other_organization: { label: '单位不是现在的办理单位或协办单位' },
}

/** The first guard that can be told from the case alone and does not hold; undefined when all hold. */
export const refusalOf = (guards: readonly CaseGuard[], facts: CaseFacts, values: CaseFieldValues) =>
  guards.map((guard) => CASE_GUARDS[guard]).find((rule) => rule.holds && !rule.holds(facts, values))

/** Whether an event with these guards is worth offering. */
export const offered = (guards: readonly CaseGuard[], facts: CaseFacts): boolean =>
  guards
    .map((guard) => CASE_GUARDS[guard])
    .every((rule) => !rule.hides || !rule.holds || rule.holds(facts, {}))

/** Everybody who left a name once a call-back is recorded: one of them was tried once more, and may count as reached. */
export function afterContact(facts: CaseFacts, values: CaseFieldValues): readonly CasePerson[] {
  const called = personCalled(facts, values)
  return facts.persons.map((person) => {
    if (person.id !== called?.id) return person
    const attempts = person.attempts + 1
    const reached = values.result !== 'not_reached' || attempts >= facts.attemptsNeeded
    return { ...person, attempts, contacted: person.contacted || reached }
  })
}
