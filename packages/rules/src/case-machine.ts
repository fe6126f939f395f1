import { type CaseEvent, caseEventRule, caseEvents } from './case-events.ts'
import { afterContact, type CaseFacts, contactable, offered, refusalOf } from './case-guards.ts'
import {
  CASE_STATES,
  type CaseActor,
  type CaseClockKey,
  type CaseEventRule,
  type CaseField,
  type CaseOutcome,
  type CaseState,
} from './case-states.ts'

/** Values of the fields: text, a date 'YYYY-MM-DD', a time 'HH:MM', a choice, an id, or ids of files. */
export type CaseFieldValues = Readonly<Record<string, string | readonly string[] | undefined>>

export interface CaseProblem {
  field?: string
  message: string
}

/** What an event does to the clocks: first some stop, pause or go on, then others start. */
export interface ClockMoves {
  stops: readonly CaseClockKey[]
  pauses: readonly CaseClockKey[]
  resumes: readonly CaseClockKey[]
  starts: readonly CaseClockKey[]
}

/** Where an event leads, or why it may not happen. */
export type CaseStep =
  | { ok: true; facts: CaseFacts; outcome: CaseOutcome | null; clocks: ClockMoves }
  | { ok: false; problems: CaseProblem[] }

/** The events an actor may start as a case stands. */
export const allowedEvents = (facts: CaseFacts, actor: CaseActor): CaseEvent[] =>
  caseEvents.filter((event) => {
    const rule = caseEventRule(event)
    return rule.actors.includes(actor) && rule.from.includes(facts.state) && offered(rule.guards ?? [], facts)
  })

/** A day that exists, 'YYYY-MM-DD'. */
function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)

function checkField(field: CaseField, value: string | readonly string[] | undefined): CaseProblem[] {
  const problem = (message: string) => [{ field: field.name, message: `${field.label}：${message}` }]
  const empty = value === undefined || (typeof value === 'string' ? value.trim() === '' : value.length === 0)
  if (empty) return field.required ? problem(field.type === 'files' ? '请上传' : '必填') : []
  if (field.type === 'files') return Array.isArray(value) ? [] : problem('应为文件')
  if (typeof value !== 'string') return problem('格式不对')
  if (field.type === 'date' && !isDate(value)) return problem('应为日期')
  if (field.type === 'time' && !isTime(value)) return problem('应为时间，如 09:30')
  if (field.choices && !field.choices.some((choice) => choice.value === value)) return problem('没有这个选项')
  if (field.maxLength && [...value].length > field.maxLength) return problem(`最多 ${field.maxLength} 字`)
  return []
}

/** What no longer counts once a round has been found not to hold. */
const FRESH = {
  returnsTo: null,
  contacted: false,
  attempts: 0,
  rejected: false,
  transferRefused: false,
  asked: false,
  extensionPending: false,
} as const satisfies Partial<CaseFacts>

/** What an event changes besides the state. */
function changes(event: CaseEvent, facts: CaseFacts, values: CaseFieldValues): Partial<CaseFacts> {
  switch (event) {
    case 'record_contact':
      return afterContact(facts, values)
    case 'ask_citizen':
      return { returnsTo: facts.state, asked: true }
    case 'propose_transfer':
      return { returnsTo: facts.state }
    case 'refuse_transfer':
      return { transferRefused: true }
    case 'accept_transfer':
      return { returnsTo: null }
    case 'confirm_rejection':
      return { rejected: true }
    case 'request_extension':
      return { extensionPending: true }
    case 'approve_extension':
    case 'refuse_extension':
    case 'complete':
      return { extensionPending: false }
    default:
      return {}
  }
}

function after(event: CaseEvent, rule: CaseEventRule, facts: CaseFacts, values: CaseFieldValues): CaseFacts {
  if (rule.newRound) return { ...facts, ...FRESH, state: rule.to as CaseState, round: facts.round + 1 }
  const changed = { ...facts, ...changes(event, facts, values) }
  if (rule.to === 'same') return changed
  if (rule.to === 'back') return { ...changed, state: facts.returnsTo ?? 'verifying', returnsTo: null }
  return { ...changed, state: rule.to }
}

function outcomeOf(event: CaseEvent, { state, rejected }: CaseFacts): CaseOutcome | null {
  if (state !== 'closed') return null
  if (rejected) return 'not_adopted'
  return event === 'answer_solved' || event === 'record_solved' ? 'solved' : 'no_answer'
}

/** A call-back is waited for only where there is one to be made. */
const awaited = (key: CaseClockKey, facts: CaseFacts) =>
  key !== 'contact' || (contactable(facts) && !facts.contacted)

/**
 * Applies an event to a case.
 *
 * @returns the facts and clocks after it, or every reason why not: the event does not fit the state, a field is
 * missing or wrong, or a guard that can be told from the case alone does not hold (a real-name case was not called
 * back before the reply, R20)
 * @example applyCaseEvent(facts, 'sign', { verifier: id }) // { ok: true, facts: { state: 'verifying', … }, … }
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
  const refusal = refusalOf(rule.guards ?? [], facts)
  if (refusal) problems.push({ message: refusal })
  if (problems.length > 0) return { ok: false, problems }
  const next = after(event, rule, facts, values)
  const { starts = [], pauses = [], resumes = [], stops = [] } = rule
  return {
    ok: true,
    facts: next,
    outcome: outcomeOf(event, next),
    clocks: { stops, pauses, resumes, starts: starts.filter((key) => awaited(key, next)) },
  }
}
