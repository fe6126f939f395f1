import { ANSWER_EVENTS } from './case-events-answer.ts'
import { WORK_EVENTS } from './case-events-work.ts'
import type { CaseEventRule } from './case-states.ts'

/** The whole of it (R14–R20): states × events → target, actors, demanded fields, guards, clocks. */
export const CASE_EVENTS = { ...WORK_EVENTS, ...ANSWER_EVENTS } as const
export type CaseEvent = keyof typeof CASE_EVENTS

/** The table with its common type, for code that walks it. */
export const caseEventRule = (event: CaseEvent): CaseEventRule => CASE_EVENTS[event]
export const isCaseEvent = (text: string): text is CaseEvent => Object.hasOwn(CASE_EVENTS, text)
export const caseEvents = Object.keys(CASE_EVENTS) as CaseEvent[]

/** Events by which the result of a round is found not to hold (R17, R18). */
export const REOPENING_EVENTS: readonly CaseEvent[] = caseEvents.filter(
  (event) => caseEventRule(event).newRound,
)
