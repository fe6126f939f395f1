import { ok } from 'node:assert/strict'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeCalendar, plusDays, shanghaiDate } from './calendar.ts'
import { type CaseEvent, caseEventRule, caseEvents, REOPENING_EVENTS } from './case-events.ts'
import { type CaseFacts, contactable, reportsOpen } from './case-guards.ts'
import { allowedEvents, applyCaseEvent, type ClockMoves } from './case-machine.ts'
import { CASE_ACTORS, CASE_CLOCKS, type CaseActor, type CaseClockKey, MAIN_CLOCK } from './case-states.ts'
import { goodValues, opened, person } from './case-walk.fixture.ts'
import {
  type Clock,
  fireAlarm,
  isPaused,
  nextAlarm,
  pauseClock,
  resumeClock,
  startClock,
  startClockUntil,
  stopClock,
} from './clocks.ts'
import { POLICY_DEFAULTS } from './policy.ts'

// A case with its clocks, walked at random: whatever anybody does at whatever moment, what the rules promise holds.

const CALENDAR = makeCalendar(
  [
    { date: '2026-10-01', kind: 'holiday', name: '国庆节' },
    { date: '2026-10-02', kind: 'holiday', name: '国庆节' },
    { date: '2026-10-10', kind: 'workday' },
  ],
  [2026, 2027],
)
const START = Date.parse('2026-09-28T10:00:00+08:00')
const HOUR = 3_600_000
const ACTORS = Object.keys(CASE_ACTORS) as CaseActor[]

interface Walker {
  facts: CaseFacts
  clocks: Clock[]
  at: Date
  /** what happened in this round, each with whom or what it was about */
  round: { event: CaseEvent; about: string; result: string }[]
}

const rule = (key: CaseClockKey) => {
  const { label, policy } = CASE_CLOCKS[key]
  const { value, unit, source } = POLICY_DEFAULTS[policy]
  if (unit !== 'working_day' && unit !== 'calendar_day') throw new Error(policy)
  return { key, label, value, unit, version: 0, regionCode: '220100000000', source }
}
const begin = (key: CaseClockKey, at: Date) =>
  key === 'promised'
    ? startClockUntil(rule(key), at, plusDays(shanghaiDate(at), 9), CALENDAR)
    : startClock(rule(key), at, CALENDAR)
const running = (clocks: Clock[]) => clocks.filter((clock) => clock.stoppedAt === null)

function turn(clocks: Clock[], { stops, pauses, resumes, starts }: ClockMoves, at: Date): Clock[] {
  const has = (keys: readonly string[], clock: Clock) => keys.includes(clock.key)
  const moved = clocks.map((clock) => {
    if (has(stops, clock) || has(starts, clock)) return stopClock(clock, at)
    if (has(pauses, clock)) return pauseClock(clock, at, '等待')
    return has(resumes, clock) ? resumeClock(clock, at, CALENDAR) : clock
  })
  return [...moved, ...starts.map((key) => begin(key, at))]
}

/** Gives every alarm that is due, and sees that none is given twice. */
function ring(clocks: Clock[], at: Date): Clock[] {
  return clocks.map((clock) => {
    let now = clock
    for (let alarm = nextAlarm(now, CALENDAR); alarm && alarm.at <= at; alarm = nextAlarm(now, CALENDAR)) {
      const { mark } = alarm
      ok(!now.fired.some((fired) => fired.mark === mark), `alarm ${mark} once`)
      now = fireAlarm(now, mark, at)
      ok(now.fired.at(-1)?.mark === mark)
    }
    return now
  })
}

// Plain assertions: there are some hundred thousand steps.
function clocksHold(before: Clock[], { clocks, facts }: Walker) {
  for (const [i, clock] of before.entries()) {
    const now = clocks[i]!
    ok(now.key === clock.key && now.startedAt === clock.startedAt, 'a clock keeps its beginning')
    ok(now.version === clock.version && now.value === clock.value, 'and the rule it began with')
    ok(
      clock.fired.every((alarm, n) => now.fired[n]?.mark === alarm.mark),
      'alarms given stay given',
    )
    if (clock.stoppedAt !== null) ok(now === clock, 'a clock once stopped never runs again')
    if (clock.dueAt !== null && now.dueAt !== null) ok(now.dueAt >= clock.dueAt, 'a pause never shortens')
    const spans = [{ from: now.startedAt, to: now.stoppedAt }, ...now.pauses]
    ok(
      spans.every(({ from, to }) => to === null || from <= to),
      'clocks never run backwards',
    )
  }
  const run = running(clocks)
  ok(new Set(run.map(({ key }) => key)).size === run.length, 'one clock of a kind')
  const main = MAIN_CLOCK[facts.state]
  const clock = run.find(({ key }) => key === main)
  if (main === null) ok(run.length === 0, 'a closed case has no clock')
  else ok(clock && !isPaused(clock), `${facts.state} waits by a running ${main}`)
}

function factsHold(before: CaseFacts, event: CaseEvent, { facts, round }: Walker, outcome: string | null) {
  const had = (e: CaseEvent, about?: string) =>
    round.some((done) => done.event === e && (about === undefined || done.about === about))
  ok(facts.round === before.round + (REOPENING_EVENTS.includes(event) ? 1 : 0), 'rounds only grow')
  if (event === 'reply') {
    ok(had('complete') || had('explained') || had('confirm_rejection'), 'something was done before the reply')
    for (const { id } of contactable(before)) ok(calledBack(round, id), `${id} called back before the reply`)
    // Told from what happened, not from what the table remembers of it.
    const silent = before.coHandlers.filter((helper) => !reportedSinceAsked(round, helper))
    if (silent.length > 0) ok(waivedSinceAsked(round), 'reports are in, or the lead said why not')
  }
  if (event === 'record_contact') ok(!before.doNotContact, 'left in peace')
  for (const { id, doNotContact } of facts.persons)
    if (doNotContact) ok(!had('record_contact', id), `${id} left in peace`)
  ok(
    facts.coReported.every((helper) => facts.coHandlers.includes(helper)),
    'only those report who handle it',
  )
  ok(facts.rejected === had('confirm_rejection'), 'not adopted only by confirmation')
  ok((outcome === null) === (facts.state !== 'closed'))
  if (facts.state === 'closed') {
    ok(had('reply'), 'nothing closes unanswered')
    ok(
      contactable(facts).every(({ contacted }) => contacted),
      'nor without the call-back of each',
    )
    ok(reportsOpen(facts).length === 0 || facts.coWaived, 'nor with a report open that nobody gave up')
    ok((outcome === 'not_adopted') === facts.rejected)
    ok((outcome === 'solved') === (event !== 'close_unanswered' && !facts.rejected), 'silence is not consent')
  }
}

type Done = Walker['round']
/** Spoken to in this round, or tried twice. */
const calledBack = (round: Done, id: string) => {
  const calls = round.filter(({ event, about }) => event === 'record_contact' && about === id)
  return calls.length >= 2 || calls.some(({ result }) => result !== 'not_reached')
}
/** An organisation asked twice was taken off in between: what it reported before does not count. */
const reportedSinceAsked = (round: Done, helper: string) => {
  const last = (event: CaseEvent) =>
    round.findLastIndex((done) => done.event === event && done.about === helper)
  return last('co_report') > last('add_co_handler')
}
const waivedSinceAsked = (round: Done) => {
  const last = (...events: CaseEvent[]) => round.findLastIndex(({ event }) => events.includes(event))
  return last('go_on_without') > last('add_co_handler', 'accept_transfer')
}

/** Every event somebody may start now; an open case must have one that leads on. */
function offers(facts: CaseFacts): CaseEvent[] {
  const found = ACTORS.flatMap((actor) => allowedEvents(facts, actor))
  const onward = found.filter((event) => caseEventRule(event).to !== 'same')
  ok(onward.length > 0, `${facts.state} has a way forward`)
  return [...new Set(found)]
}

const HELPERS = ['/city/a/', '/city/b/']
/** The organisation an event is about, of those it may be about; null where there is none, and nobody may start it. */
function aboutOf(event: CaseEvent, { coHandlers }: CaseFacts, pick: number): string | undefined | null {
  const from =
    event === 'add_co_handler'
      ? HELPERS.filter((helper) => !coHandlers.includes(helper))
      : event === 'co_report' || event === 'remove_co_handler'
        ? coHandlers
        : event === 'accept_transfer' || event === 'direct_again'
          ? ['/city/lead/', ...coHandlers]
          : [undefined]
  return from.length === 0 ? null : from[pick % from.length]
}

/** Another rating or complaint of the same matter comes while the case is handled. */
function joined(facts: CaseFacts, pick: number): CaseFacts {
  const late = person(`late-${facts.persons.length}`, { doNotContact: pick % 3 === 0 })
  const persons = facts.persons.length < 3 ? [...facts.persons, late] : facts.persons
  return { ...facts, persons, doNotContact: persons.every(({ doNotContact }) => doNotContact) }
}

it('R14–R20: on 10 000 walks whatever anybody does, what the rules promise holds', () => {
  const walks = fc.record({
    who: fc.array(fc.boolean(), { maxLength: 3 }).map(
      (wishes): Partial<CaseFacts> => ({
        persons: wishes.map((doNotContact, n) => person(`person-${n}`, { doNotContact })),
        doNotContact: wishes.length > 0 && wishes.every(Boolean),
      }),
    ),
    moves: fc.array(
      fc.record({
        // Mostly what is offered, at times what nobody may.
        pick: fc.nat(10_000),
        wild: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        joins: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
        hours: fc.integer({ min: 0, max: 60 }),
        reached: fc.constantFrom('reached', 'not_reached', 'declined'),
      }),
      { minLength: 15, maxLength: 35, size: 'max' },
    ),
  })
  const [ends, seen, states] = [new Set<string>(), new Set<CaseEvent>(), new Set<string>()]
  const closedWith = { helpers: 0, several: 0, waived: 0 }
  fc.assert(
    fc.property(walks, ({ who, moves }) => {
      const at = new Date(START)
      let walker: Walker = { facts: opened(who), clocks: [begin('sign', at)], at, round: [] }
      for (const { pick, wild, joins, hours, reached } of moves) {
        // What comes when all is answered begins the case again, which is an event of its own.
        if (joins && !['resurvey', 'closed'].includes(walker.facts.state))
          walker = { ...walker, facts: joined(walker.facts, pick) }
        const possible = wild ? caseEvents : offers(walker.facts)
        const event = possible[pick % possible.length]!
        const now = new Date(walker.at.getTime() + hours * HOUR)
        const rung = ring(walker.clocks, now)
        const callable = wild ? walker.facts.persons : contactable(walker.facts)
        const evaluator = callable[pick % Math.max(1, callable.length)]?.id ?? ''
        const about = aboutOf(event, walker.facts, pick)
        const values = {
          ...goodValues(event),
          ...(event === 'record_contact' && { result: reached, evaluator }),
        }
        const result = about === null ? null : applyCaseEvent(walker.facts, event, values, about)
        if (!result?.ok) {
          walker = { ...walker, at: now, clocks: rung }
          continue
        }
        const actors = caseEventRule(event).actors
        ok(
          actors.some((actor) => allowedEvents(walker.facts, actor).includes(event)),
          `${event} has an actor who may`,
        )
        const reopened = REOPENING_EVENTS.includes(event)
        const done = { event, about: about ?? evaluator, result: reached }
        const next: Walker = {
          facts: result.facts,
          clocks: turn(rung, result.clocks, now),
          at: now,
          round: reopened ? [] : [...walker.round, done],
        }
        clocksHold(walker.clocks, next)
        factsHold(walker.facts, event, next, result.outcome)
        seen.add(event)
        states.add(next.facts.state)
        if (result.outcome) {
          ends.add(result.outcome)
          if (next.facts.coHandlers.length > 0) closedWith.helpers++
          if (next.facts.coWaived) closedWith.waived++
          if (contactable(next.facts).length > 1) closedWith.several++
        }
        walker = next
      }
    }),
    { numRuns: 10_000 },
  )
  expect([...ends].sort()).toEqual(['no_answer', 'not_adopted', 'solved'])
  expect([...seen].sort(), 'the walk has been everywhere').toEqual([...caseEvents].sort())
  expect(states.size).toBe(Object.keys(MAIN_CLOCK).length)
  for (const [what, times] of Object.entries(closedWith))
    expect(times, `cases closed with ${what}`).toBeGreaterThan(20)
}, 240_000)
