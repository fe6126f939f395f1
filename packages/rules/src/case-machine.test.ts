import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allowedEvents,
  applyCaseEvent,
  CASE_CLOCKS,
  CASE_EVENTS,
  CASE_OUTCOMES,
  CASE_STATES,
  type CaseActor,
  type CaseEvent,
  type CaseFacts,
  type CaseField,
  type CaseFieldValues,
  type CaseState,
  caseEventRule,
  isCaseEvent,
} from './case-machine.ts'

const STATES = Object.keys(CASE_STATES) as CaseState[]
const EVENTS = Object.keys(CASE_EVENTS) as CaseEvent[]
const ACTORS: CaseActor[] = ['handler', 'management', 'citizen', 'system']

const opened = (more: Partial<CaseFacts> = {}): CaseFacts => ({
  state: 'to_sign',
  round: 1,
  realName: true,
  doNotContact: false,
  contacted: false,
  rejected: false,
  ...more,
})

const goodValue = (field: CaseField): string | string[] => {
  if (field.type === 'files') return ['0b9a8f3e-0000-4000-8000-000000000000']
  if (field.type === 'date') return '2026-12-01'
  return field.choices?.[0]?.value ?? '已核实'
}
/** Everything an event demands. */
const goodValues = (event: CaseEvent): CaseFieldValues =>
  Object.fromEntries(caseEventRule(event).fields.map((field) => [field.name, goodValue(field)]))

const step = (facts: CaseFacts, event: CaseEvent, values = goodValues(event)) =>
  applyCaseEvent(facts, event, values)
/** Goes through events that must all be possible. */
function walk(facts: CaseFacts, ...events: CaseEvent[]) {
  let now = { ...facts, outcome: null as string | null }
  for (const event of events) {
    const next = step(now, event)
    if (!next.ok) throw new Error(`${event}: ${next.problems[0]?.message}`)
    now = { ...now, ...next }
  }
  return now
}
const randomFacts: fc.Arbitrary<CaseFacts> = fc.record({
  state: fc.constantFrom(...STATES),
  round: fc.integer({ min: 1, max: 5 }),
  realName: fc.boolean(),
  doNotContact: fc.boolean(),
  contacted: fc.boolean(),
  rejected: fc.boolean(),
})

describe('the table of a case', () => {
  it('names only states there are, and each state has a name and says which clock runs', () => {
    expect(Object.keys(CASE_CLOCKS).sort()).toEqual([...STATES].sort())
    for (const event of EVENTS) {
      const rule = caseEventRule(event)
      expect(rule.from.length, event).toBeGreaterThan(0)
      for (const state of rule.from) expect(STATES, event).toContain(state)
      if (rule.to !== 'same') expect(STATES, event).toContain(rule.to)
      expect(rule.label, event).toMatch(/[\u4e00-\u9fff]/)
    }
    for (const name of Object.values(CASE_STATES)) expect(name).toMatch(/[\u4e00-\u9fff]/)
  })

  it('gives every event one actor, and a name, a type and choices to every field', () => {
    for (const event of EVENTS) {
      const rule = caseEventRule(event)
      expect(ACTORS).toContain(rule.actor)
      for (const field of rule.fields) {
        expect(field.label).toMatch(/[\u4e00-\u9fff]/)
        if (field.type === 'choice') expect(field.choices?.length).toBeGreaterThan(0)
        if (field.type === 'text') expect(field.maxLength).toBeGreaterThan(0)
      }
      const names = rule.fields.map((field) => field.name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('lets every state be reached from the first, and the end from every state', () => {
    const next = (state: CaseState) =>
      EVENTS.map(caseEventRule).flatMap((rule) =>
        rule.from.includes(state) && rule.to !== 'same' ? [rule.to] : [],
      )
    const reach = (from: CaseState) => {
      const seen = new Set([from])
      for (const state of seen) for (const to of next(state)) seen.add(to)
      return seen
    }
    expect([...reach('to_sign')].sort()).toEqual([...STATES].sort())
    for (const state of STATES) expect(reach(state), state).toContain('closed')
  })

  it('lets nobody move a closed case, and somebody every other, with a clock that runs meanwhile', () => {
    for (const state of STATES) {
      const movers = ACTORS.flatMap((actor) => allowedEvents(state, actor))
      expect(movers.length > 0, state).toBe(state !== 'closed')
      expect(CASE_CLOCKS[state] === null, state).toBe(state === 'closed')
    }
  })

  it('offers an actor exactly the events that are theirs and fit the state', () => {
    for (const state of STATES)
      for (const actor of ACTORS)
        expect(allowedEvents(state, actor)).toEqual(
          EVENTS.filter((event) => {
            const rule = caseEventRule(event)
            return rule.actor === actor && rule.from.includes(state)
          }),
        )
  })

  it('leaves the confirmation of a rejection to the management body, the answer to the citizen, silence to the clock', () => {
    expect(caseEventRule('confirm_rejection').actor).toBe('management')
    expect(caseEventRule('refuse_rejection').actor).toBe('management')
    expect(allowedEvents('resurvey', 'citizen')).toEqual(['answer_solved', 'answer_unsolved'])
    expect(allowedEvents('resurvey', 'system')).toEqual(['close_unanswered'])
    expect(allowedEvents('resurvey', 'handler')).toEqual([])
    expect(allowedEvents('rejection_proposed', 'handler')).toEqual([])
  })

  it('knows its events by name and nothing else', () => {
    for (const event of EVENTS) expect(isCaseEvent(event)).toBe(true)
    for (const text of ['', 'toString', '__proto__', 'constructor', 'Sign'])
      expect(isCaseEvent(text)).toBe(false)
  })
})

describe('a step of a case', () => {
  it('is refused in words, and changes nothing, when the event does not fit the state', () => {
    fc.assert(
      fc.property(randomFacts, fc.constantFrom(...EVENTS), (facts, event) => {
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
          expect(result.state).toBe(to === 'same' ? facts.state : to)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('demands each required field by name, all at once', () => {
    for (const event of EVENTS) {
      const rule = caseEventRule(event)
      const facts = opened({ state: rule.from[0]!, contacted: true })
      const required = rule.fields.filter((field) => field.required).map((field) => field.name)
      for (const empty of [undefined, '', '  \n']) {
        const values = Object.fromEntries(rule.fields.map((field) => [field.name, empty]))
        const result = step(facts, event, values)
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
    for (const event of EVENTS) {
      const facts = opened({ state: caseEventRule(event).from[0]!, contacted: true })
      const result = step(facts, event, { ...goodValues(event), outcome: 'solved' })
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
    ['record_contact', 'note', '记'.repeat(1001)],
    ['answer_solved', 'surveyLevel', 'unsatisfied'],
  ])('%s is refused with %s = %j', (event, field, value) => {
    const facts = opened({ state: caseEventRule(event).from[0]!, contacted: true })
    const result = step(facts, event, { ...goodValues(event), [field]: value })
    expect(!result.ok && result.problems.map((p) => p.field)).toEqual([field])
  })

  it('counts characters as people do: a thousand outside the basic plane are a thousand', () => {
    const facts = opened({ state: 'feeding_back', contacted: true })
    expect(step(facts, 'reply', { reply: '𠮷'.repeat(1000) }).ok).toBe(true)
    expect(step(facts, 'reply', { reply: '𠮷'.repeat(1001) }).ok).toBe(false)
  })
})

describe('a negative rating', () => {
  it('by a real-name evaluator must be called back before the reply (R20)', () => {
    const at = walk(opened(), 'sign', 'explain', 'explained')
    expect(step(at, 'reply')).toEqual({ ok: false, problems: [{ message: expect.stringContaining('回访') }] })
    expect(walk(at, 'record_contact', 'reply').state).toBe('resurvey')
  })

  it('must be called back again after the citizen said that it is not solved', () => {
    const again = walk(
      opened(),
      'sign',
      'record_contact',
      'fix_now',
      'complete',
      'reply',
      'answer_unsolved',
      'fix_now',
      'complete',
    )
    expect(again).toMatchObject({ round: 2, contacted: false })
    expect(step(again, 'reply').ok).toBe(false)
  })

  it.each([{ realName: false }, { doNotContact: true }])('needs no call-back with %j', (more) => {
    expect(walk(opened(more), 'sign', 'fix_now', 'complete', 'reply').state).toBe('resurvey')
  })

  it('ends as the citizen says, as nobody says, or as not adopted', () => {
    const rejected: CaseEvent[] = [
      'sign',
      'record_contact',
      'propose_rejection',
      'confirm_rejection',
      'reply',
    ]
    const fixed: CaseEvent[] = ['sign', 'record_contact', 'promise', 'complete', 'reply']
    expect(walk(opened(), ...fixed, 'answer_solved').outcome).toBe('solved')
    expect(walk(opened(), ...fixed, 'close_unanswered').outcome).toBe('no_answer')
    expect(walk(opened(), ...rejected, 'answer_solved').outcome).toBe('not_adopted')
    expect(walk(opened(), ...rejected, 'close_unanswered').outcome).toBe('not_adopted')
    const reopened = walk(opened(), ...rejected, 'answer_unsolved', 'record_contact', 'fix_now', 'complete')
    expect(reopened.rejected).toBe(false)
    expect(walk(reopened, 'reply', 'answer_solved').outcome).toBe('solved')
    expect(walk(opened(), 'sign', 'propose_rejection', 'refuse_rejection')).toMatchObject({
      state: 'verifying',
      rejected: false,
    })
  })

  it('on no walk, however long, closes unanswered, is replied to unheard, or is dropped without confirmation', () => {
    const walks = fc.record({
      facts: fc.record({ realName: fc.boolean(), doNotContact: fc.boolean() }).map((more) => opened(more)),
      events: fc.array(fc.constantFrom(...EVENTS), { minLength: 40, maxLength: 120, size: 'max' }),
    })
    const ends = new Set<string>()
    fc.assert(
      fc.property(walks, ({ facts, events }) => {
        let now = facts
        let round: CaseEvent[] = []
        for (const event of events) {
          const next = step(now, event)
          if (!next.ok) continue
          expect(now.state).not.toBe('closed')
          round.push(event)
          const had = (e: CaseEvent) => round.includes(e)
          if (event === 'reply' && now.realName && !now.doNotContact) expect(had('record_contact')).toBe(true)
          if (event === 'reply')
            expect(had('complete') || had('explained') || had('confirm_rejection')).toBe(true)
          expect(next.contacted).toBe(event !== 'answer_unsolved' && had('record_contact'))
          expect(next.rejected).toBe(event !== 'answer_unsolved' && had('confirm_rejection'))
          expect(next.outcome === null).toBe(next.state !== 'closed')
          if (next.state === 'closed') {
            expect(had('reply')).toBe(true)
            expect(next.outcome === 'not_adopted').toBe(had('confirm_rejection'))
            expect(Object.keys(CASE_OUTCOMES)).toContain(next.outcome)
            ends.add(next.outcome!)
          }
          expect(next.round).toBe(now.round + (event === 'answer_unsolved' ? 1 : 0))
          // After a reopening the case stands at 'verifying' with its signature, and nothing else of the last round.
          if (event === 'answer_unsolved') round = []
          now = { ...now, ...next }
        }
      }),
      { numRuns: 2000 },
    )
    expect([...ends].sort()).toEqual(['no_answer', 'not_adopted', 'solved'])
  })
})
