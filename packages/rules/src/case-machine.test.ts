import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CASE_EVENTS, type CaseEvent, caseEventRule, caseEvents, isCaseEvent } from './case-events.ts'
import { CASE_GUARDS, type CaseFacts } from './case-guards.ts'
import { allowedEvents, applyCaseEvent, type CaseFieldValues } from './case-machine.ts'
import {
  CASE_ACTORS,
  CASE_CLOCKS,
  CASE_STATES,
  type CaseActor,
  type CaseField,
  type CaseState,
  MAIN_CLOCK,
} from './case-states.ts'
import { goodValues, opened } from './case-walk.fixture.ts'

const STATES = Object.keys(CASE_STATES) as CaseState[]
const ACTORS = Object.keys(CASE_ACTORS) as CaseActor[]
const TYPES: CaseField['type'][] = ['text', 'date', 'time', 'choice', 'files', 'person', 'organization']

const step = (facts: CaseFacts, event: CaseEvent, values = goodValues(event)) =>
  applyCaseEvent(facts, event, values)
/** Goes through events that must all be possible. */
function walk(facts: CaseFacts, ...events: CaseEvent[]) {
  let [now, outcome] = [facts, null as string | null]
  for (const event of events) {
    const next = step(now, event)
    if (!next.ok) throw new Error(`${event}: ${next.problems[0]?.message}`)
    now = next.facts
    outcome = next.outcome
  }
  return { ...now, outcome }
}
const randomFacts: fc.Arbitrary<CaseFacts> = fc.record({
  state: fc.constantFrom(...STATES),
  returnsTo: fc.constantFrom(null, 'verifying' as const, 'to_sign' as const),
  round: fc.integer({ min: 1, max: 5 }),
  realName: fc.boolean(),
  doNotContact: fc.boolean(),
  contacted: fc.boolean(),
  attempts: fc.integer({ min: 0, max: 4 }),
  attemptsNeeded: fc.integer({ min: 1, max: 3 }),
  rejected: fc.boolean(),
  transferRefused: fc.boolean(),
  asked: fc.boolean(),
  extensionPending: fc.boolean(),
})
/** Facts under which an event is possible, as far as guards are concerned. */
const fitFor = (event: CaseEvent): CaseFacts =>
  opened({
    state: caseEventRule(event).from[0]!,
    contacted: true,
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
    const facts = opened({ state: 'feeding_back', contacted: true })
    expect(step(facts, 'reply', { reply: '𠮷'.repeat(1000) }).ok).toBe(true)
    expect(step(facts, 'reply', { reply: '𠮷'.repeat(1001) }).ok).toBe(false)
  })
})

describe('a negative rating', () => {
  const fixed: CaseEvent[] = ['sign', 'record_contact', 'fix_now', 'complete', 'reply']
  const rejected: CaseEvent[] = ['sign', 'record_contact', 'propose_rejection', 'confirm_rejection', 'reply']
  const missed = (facts: CaseFacts) => {
    const next = step(facts, 'record_contact', { ...goodValues('record_contact'), result: 'not_reached' })
    if (!next.ok) throw new Error(next.problems[0]?.message)
    return next.facts
  }

  it('R20, Q69: by a real-name evaluator must be called back before the reply', () => {
    const at = walk(opened(), 'sign', 'explain', 'explained')
    expect(step(at, 'reply')).toEqual({ ok: false, problems: [{ message: expect.stringContaining('回访') }] })
    expect(walk(at, 'record_contact', 'reply').state).toBe('resurvey')
  })

  it('R20: is called back when the citizen was spoken to, or tried as often as one day allows', () => {
    const at = walk(opened(), 'sign', 'explain', 'explained')
    const once = missed(at)
    expect(once).toMatchObject({ attempts: 1, contacted: false })
    expect(step(once, 'reply').ok).toBe(false)
    expect(missed(once)).toMatchObject({ attempts: 2, contacted: true })
    const declined = step(at, 'record_contact', { ...goodValues('record_contact'), result: 'declined' })
    expect(declined.ok && declined.facts.contacted).toBe(true)
  })

  it('R17: must be called back again after the citizen said that it is not solved', () => {
    const again = walk(opened(), ...fixed, 'answer_unsolved', 'direct_again', 'sign', 'fix_now', 'complete')
    expect(again).toMatchObject({ round: 2, contacted: false, attempts: 0 })
    expect(step(again, 'reply').ok).toBe(false)
  })

  it('R20: whose evaluator does not want to be contacted is not called, and none else need be', () => {
    const facts = opened({ doNotContact: true })
    expect(walk(facts, 'sign', 'fix_now', 'complete', 'reply').state).toBe('resurvey')
    const refused = step(walk(facts, 'sign'), 'record_contact')
    expect(refused).toEqual({ ok: false, problems: [{ message: expect.stringContaining('不愿被联系') }] })
    expect(allowedEvents({ ...facts, state: 'verifying' }, 'handler')).not.toContain('record_contact')
    expect(walk(opened({ realName: false }), 'sign', 'fix_now', 'complete', 'reply').state).toBe('resurvey')
  })

  it('R16: ends as the citizen says, as nobody says, or as not adopted', () => {
    expect(walk(opened(), ...fixed, 'answer_solved').outcome).toBe('solved')
    expect(walk(opened(), ...fixed, 'close_unanswered').outcome).toBe('no_answer')
    expect(walk(opened(), ...rejected, 'answer_solved').outcome).toBe('not_adopted')
    expect(walk(opened(), ...rejected, 'close_unanswered').outcome).toBe('not_adopted')
    const again = walk(opened(), ...rejected, 'object_rejection', 'direct_again', ...fixed)
    expect(again.rejected).toBe(false)
    expect(walk(again, 'answer_solved').outcome).toBe('solved')
    expect(walk(opened(), 'sign', 'propose_rejection', 'refuse_rejection')).toMatchObject({
      state: 'verifying',
      rejected: false,
    })
  })

  it('Q62: is passed on by the level above only, and asked for once a round', () => {
    const asked = walk(opened(), 'sign', 'propose_transfer')
    expect(walk(asked, 'accept_transfer')).toMatchObject({ state: 'to_sign', returnsTo: null })
    const refused = walk(asked, 'refuse_transfer')
    expect(refused).toMatchObject({ state: 'verifying', transferRefused: true })
    expect(step(refused, 'propose_transfer').ok).toBe(false)
    expect(walk(opened(), 'propose_transfer', 'refuse_transfer').state).toBe('to_sign')
  })

  it('Q65: promised by a day gets a later one only by approval, one request at a time', () => {
    const promised = walk(opened(), 'sign', 'promise')
    expect(step(promised, 'approve_extension').ok).toBe(false)
    const asked = walk(promised, 'request_extension')
    expect(step(asked, 'request_extension').ok).toBe(false)
    for (const decision of ['approve_extension', 'refuse_extension'] as const)
      expect(walk(asked, decision)).toMatchObject({ state: 'promised', extensionPending: false })
    expect(walk(asked, 'complete')).toMatchObject({ state: 'feeding_back', extensionPending: false })
  })

  it('lets the citizen be asked once a round, and goes back to where it stood', () => {
    const asked = walk(opened(), 'sign', 'explain', 'ask_citizen')
    for (const end of ['citizen_supplied', 'resume_unanswered'] as const)
      expect(walk(asked, end)).toMatchObject({ state: 'explaining', returnsTo: null })
    expect(step(walk(asked, 'citizen_supplied'), 'ask_citizen').ok).toBe(false)
  })

  it('R18: found unsolved by inspection begins again, also when it was closed', () => {
    const closed = walk(opened(), ...fixed, 'answer_solved')
    expect(walk(closed, 'reopen_by_inspection')).toMatchObject({ state: 'reopened', round: 2, outcome: null })
  })
})
