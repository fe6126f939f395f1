import { type CaseEvent, caseEventRule } from './case-events.ts'
import type { CaseFacts } from './case-guards.ts'
import type { CaseFieldValues } from './case-machine.ts'
import type { CaseField } from './case-states.ts'

// What the tests of the table walk it with.

/** A case that was just opened. */
export const opened = (more: Partial<CaseFacts> = {}): CaseFacts => ({
  state: 'to_sign',
  returnsTo: null,
  round: 1,
  realName: true,
  doNotContact: false,
  contacted: false,
  attempts: 0,
  attemptsNeeded: 2,
  rejected: false,
  transferRefused: false,
  asked: false,
  extensionPending: false,
  ...more,
})

const goodValue = (field: CaseField): string | string[] => {
  if (field.type === 'files') return ['0b9a8f3e-0000-4000-8000-000000000000']
  if (field.type === 'date') return '2026-12-01'
  if (field.type === 'time') return '09:30'
  return field.choices?.[0]?.value ?? '已核实'
}
/** Everything an event demands. */
export const goodValues = (event: CaseEvent): CaseFieldValues =>
  Object.fromEntries(caseEventRule(event).fields.map((field) => [field.name, goodValue(field)]))
