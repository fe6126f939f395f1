import { type CaseEvent, caseEventRule } from './case-events.ts'
import type { CaseFacts, CasePerson } from './case-guards.ts'
import { applyCaseEvent, type CaseFieldValues } from './case-machine.ts'
import type { CaseField } from './case-states.ts'

// What the tests of the table walk it with.

/** Somebody who left a name and was not called yet. */
export const person = (id: string, more: Partial<CasePerson> = {}): CasePerson => ({
  id,
  doNotContact: false,
  contacted: false,
  attempts: 0,
  ...more,
})

/** A case that was just opened by somebody who left a name. */
export const opened = (more: Partial<CaseFacts> = {}): CaseFacts => ({
  state: 'to_sign',
  returnsTo: null,
  round: 1,
  persons: [person('first')],
  doNotContact: false,
  attemptsNeeded: 2,
  rejected: false,
  transferRefused: false,
  asked: false,
  extensionPending: false,
  coHandlers: [],
  coReported: [],
  coWaived: false,
  ...more,
})

const goodValue = (field: CaseField): string | string[] => {
  if (field.type === 'files') return ['0b9a8f3e-0000-4000-8000-000000000000']
  if (field.type === 'date') return '2026-12-01'
  if (field.type === 'time') return '09:30'
  if (field.type === 'evaluator') return 'first'
  return field.choices?.[0]?.value ?? '已核实'
}
/** Everything an event demands. */
export const goodValues = (event: CaseEvent): CaseFieldValues =>
  Object.fromEntries(caseEventRule(event).fields.map((field) => [field.name, goodValue(field)]))

/** What a step gives with everything that is demanded. */
export const step = (facts: CaseFacts, event: CaseEvent, values = goodValues(event)) =>
  applyCaseEvent(facts, event, values)
/** Goes through events that must all be possible. */
export function walk(facts: CaseFacts, ...events: CaseEvent[]) {
  let [now, outcome] = [facts, null as string | null]
  for (const event of events) {
    const next = step(now, event)
    if (!next.ok) throw new Error(`${event}: ${next.problems[0]?.message}`)
    now = next.facts
    outcome = next.outcome
  }
  return { ...now, outcome }
}
