import {
  APPEAL_CLAIMS,
  APPEAL_OUTCOMES,
  type AppealClaim,
  type AppealOutcome,
  isAppealOutcome,
} from './appeal-outcomes.ts'

/** Where an appeal stands. */
export const APPEAL_STATES = {
  filed: '待审理',
  decided: '已决定',
  reexamination_filed: '复核中',
  final: '已终结',
  withdrawn: '已撤回',
} as const
export type AppealState = keyof typeof APPEAL_STATES

/** Who hears it: one level above the appellant, and once more, for good, the city. */
export const APPEAL_STAGES = { first: '申诉', reexamination: '复核' } as const
export type AppealStage = keyof typeof APPEAL_STAGES

/** Who makes an appeal move. The first decision and the second are never by the same person. */
export type AppealActor = 'appellant' | 'citizen' | 'decider' | 'city' | 'system'

/** Something an event demands. */
export interface AppealField {
  name: string
  label: string
  type: 'text' | 'choice' | 'files'
  required: boolean
  maxLength?: number
  choices?: readonly { value: string; label: string }[]
}

/** What an event does to the clock of the decision. */
export type AppealClockEffect = 'start_decision' | 'start_reexamination' | 'stop' | 'leave'

/** One row of the table: from where, to where, by whom, with what, and what becomes of the clock. */
export interface AppealEventRule {
  label: string
  /** what it is called in the journal: appeal.<past> */
  past: string
  from: readonly AppealState[]
  to: AppealState | 'same'
  actors: readonly AppealActor[]
  fields: readonly AppealField[]
  clock: AppealClockEffect
  /** said before it is done, where it cannot be taken back */
  confirm?: string
}

const text = (name: string, label: string, required = true): AppealField => ({
  name,
  label,
  type: 'text',
  required,
  maxLength: 1000,
})
const files: AppealField = { name: 'evidence', label: '证据材料', type: 'files', required: false }
const choices = <K extends string>(labels: Record<K, string>) =>
  Object.entries<string>(labels).map(([value, label]) => ({ value, label }))
const outcome: AppealField = {
  name: 'outcome',
  label: '决定',
  type: 'choice',
  required: true,
  choices: choices(
    Object.fromEntries(Object.entries(APPEAL_OUTCOMES).map(([key, { label }]) => [key, label])),
  ),
}
const reason = text('reason', '理由')

/** What an appeal is filed with. Evidence is demanded too, unless the facts are not disputed. */
export const APPEAL_FILING: readonly AppealField[] = [
  { name: 'claim', label: '申诉请求', type: 'choice', required: true, choices: choices(APPEAL_CLAIMS) },
  text('statement', '申诉理由'),
  files,
]

/** The whole of it: states × events → target, actors, demanded fields, clock. Filing comes before the first state. */
export const APPEAL_EVENTS = {
  citizen_answer: {
    label: '评价人说明情况',
    past: 'citizen_answered',
    from: ['filed', 'reexamination_filed'],
    to: 'same',
    actors: ['citizen'],
    fields: [text('statement', '情况说明')],
    clock: 'leave',
  },
  supplement: {
    label: '补充说明和证据',
    past: 'supplemented',
    from: ['filed', 'reexamination_filed'],
    to: 'same',
    actors: ['appellant'],
    fields: [text('statement', '补充说明'), files],
    clock: 'leave',
  },
  decide: {
    label: '作出决定',
    past: 'decided',
    from: ['filed'],
    to: 'decided',
    actors: ['decider'],
    fields: [outcome, reason],
    clock: 'stop',
    confirm:
      '决定和理由会告知双方，统计随即按决定计算，原评价保留。决定作出后不能修改，只能由市级复核改变。确定吗？',
  },
  request_reexamination: {
    label: '申请复核',
    past: 'reexamination_filed',
    from: ['decided'],
    to: 'reexamination_filed',
    actors: ['appellant', 'citizen'],
    fields: [text('statement', '复核理由'), files],
    clock: 'start_reexamination',
    confirm: '复核由市级主管部门作出，是最终决定。确定申请吗？',
  },
  reexamine: {
    label: '作出复核决定',
    past: 'reexamined',
    from: ['reexamination_filed'],
    to: 'final',
    actors: ['city'],
    fields: [outcome, reason],
    clock: 'stop',
    confirm: '复核决定是最终决定，统计随即按它计算，不能再改。确定吗？',
  },
  withdraw: {
    label: '撤回申诉',
    past: 'withdrawn',
    from: ['filed'],
    to: 'withdrawn',
    actors: ['appellant'],
    fields: [text('reason', '撤回原因', false)],
    clock: 'stop',
    confirm: '撤回后原评价照常计入。在申诉期限内还可以重新提出。确定撤回吗？',
  },
  become_final: {
    label: '期满未申请复核，决定生效',
    past: 'became_final',
    from: ['decided'],
    to: 'final',
    actors: ['system'],
    fields: [],
    clock: 'leave',
  },
} as const satisfies Record<string, AppealEventRule>

export type AppealEvent = keyof typeof APPEAL_EVENTS
export const isAppealEvent = (text: string): text is AppealEvent => Object.hasOwn(APPEAL_EVENTS, text)
/** The table with its common type, for code that walks it. */
export const appealEventRule = (event: AppealEvent): AppealEventRule => APPEAL_EVENTS[event]

/** Nothing more will happen to it. */
export const appealIsOver = (state: AppealState): boolean => state === 'final' || state === 'withdrawn'

/** What of an appeal decides whether an event may happen. */
export interface AppealFacts {
  state: AppealState
  claim: AppealClaim
  /** the last decision; null before the first */
  outcome: AppealOutcome | null
  /** the citizen spoke in this stage: by answering, or by asking for the re-examination */
  citizenHeard: boolean
  /** until when the citizen may answer, and until when a re-examination may be asked for (ISO) */
  answerUntil: string
  reexamineUntil: string | null
}

/** Values of the fields: text, a choice, or ids of files. */
export type AppealFieldValues = Readonly<Record<string, string | readonly string[] | undefined>>

export interface AppealProblem {
  field?: string
  message: string
}

/** Where an event leads, or every reason why it may not happen. */
export type AppealStep =
  | { ok: true; state: AppealState; stage: AppealStage; outcome: AppealOutcome | null; citizenHeard: boolean }
  | { ok: false; problems: AppealProblem[] }

/** The events an actor may start in a state, their guards aside. */
export const allowedAppealEvents = (state: AppealState, actor: AppealActor): AppealEvent[] =>
  (Object.keys(APPEAL_EVENTS) as AppealEvent[]).filter((event) => {
    const rule = appealEventRule(event)
    return rule.actors.includes(actor) && rule.from.includes(state)
  })

/** The stage of a state: what was decided in the re-examination stays of that stage. */
const stageAfter = (facts: AppealFacts, event: AppealEvent): AppealStage =>
  event === 'request_reexamination' || event === 'reexamine' || facts.state === 'reexamination_filed'
    ? 'reexamination'
    : 'first'

function checkField(field: AppealField, value: string | readonly string[] | undefined): AppealProblem[] {
  const problem = (message: string) => [{ field: field.name, message: `${field.label}：${message}` }]
  const empty = value === undefined || (typeof value === 'string' ? value.trim() === '' : value.length === 0)
  if (empty) return field.required ? problem(field.type === 'files' ? '请上传' : '必填') : []
  if (field.type === 'files') return Array.isArray(value) ? [] : problem('应为文件')
  if (typeof value !== 'string') return problem('格式不对')
  if (field.choices && !field.choices.some((choice) => choice.value === value)) return problem('没有这个选项')
  if (field.maxLength && [...value].length > field.maxLength) return problem(`最多 ${field.maxLength} 字`)
  return []
}

function checkFields(fields: readonly AppealField[], values: AppealFieldValues): AppealProblem[] {
  const unknown = Object.keys(values).filter((name) => !fields.some((field) => field.name === name))
  return [
    ...unknown.map((name) => ({ field: name, message: `不认识的字段：${name}` })),
    ...fields.flatMap((field) => checkField(field, values[field.name])),
  ]
}

/**
 * What is wrong with what an appeal is to be filed with; nothing when all is well. That a rating is mistaken or
 * malicious must be shown, not only said (P9).
 */
export function checkAppealFiling(values: AppealFieldValues): AppealProblem[] {
  const problems = checkFields(APPEAL_FILING, values)
  const shown = Array.isArray(values.evidence) && values.evidence.length > 0
  if (!shown && (values.claim === 'mistaken' || values.claim === 'malicious'))
    problems.push({ field: 'evidence', message: '证据材料：主张误评或恶意差评的，至少上传一份证据。' })
  return problems
}

const refusal = (message: string): AppealStep => ({ ok: false, problems: [{ message }] })

/** Why an event that fits the state may still not happen: who was not heard, or came too late; null when it may. */
function guarded(facts: AppealFacts, event: AppealEvent, actor: AppealActor, now: string): string | null {
  if (event === 'citizen_answer') {
    if (facts.citizenHeard) return '您已经说明过了，审理时会看到。'
    if (now > facts.answerUntil) return '说明情况的期限已过。'
  }
  if ((event === 'decide' || event === 'reexamine') && !facts.citizenHeard && now <= facts.answerUntil)
    return '评价人还没有说明情况，说明期限也没有到，暂时不能决定。'
  if (event === 'request_reexamination') {
    if (facts.reexamineUntil === null || now > facts.reexamineUntil)
      return '申请复核的期限已过，决定已经生效。'
    if (!hasLost(facts, actor)) return '决定没有驳回您的主张，不需要申请复核。'
  }
  if (event === 'become_final' && facts.reexamineUntil !== null && now <= facts.reexamineUntil)
    return '申请复核的期限还没有到。'
  return null
}

/** Whether a decision leaves somebody something to ask for: the citizen, that the rating counts; the appellant, what they claimed. */
function hasLost({ outcome, claim }: AppealFacts, actor: AppealActor): boolean {
  if (outcome === null) return false
  if (actor === 'citizen') return outcome !== 'upheld'
  return outcome === 'upheld' || (outcome === 'partly' && claim !== 'partly')
}

/**
 * Applies an event to an appeal.
 *
 * @param now the moment it happens (ISO), for the guards: nothing is decided before the citizen was heard or had the
 * time for it, nothing re-examined that was not asked for in time
 * @returns where it leads, or every reason why it may not happen
 * @example applyAppealEvent(facts, 'decide', 'decider', { outcome: 'upheld', reason: '…' }, now)
 */
export function applyAppealEvent(
  facts: AppealFacts,
  event: AppealEvent,
  actor: AppealActor,
  values: AppealFieldValues,
  now: string,
): AppealStep {
  const rule = appealEventRule(event)
  if (!rule.actors.includes(actor)) return refusal(`不能“${rule.label}”。`)
  if (!rule.from.includes(facts.state))
    return refusal(`申诉现在是“${APPEAL_STATES[facts.state]}”，不能“${rule.label}”。`)
  const stopped = guarded(facts, event, actor, now)
  if (stopped) return refusal(stopped)
  const problems = checkFields(rule.fields, values)
  if (problems.length > 0) return { ok: false, problems }
  const decision = isAppealOutcome(values.outcome) ? values.outcome : null
  const again = event === 'request_reexamination'
  return {
    ok: true,
    state: rule.to === 'same' ? facts.state : rule.to,
    stage: stageAfter(facts, event),
    outcome: decision ?? facts.outcome,
    citizenHeard: again ? actor === 'citizen' : facts.citizenHeard || event === 'citizen_answer',
  }
}
