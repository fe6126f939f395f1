/** Where a case stands. */
export type CaseState =
  | 'to_sign'
  | 'verifying'
  | 'fixing'
  | 'promised'
  | 'explaining'
  | 'rejection_proposed'
  | 'feeding_back'
  | 'resurvey'
  | 'closed'

/** Who makes a case move: the handling organisation, the management body, the citizen, or the clock. */
export type CaseActor = 'handler' | 'management' | 'citizen' | 'system'

export type CaseOutcome = 'solved' | 'no_answer' | 'not_adopted'

/** Something an event demands before the case may move. */
export interface CaseField {
  name: string
  label: string
  type: 'text' | 'date' | 'choice' | 'files' | 'person'
  required: boolean
  maxLength?: number
  choices?: readonly { value: string; label: string }[]
}

/** One row of the table: from where, to where, by whom, with what. */
export interface CaseEventRule {
  label: string
  from: readonly CaseState[]
  to: CaseState | 'same'
  actor: CaseActor
  fields: readonly CaseField[]
  /** said before it is done, where it cannot be taken back */
  confirm?: string
}

/** The policy whose clock runs in a state; none in a closed case. 'promised' runs to the promised date. */
export const CASE_CLOCKS: Record<
  CaseState,
  'sign' | 'fix' | 'promised' | 'confirm' | 'reply' | 'resurvey' | null
> = {
  to_sign: 'sign',
  verifying: 'fix',
  fixing: 'fix',
  promised: 'promised',
  explaining: 'fix',
  rejection_proposed: 'confirm',
  feeding_back: 'reply',
  resurvey: 'resurvey',
  closed: null,
}

/** Names of the states. */
export const CASE_STATES: Record<CaseState, string> = {
  to_sign: '待签收',
  verifying: '核实中',
  fixing: '立行立改',
  promised: '限期整改',
  explaining: '解释说明',
  rejection_proposed: '拟不予采纳',
  feeding_back: '待反馈',
  resurvey: '待满意度测评',
  closed: '已办结',
}

export const CASE_OUTCOMES: Record<CaseOutcome, string> = {
  solved: '评价人确认已解决',
  no_answer: '未收到评价人答复',
  not_adopted: '不予采纳',
}

export const REJECTION_REASONS = { mistaken: '误评', malicious: '恶意差评' } as const

const text = (name: string, label: string, maxLength = 1000): CaseField => ({
  name,
  label,
  type: 'text',
  required: true,
  maxLength,
})
const evidence: CaseField = { name: 'evidence', label: '佐证材料', type: 'files', required: true }
const optionalEvidence: CaseField = { ...evidence, required: false }
const finding = text('finding', '核实情况')

/** The whole of it (R14–R17): states × events → target, actor, demanded fields. */
export const CASE_EVENTS = {
  sign: {
    label: '签收并指定核实人',
    from: ['to_sign'],
    to: 'verifying',
    actor: 'handler',
    fields: [{ name: 'verifier', label: '核实人', type: 'person', required: true }],
  },
  record_contact: {
    label: '登记回访',
    from: ['verifying', 'fixing', 'promised', 'explaining', 'feeding_back'],
    to: 'same',
    actor: 'handler',
    fields: [
      {
        name: 'result',
        label: '回访结果',
        type: 'choice',
        required: true,
        choices: [
          { value: 'reached', label: '已联系上' },
          { value: 'not_reached', label: '未接通' },
          { value: 'declined', label: '对方不愿沟通' },
        ],
      },
      text('note', '回访记录'),
    ],
  },
  fix_now: { label: '立行立改', from: ['verifying'], to: 'fixing', actor: 'handler', fields: [finding] },
  promise: {
    label: '承诺限期整改',
    from: ['verifying'],
    to: 'promised',
    actor: 'handler',
    fields: [
      finding,
      text('plan', '整改措施'),
      text('owner', '责任人', 50),
      { name: 'promisedOn', label: '承诺完成日期', type: 'date', required: true },
    ],
  },
  explain: {
    label: '解释说明',
    from: ['verifying'],
    to: 'explaining',
    actor: 'handler',
    fields: [finding, text('legalBasis', '法律法规依据')],
  },
  propose_rejection: {
    label: '提出不予采纳',
    from: ['verifying'],
    to: 'rejection_proposed',
    actor: 'handler',
    fields: [
      {
        name: 'rejectionReason',
        label: '理由',
        type: 'choice',
        required: true,
        choices: [
          { value: 'mistaken', label: REJECTION_REASONS.mistaken },
          { value: 'malicious', label: REJECTION_REASONS.malicious },
        ],
      },
      finding,
      evidence,
    ],
    confirm: '将报同级政务服务管理机构确认，并告知评价人。确定提出吗？',
  },
  confirm_rejection: {
    label: '确认不予采纳',
    from: ['rejection_proposed'],
    to: 'feeding_back',
    actor: 'management',
    fields: [text('note', '确认意见')],
    confirm: '确认后，这条评价不计入满意度，原评价和不采纳理由仍会公开计数。确定吗？',
  },
  refuse_rejection: {
    label: '退回，继续核实',
    from: ['rejection_proposed'],
    to: 'verifying',
    actor: 'management',
    fields: [text('note', '退回意见')],
  },
  complete: {
    label: '整改完成',
    from: ['fixing', 'promised'],
    to: 'feeding_back',
    actor: 'handler',
    fields: [text('done', '整改内容'), evidence],
  },
  explained: {
    label: '解释完成',
    from: ['explaining'],
    to: 'feeding_back',
    actor: 'handler',
    fields: [text('explanation', '解释内容'), optionalEvidence],
  },
  reply: {
    label: '答复评价人',
    from: ['feeding_back'],
    to: 'resurvey',
    actor: 'handler',
    fields: [text('reply', '答复内容')],
    confirm: '答复将以短信发给评价人并显示在其进度页，发出后不能撤回。确定发出吗？',
  },
  answer_solved: {
    label: '评价人确认已解决',
    from: ['resurvey'],
    to: 'closed',
    actor: 'citizen',
    fields: [
      {
        name: 'surveyLevel',
        label: '整改满意度',
        type: 'choice',
        required: true,
        choices: [
          { value: 'satisfied', label: '满意' },
          { value: 'basically', label: '基本满意' },
        ],
      },
      { ...text('words', '补充说明', 500), required: false },
    ],
  },
  answer_unsolved: {
    label: '评价人表示没有解决',
    from: ['resurvey'],
    to: 'verifying',
    actor: 'citizen',
    fields: [{ ...text('words', '补充说明', 500), required: false }],
  },
  close_unanswered: {
    label: '期满未答复，办结',
    from: ['resurvey'],
    to: 'closed',
    actor: 'system',
    fields: [],
  },
} as const satisfies Record<string, CaseEventRule>

export type CaseEvent = keyof typeof CASE_EVENTS

/** The table with its common type, for code that walks it. */
export const caseEventRule = (event: CaseEvent): CaseEventRule => CASE_EVENTS[event]
export const isCaseEvent = (text: string): text is CaseEvent => Object.hasOwn(CASE_EVENTS, text)

/** What of a case decides whether an event may happen. */
export interface CaseFacts {
  state: CaseState
  round: number
  realName: boolean
  doNotContact: boolean
  /** a call-back was recorded in this round */
  contacted: boolean
  /** a management body confirmed that the rating is not adopted */
  rejected: boolean
}

/** Values of the fields: text, a date 'YYYY-MM-DD', a choice, a person's id, or ids of files. */
export type CaseFieldValues = Readonly<Record<string, string | readonly string[] | undefined>>

export interface CaseProblem {
  field?: string
  message: string
}

/** Where an event leads, or why it may not happen. */
export type CaseStep =
  | {
      ok: true
      state: CaseState
      round: number
      contacted: boolean
      rejected: boolean
      outcome: CaseOutcome | null
    }
  | { ok: false; problems: CaseProblem[] }

/** The events an actor may start in a state. */
export const allowedEvents = (state: CaseState, actor: CaseActor): CaseEvent[] =>
  (Object.keys(CASE_EVENTS) as CaseEvent[]).filter((event) => {
    const rule = caseEventRule(event)
    return rule.actor === actor && rule.from.includes(state)
  })

/** A day that exists, 'YYYY-MM-DD'. */
function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function checkField(field: CaseField, value: string | readonly string[] | undefined): CaseProblem[] {
  const problem = (message: string) => [{ field: field.name, message: `${field.label}：${message}` }]
  const empty = value === undefined || (typeof value === 'string' ? value.trim() === '' : value.length === 0)
  if (empty) return field.required ? problem(field.type === 'files' ? '请上传' : '必填') : []
  if (field.type === 'files') return Array.isArray(value) ? [] : problem('应为文件')
  if (typeof value !== 'string') return problem('格式不对')
  if (field.type === 'date' && !isDate(value)) return problem('应为日期')
  if (field.choices && !field.choices.some((choice) => choice.value === value)) return problem('没有这个选项')
  if (field.maxLength && [...value].length > field.maxLength) return problem(`最多 ${field.maxLength} 字`)
  return []
}

/**
 * Applies an event to a case.
 *
 * @returns the new state, or every reason why not: the event does not fit the state, a field is missing or wrong, or
 * a real-name case was not called back before the reply (R20)
 * @example applyCaseEvent(facts, 'sign', { verifier: id }) // { ok: true, state: 'verifying', … }
 */
export function applyCaseEvent(facts: CaseFacts, event: CaseEvent, values: CaseFieldValues): CaseStep {
  const rule = caseEventRule(event)
  if (!rule.from.includes(facts.state))
    return {
      ok: false,
      problems: [{ message: `差评件现在是“${CASE_STATES[facts.state]}”，不能“${rule.label}”。` }],
    }
  const problems = rule.fields.flatMap((field) => checkField(field, values[field.name]))
  const unknown = Object.keys(values).filter((name) => !rule.fields.some((field) => field.name === name))
  for (const name of unknown) problems.push({ field: name, message: `不认识的字段：${name}` })
  if (event === 'reply' && facts.realName && !facts.doNotContact && !facts.contacted)
    problems.push({ message: '实名差评须先回访并登记，才能答复（实名差评回访率 100%）。' })
  if (problems.length > 0) return { ok: false, problems }
  const state = rule.to === 'same' ? facts.state : rule.to
  const reopened = event === 'answer_unsolved'
  const rejected = event === 'confirm_rejection' || (facts.rejected && !reopened)
  return {
    ok: true,
    state,
    round: facts.round + (reopened ? 1 : 0),
    contacted: reopened ? false : facts.contacted || event === 'record_contact',
    rejected,
    outcome:
      state === 'closed'
        ? rejected
          ? 'not_adopted'
          : event === 'answer_solved'
            ? 'solved'
            : 'no_answer'
        : null,
  }
}
