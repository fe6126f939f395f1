import { type CaseEvent, caseEventRule, caseEvents } from './case-events.ts'
import {
  afterContact,
  allCalledBack,
  type CaseFacts,
  contactable,
  offered,
  refusalOf,
} from './case-guards.ts'
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
  rejected: false,
  transferRefused: false,
  asked: false,
  extensionPending: false,
  coReported: [],
  coWaived: false,
} as const satisfies Partial<CaseFacts>

const without = (all: readonly string[], one: string) => all.filter((each) => each !== one)

/** What an event changes in who handles the case together. `about` is the organisation it is about. */
function together(event: CaseEvent, facts: CaseFacts, about: string): Partial<CaseFacts> {
  const { coHandlers, coReported } = facts
  const parted = { coHandlers: without(coHandlers, about), coReported: without(coReported, about) }
  switch (event) {
    case 'add_co_handler':
      // What the lead would not wait for were the reports of those before.
      return { coHandlers: [...parted.coHandlers, about].sort(), coWaived: false }
    case 'co_report':
      return { coReported: [...parted.coReported, about].sort() }
    case 'remove_co_handler':
    case 'direct_again':
      return parted
    case 'accept_transfer':
      return { ...parted, coWaived: false }
    default:
      return {}
  }
}

/** What an event changes besides the state. */
function changes(event: CaseEvent, facts: CaseFacts, values: CaseFieldValues): Partial<CaseFacts> {
  switch (event) {
    case 'record_contact':
      return { persons: afterContact(facts, values) }
    case 'go_on_without':
      return { coWaived: true }
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

/** Nobody has been called back in a round that begins. */
const uncalled = ({ persons }: CaseFacts) =>
  persons.map((person) => ({ ...person, contacted: false, attempts: 0 }))

function after(
  event: CaseEvent,
  rule: CaseEventRule,
  facts: CaseFacts,
  values: CaseFieldValues,
  about: string | undefined,
): CaseFacts {
  if (rule.newRound)
    return {
      ...facts,
      ...FRESH,
      persons: uncalled(facts),
      state: rule.to as CaseState,
      round: facts.round + 1,
    }
  const changed = {
    ...facts,
    ...changes(event, facts, values),
    ...(about !== undefined && together(event, facts, about)),
  }
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
const awaited = (key: CaseClockKey, facts: CaseFacts) => key !== 'contact' || !allCalledBack(facts)

/** The first contact is made once everybody who is to be called was tried. */
const settled = (key: CaseClockKey, event: CaseEvent, facts: CaseFacts) =>
  key !== 'contact' || event !== 'record_contact' || contactable(facts).every((person) => person.attempts > 0)

/**
 * Applies an event to a case.
 *
 * @returns the facts and clocks after it, or every reason why not: the event does not fit the state, a field is
 * missing or wrong, or a guard that can be told from the case alone does not hold (a real-name case was not called
 * back before the reply, R20)
 * @param about the organisation that is added, removed, given the case, or reports; left out where that is only asked
 * whether the event may happen
 * @example applyCaseEvent(facts, 'sign', { verifier: id }) // { ok: true, facts: { state: 'verifying', … }, … }
 */
export function applyCaseEvent(
  facts: CaseFacts,
  event: CaseEvent,
  values: CaseFieldValues,
  about?: string,
): CaseStep {
  const rule = caseEventRule(event)
  if (!rule.from.includes(facts.state))
    return {
      ok: false,
      problems: [{ message: `差评件现在是“${CASE_STATES[facts.state]}”，不能“${rule.label}”。` }],
    }
  const problems = rule.fields.flatMap((field) => checkField(field, values[field.name]))
  const unknown = Object.keys(values).filter((name) => !rule.fields.some((field) => field.name === name))
  for (const name of unknown) problems.push({ field: name, message: `不认识的字段：${name}` })
  const refused = refusalOf(rule.guards ?? [], facts, values)
  if (refused)
    problems.push({ ...(refused.field && { field: refused.field }), message: refused.refusal ?? '' })
  if (problems.length > 0) return { ok: false, problems }
  const next = after(event, rule, facts, values, about)
  const { starts = [], pauses = [], resumes = [], stops = [] } = rule
  return {
    ok: true,
    facts: next,
    outcome: outcomeOf(event, next),
    clocks: {
      stops: stops.filter((key) => settled(key, event, next)),
      pauses,
      resumes,
      starts: starts.filter((key) => awaited(key, next)),
    },
  }
}
