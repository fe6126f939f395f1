import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CASE_EVENTS, type CaseEvent, caseEventRule, caseEvents, isCaseEvent } from './case-events.ts'
import { CASE_GUARDS, type CaseFacts } from './case-guards.ts'
import { allowedEvents, type CaseFieldValues } from './case-machine.ts'
import {
  CASE_ACTORS,
  CASE_CLOCKS,
  CASE_STATES,
  type CaseActor,
  type CaseField,
  type CaseState,
  MAIN_CLOCK,
} from './case-states.ts'
import { goodValues, opened, person, step } from './case-walk.fixture.ts'

const STATES = Object.keys(CASE_STATES) as CaseState[]
const ACTORS = Object.keys(CASE_ACTORS) as CaseActor[]
const TYPES: CaseField['type'][] = [
  'text',
  'date',
  'time',
  'choice',
  'files',
  'person',
  'organization',
  'evaluator',
]

const randomFacts: fc.Arbitrary<CaseFacts> = fc.record({
  state: fc.constantFrom(...STATES),
  returnsTo: fc.constantFrom(null, 'verifying' as const, 'to_sign' as const),
  round: fc.integer({ min: 1, max: 5 }),
  persons: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('first', 'second', 'third'),
      doNotContact: fc.boolean(),
      contacted: fc.boolean(),
      attempts: fc.integer({ min: 0, max: 4 }),
    }),
    { selector: ({ id }) => id },
  ),
  doNotContact: fc.boolean(),
  attemptsNeeded: fc.integer({ min: 1, max: 3 }),
  rejected: fc.boolean(),
  transferRefused: fc.boolean(),
  asked: fc.boolean(),
  extensionPending: fc.boolean(),
  coHandlers: fc.subarray(['/a/', '/b/']),
  coReported: fc.subarray(['/a/', '/b/']),
  coWaived: fc.boolean(),
})
/** Facts under which an event is possible, as far as guards are concerned. */
const fitFor = (event: CaseEvent): CaseFacts =>
  opened({
    state: caseEventRule(event).from[0]!,
    persons: [person('first', { contacted: true })],
    coHandlers: event === 'go_on_without' || event === 'remove_co_handler' ? ['/a/'] : [],
    extensionPending: event === 'approve_extension' || event === 'refuse_extension',
    rejected: event === 'object_rejection',
  })

describe('the table of a case', () => {
  it('names only states there are, and each state has a name and says which clock runs', () => {
    expect(Object.keys(MAIN_CLOCK).sort()).toEqual([...STATES].sort())
    for (const event of caseEvents) {
      const rule = caseEventRule(event)
      expect(rule.from.length, event).toBeGreaterThan(0)
      for (const state of rule.from) expect(STATES, event).toContain(state)
      if (rule.to !== 'same' && rule.to !== 'back') expect(STATES, event).toContain(rule.to)
      expect(rule.label, event).toMatch(/[\u4e00-\u9fff]/)
      for (const guard of rule.guards ?? [])
        expect(CASE_GUARDS[guard].label, event).toMatch(/[\u4e00-\u9fff]/)
    }
    for (const name of Object.values(CASE_STATES)) expect(name).toMatch(/[\u4e00-\u9fff]/)
  })

  it('gives every event somebody who may, and a name, a type and choices to every field', () => {
    for (const event of caseEvents) {
      const rule = caseEventRule(event)
      expect(rule.actors.length, event).toBeGreaterThan(0)
      for (const actor of rule.actors) expect(ACTORS).toContain(actor)
      for (const field of rule.fields) {
        expect(TYPES).toContain(field.type)
        expect(field.label).toMatch(/[\u4e00-\u9fff]/)
        if (field.type === 'choice') expect(field.choices?.length).toBeGreaterThan(0)
        if (field.type === 'text') expect(field.maxLength).toBeGreaterThan(0)
      }
      const names = rule.fields.map((field) => field.name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('lets every state be reached from the first, and the end from every state', () => {
    const next = (state: CaseState): CaseState[] =>
      caseEvents.map(caseEventRule).flatMap((rule) => {
        if (!rule.from.includes(state) || rule.to === 'same') return []
        return rule.to === 'back' ? ['verifying'] : [rule.to]
      })
    const reach = (from: CaseState) => {
      const seen = new Set([from])
      for (const state of seen) for (const to of next(state)) seen.add(to)
      return seen
    }
    expect([...reach('to_sign')].sort()).toEqual([...STATES].sort())
    for (const state of STATES) expect(reach(state), state).toContain('closed')
  })

  it('lets nothing but inspection and a new complaint move a closed case, and somebody every other, with a clock that runs meanwhile', () => {
    for (const state of STATES) {
      const movers = ACTORS.flatMap((actor) => allowedEvents(opened({ state }), actor))
      if (state === 'closed') expect(movers).toEqual(['reopen_by_inspection', 'reopen_by_source'])
      else expect(movers.length, state).toBeGreaterThan(0)
      expect(MAIN_CLOCK[state] === null, state).toBe(state === 'closed')
    }
  })

  it('starts every clock somewhere, and stops it somewhere', () => {
    for (const key of Object.keys(CASE_CLOCKS)) {
      const starters = caseEvents.filter((event) => caseEventRule(event).starts?.some((k) => k === key))
      const stoppers = caseEvents.filter((event) => caseEventRule(event).stops?.some((k) => k === key))
      expect(starters.length, `${key} starts`).toBeGreaterThan(0)
      expect(stoppers.length, `${key} stops`).toBeGreaterThan(0)
    }
  })

  it('R15, R17, Q68: leaves each decision to who it belongs to', () => {
    const of = (state: CaseState, actor: CaseActor, more: Partial<CaseFacts> = {}) =>
      allowedEvents(opened({ state, ...more }), actor)
    expect(CASE_EVENTS.confirm_rejection.actors).toEqual(['management'])
    expect(CASE_EVENTS.refuse_rejection.actors).toEqual(['management'])
    expect(of('resurvey', 'citizen')).toEqual(['answer_solved', 'note_answer', 'answer_unsolved'])
    expect(of('resurvey', 'citizen', { rejected: true })).toEqual([
      'answer_solved',
      'note_answer',
      'object_rejection',
    ])
    expect(of('resurvey', 'system')).toEqual(['close_unanswered', 'reopen_by_source'])
    expect(of('resurvey', 'handler')).toEqual([])
    expect(of('rejection_proposed', 'handler')).toEqual([])
    expect(of('reopened', 'handler')).toEqual([])
    expect(of('reopened', 'superior')).toEqual(['direct_again'])
    expect(of('transfer_proposed', 'superior')).toEqual(['accept_transfer', 'refuse_transfer'])
  })

  it('knows its events by name and nothing else', () => {
    for (const event of caseEvents) expect(isCaseEvent(event)).toBe(true)
    for (const text of ['', 'toString', '__proto__', 'constructor', 'Sign'])
      expect(isCaseEvent(text)).toBe(false)
  })
})

describe('a step of a case', () => {
  it('is refused in words, and changes nothing, when the event does not fit the state', () => {
    fc.assert(
      fc.property(randomFacts, fc.constantFrom(...caseEvents), (facts, event) => {
        const before = structuredClone(facts)
        const result = step(facts, event)
        expect(facts).toEqual(before)
        if (!caseEventRule(event).from.includes(facts.state))
          expect(result).toEqual({
            ok: false,
            problems: [{ message: expect.stringContaining(CASE_STATES[facts.state]) }],
          })
        else if (result.ok) {
          const { to } = caseEventRule(event)
          if (to === 'same') expect(result.facts.state).toBe(facts.state)
          else if (to === 'back') expect(result.facts.state).toBe(facts.returnsTo ?? 'verifying')
          else expect(result.facts.state).toBe(to)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('demands each required field by name, all at once', () => {
    for (const event of caseEvents) {
      const rule = caseEventRule(event)
      const required = rule.fields.filter((field) => field.required).map((field) => field.name)
      for (const empty of [undefined, '', '  \n']) {
        const values = Object.fromEntries(rule.fields.map((field) => [field.name, empty]))
        const result = step(fitFor(event), event, values)
        if (required.length === 0) expect(result.ok).toBe(true)
        else
          expect(
            !result.ok && result.problems.map((p) => p.field),
            `${event} ${JSON.stringify(empty)}`,
          ).toEqual(required)
      }
    }
  })

  it('refuses a field it does not know, so that nothing is written unseen', () => {
    for (const event of caseEvents) {
      const result = step(fitFor(event), event, { ...goodValues(event), outcome: 'solved' })
      expect(!result.ok && result.problems.map((p) => p.field)).toEqual(['outcome'])
    }
  })

  it.each<[CaseEvent, string, string | string[]]>([
    ['promise', 'promisedOn', '2026-02-30'],
    ['promise', 'promisedOn', '2026-13-01'],
    ['promise', 'promisedOn', '01/12/2026'],
    ['promise', 'promisedOn', ['2026-12-01']],
    ['promise', 'owner', '责'.repeat(51)],
    ['propose_rejection', 'rejectionReason', 'unwelcome'],
    ['propose_rejection', 'evidence', 'not-a-list'],
    ['propose_rejection', 'evidence', []],
    ['record_contact', 'result', ['reached']],
    ['record_contact', 'medium', 'pigeon'],
    ['record_contact', 'contactedAt', '24:00'],
    ['record_contact', 'contactedAt', '9:30'],
    ['record_contact', 'note', '记'.repeat(1001)],
    ['answer_solved', 'surveyLevel', 'unsatisfied'],
    ['reopen_by_inspection', 'falseReport', 'maybe'],
  ])('%s is refused with %s = %j', (event, field, value) => {
    const result = step(fitFor(event), event, { ...goodValues(event), [field]: value } as CaseFieldValues)
    expect(!result.ok && result.problems.map((p) => p.field)).toEqual([field])
  })

  it('counts characters as people do: a thousand outside the basic plane are a thousand', () => {
    const facts = opened({ state: 'feeding_back', persons: [person('first', { contacted: true })] })
    expect(step(facts, 'reply', { reply: '𠮷'.repeat(1000) }).ok).toBe(true)
    expect(step(facts, 'reply', { reply: '𠮷'.repeat(1001) }).ok).toBe(false)
  })
})
