import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  APPEAL_EVENTS,
  APPEAL_FILING,
  APPEAL_STATES,
  type AppealActor,
  type AppealEvent,
  type AppealFacts,
  type AppealField,
  type AppealFieldValues,
  type AppealState,
  allowedAppealEvents,
  appealEventRule,
  appealIsOver,
  applyAppealEvent,
  checkAppealFiling,
  isAppealEvent,
} from './appeal-machine.ts'
import { APPEAL_CLAIMS, APPEAL_OUTCOMES, type AppealClaim, type AppealOutcome } from './appeal-outcomes.ts'

const STATES = Object.keys(APPEAL_STATES) as AppealState[]
const EVENTS = Object.keys(APPEAL_EVENTS) as AppealEvent[]
const OUTCOMES = Object.keys(APPEAL_OUTCOMES) as AppealOutcome[]
const CLAIMS = Object.keys(APPEAL_CLAIMS) as AppealClaim[]
const ACTORS: AppealActor[] = ['appellant', 'citizen', 'decider', 'city', 'system']
const FILE = '0b9a8f3e-0000-4000-8000-000000000000'
const EARLY = '2026-11-24T02:00:00.000Z'
const UNTIL = '2026-12-01T15:59:59.999Z'
const LATE = '2026-12-02T02:00:00.000Z'

const filed = (more: Partial<AppealFacts> = {}): AppealFacts => ({
  state: 'filed',
  claim: 'mistaken',
  outcome: null,
  citizenHeard: false,
  answerUntil: UNTIL,
  reexamineUntil: null,
  ...more,
})
const goodValue = (field: AppealField): string | string[] =>
  field.type === 'files' ? [FILE] : (field.choices?.[0]?.value ?? '经核实')
const goodValues = (event: AppealEvent, more: AppealFieldValues = {}): AppealFieldValues => ({
  ...Object.fromEntries(appealEventRule(event).fields.map((field) => [field.name, goodValue(field)])),
  ...more,
})
const decidedAs = (outcome: AppealOutcome, claim: AppealClaim = 'mistaken') =>
  filed({ state: 'decided', outcome, claim, citizenHeard: true, reexamineUntil: UNTIL })
const step = (facts: AppealFacts, event: AppealEvent, actor: AppealActor, now = EARLY, more = {}) =>
  applyAppealEvent(facts, event, actor, goodValues(event, more), now)
const messagesOf = (result: ReturnType<typeof step>) =>
  result.ok ? [] : result.problems.map((problem) => problem.message)

describe('the table of an appeal (R29, Q99, Q100)', () => {
  it('names states there are, gives every event its actors, words and fields', () => {
    for (const event of EVENTS) {
      const rule = appealEventRule(event)
      expect(rule.from.length, event).toBeGreaterThan(0)
      for (const state of rule.from) expect(appealIsOver(state), event).toBe(false)
      if (rule.to !== 'same') expect(STATES, event).toContain(rule.to)
      expect(rule.actors.length, event).toBeGreaterThan(0)
      expect(rule.past, event).toMatch(/^[a-z_]+$/)
      for (const { label, type, choices, maxLength } of [...rule.fields, ...APPEAL_FILING]) {
        expect(label).toMatch(/[\u4e00-\u9fff]/)
        if (type === 'choice') expect(choices?.length).toBeGreaterThan(0)
        if (type === 'text') expect(maxLength).toBeGreaterThan(0)
      }
    }
    expect(new Set(EVENTS.map((event) => appealEventRule(event).past)).size).toBe(EVENTS.length)
    for (const text of ['', 'toString', 'Decide']) expect(isAppealEvent(text)).toBe(false)
    expect(EVENTS.every(isAppealEvent)).toBe(true)
  })

  it('lets every state be reached, an end from every state, and nobody move what has ended', () => {
    const next = (state: AppealState) =>
      EVENTS.map(appealEventRule).flatMap((rule) =>
        rule.from.includes(state) && rule.to !== 'same' ? [rule.to] : [],
      )
    const reach = (from: AppealState) => {
      const seen = new Set([from])
      for (const state of seen) for (const to of next(state)) seen.add(to)
      return seen
    }
    expect([...reach('filed')].sort()).toEqual([...STATES].sort())
    for (const state of STATES) {
      expect([...reach(state)].some(appealIsOver), state).toBe(true)
      const movers = ACTORS.flatMap((actor) => allowedAppealEvents(state, actor))
      expect(movers.length > 0, state).toBe(!appealIsOver(state))
    }
  })

  it('leaves the first decision to the level above, the second to the city, and no decision to a party', () => {
    expect(appealEventRule('decide').actors).toEqual(['decider'])
    expect(appealEventRule('reexamine').actors).toEqual(['city'])
    for (const state of STATES)
      for (const party of ['appellant', 'citizen'] as const)
        for (const event of allowedAppealEvents(state, party))
          expect(appealEventRule(event).fields.some((field) => field.name === 'outcome')).toBe(false)
  })
})

describe('filing', () => {
  it.each(['mistaken', 'malicious'] as const)(
    'P9: %s needs a statement and at least one piece of evidence',
    (claim) => {
      const whole = { claim, statement: '当日该窗口没有办理过此事', evidence: [FILE] }
      expect(checkAppealFiling(whole)).toEqual([])
      expect(checkAppealFiling({ ...whole, evidence: [] }).map((p) => p.field)).toEqual(['evidence'])
      expect(checkAppealFiling({ ...whole, statement: ' ' }).map((p) => p.field)).toEqual(['statement'])
    },
  )

  it('that the unit answers for it and not the person needs a statement only', () => {
    expect(checkAppealFiling({ claim: 'partly', statement: '系统故障所致' })).toEqual([])
    expect(checkAppealFiling({ claim: 'upheld', statement: 'x' }).map((p) => p.field)).toEqual(['claim'])
    expect(checkAppealFiling({ claim: 'partly', statement: 'x', more: 'y' }).map((p) => p.field)).toEqual([
      'more',
    ])
  })
})

describe('a step of an appeal', () => {
  it('Q100: nothing is decided before the citizen was heard or had the time for it', () => {
    for (const [state, event, actor] of [
      ['filed', 'decide', 'decider'],
      ['reexamination_filed', 'reexamine', 'city'],
    ] as const) {
      expect(messagesOf(step(filed({ state }), event, actor))[0]).toContain('评价人还没有说明情况')
      expect(step(filed({ state }), event, actor, LATE).ok).toBe(true)
      const heard = step(filed({ state }), 'citizen_answer', 'citizen')
      expect(heard).toMatchObject({ ok: true, state, citizenHeard: true })
      expect(step(filed({ state, citizenHeard: true }), event, actor).ok).toBe(true)
    }
  })

  it('the citizen answers once a stage, and not after the time for it', () => {
    expect(step(filed({ citizenHeard: true }), 'citizen_answer', 'citizen').ok).toBe(false)
    expect(step(filed(), 'citizen_answer', 'citizen', LATE).ok).toBe(false)
  })

  it('a re-examination is for whoever lost, within the time, and hears the other side again', () => {
    expect(step(decidedAs('upheld'), 'request_reexamination', 'appellant')).toMatchObject({
      ok: true,
      state: 'reexamination_filed',
      stage: 'reexamination',
      citizenHeard: false,
    })
    expect(step(decidedAs('upheld'), 'request_reexamination', 'citizen').ok).toBe(false)
    for (const outcome of ['mistaken', 'malicious', 'partly'] as const)
      expect(step(decidedAs(outcome), 'request_reexamination', 'citizen')).toMatchObject({
        ok: true,
        citizenHeard: true,
      })
    expect(step(decidedAs('mistaken'), 'request_reexamination', 'appellant').ok).toBe(false)
    expect(step(decidedAs('partly'), 'request_reexamination', 'appellant').ok).toBe(true)
    expect(step(decidedAs('partly', 'partly'), 'request_reexamination', 'appellant').ok).toBe(false)
    expect(messagesOf(step(decidedAs('upheld'), 'request_reexamination', 'appellant', LATE))[0]).toContain(
      '已过',
    )
  })

  it('a decision nobody asks to be re-examined becomes final once the time for it is over, not before', () => {
    expect(step(decidedAs('upheld'), 'become_final', 'system').ok).toBe(false)
    expect(step(decidedAs('mistaken'), 'become_final', 'system', LATE)).toMatchObject({
      ok: true,
      state: 'final',
      stage: 'first',
      outcome: 'mistaken',
    })
  })

  it('demands each field by name, and refuses one it does not know', () => {
    const late = applyAppealEvent(filed(), 'decide', 'decider', {}, LATE)
    expect(!late.ok && late.problems.map((p) => p.field)).toEqual(['outcome', 'reason'])
    const odd = applyAppealEvent(filed(), 'decide', 'decider', goodValues('decide', { level: '5' }), LATE)
    expect(!odd.ok && odd.problems.map((p) => p.field)).toEqual(['level'])
    const wrong = step(filed(), 'decide', 'decider', LATE, { outcome: 'deleted' })
    expect(messagesOf(wrong)).toEqual(['决定：没有这个选项'])
  })

  it('on no walk is anything decided unheard, twice by one stage, or after the end; the last decision is what counts', () => {
    const moment = fc.constantFrom(EARLY, LATE)
    const move = fc.record({
      event: fc.constantFrom(...EVENTS),
      actor: fc.constantFrom(...ACTORS),
      outcome: fc.constantFrom(...OUTCOMES),
      now: moment,
    })
    const ends = new Set<string>()
    fc.assert(
      fc.property(
        fc.constantFrom(...CLAIMS),
        fc.array(move, { minLength: 20, maxLength: 60, size: 'max' }),
        (claim, moves) => {
          let facts = filed({ claim })
          let latest = EARLY
          const decisions: AppealOutcome[] = []
          for (const { event, actor, outcome, now: drawn } of moves) {
            const now = [drawn, latest].sort()[1]!
            const values = goodValues(event, 'outcome' in goodValues(event) ? { outcome } : {})
            const before = structuredClone(facts)
            const next = applyAppealEvent(facts, event, actor, values, now)
            expect(facts).toEqual(before)
            if (!next.ok) {
              expect(next.problems.length).toBeGreaterThan(0)
              continue
            }
            latest = now
            expect(appealIsOver(facts.state)).toBe(false)
            expect(appealEventRule(event).actors).toContain(actor)
            if (event === 'decide' || event === 'reexamine') {
              expect(facts.citizenHeard || now > facts.answerUntil).toBe(true)
              decisions.push(outcome)
            }
            expect(next.outcome).toBe(decisions.at(-1) ?? null)
            expect(next.state === 'withdrawn' && decisions.length > 0).toBe(false)
            facts = {
              ...facts,
              state: next.state,
              outcome: next.outcome,
              citizenHeard: next.citizenHeard,
              reexamineUntil: event === 'decide' ? UNTIL : facts.reexamineUntil,
            }
            if (appealIsOver(next.state)) ends.add(`${next.state} ${next.stage}`)
          }
          expect(decisions.length).toBeLessThanOrEqual(2)
        },
      ),
      { numRuns: 2000 },
    )
    expect([...ends].sort()).toEqual(['final first', 'final reexamination', 'withdrawn first'])
  })
})
