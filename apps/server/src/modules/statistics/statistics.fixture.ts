import { randomUUID } from 'node:crypto'
import {
  allowedEvents,
  applyCaseEvent,
  CASE_ACTORS,
  type CaseActor,
  type CaseEvent,
  type CaseFacts,
  type CasePerson,
  caseEventRule,
} from '@haochaping/rules'
import fc from 'fast-check'
import type { NewEntry } from '../ledger/journal.ts'

// Lives of evaluations and complaints drawn at random, for tests that hold figures to the journal.

const START = Date.parse('2026-11-20T08:00:00Z')
type Payload = NewEntry['payload']
/** One evaluation's life, as the generator draws it. */
export const life = fc.record({
  onSite: fc.boolean(),
  visits: fc.integer({ min: 1, max: 3 }),
  servedHoursBefore: fc.integer({ min: 0, max: 60 }),
  level: fc.option(fc.integer({ min: 1, max: 5 })),
  hallLevel: fc.option(fc.integer({ min: 1, max: 5 })),
  channel: fc.integer({ min: 1, max: 7 }),
  realName: fc.boolean(),
  doNotContact: fc.boolean(),
  window: fc.constantFrom('w1', 'w2'),
  department: fc.constantFrom('a', 'b'),
  /** joined while the first step was taken: somebody else who left a name */
  joinedBy: fc.boolean(),
  /** no rating at all, but somebody rang up */
  complaint: fc.option(fc.constantFrom('complaint', 'opinion')),
  moves: fc.array(fc.nat(1000), { maxLength: 14 }),
  lateBefore: fc.option(fc.nat(13)),
  appealDraws: fc.array(
    fc.record({
      withdrawn: fc.boolean(),
      decisions: fc.array(fc.constantFrom('upheld', 'partly', 'mistaken', 'malicious'), { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
})
type Life = typeof life extends fc.Arbitrary<infer L> ? L : never

const valuesFor = (event: CaseEvent, move: number) =>
  Object.fromEntries(
    caseEventRule(event).fields.map((field) => [
      field.name,
      field.type === 'files'
        ? [randomUUID()]
        : field.type === 'date'
          ? '2026-12-01'
          : field.type === 'time'
            ? '09:30'
            : (field.choices?.[move % field.choices.length]?.value ?? '一句话'),
    ]),
  )

/** Whoever left a name in a life: with the rating, and perhaps with what was joined to it. */
const personsOf = (subjectId: string, l: Life): CasePerson[] =>
  [
    ...(l.realName ? [{ id: subjectId, doNotContact: l.doNotContact }] : []),
    ...(l.joinedBy ? [{ id: `${subjectId}-joined`, doNotContact: false }] : []),
  ].map((person) => ({ ...person, contacted: false, attempts: 0 }))

/** The entries of a life: visits, rating, or a complaint, and a walk through the real case machine. */
export function entriesOf(run: string, l: Life): NewEntry[] {
  const subjectId = randomUUID()
  const organizationId = `${run}-${l.department}`
  const subject = {
    organizationId,
    organizationPath: `/${run}/${organizationId}/`,
    regionCode: '220102000000',
    itemCode: 'item',
    hallCode: l.onSite ? 'hall' : '',
    windowCode: l.onSite ? l.window : '',
    staffNumber: l.onSite ? `${l.window}-s` : '',
  }
  const entry = (kind: string, payload: Payload): NewEntry => ({
    subjectId,
    kind,
    actor: 'system',
    at: new Date(START),
    payload,
  })
  const served = (n: number) =>
    new Date(START - l.servedHoursBefore * 3_600_000 + n * 86_400_000).toISOString()
  const entries: NewEntry[] = []
  if (l.complaint !== null) entries.push(entry('complaint.received', { ...subject, kind: l.complaint }))
  else {
    for (let n = 0; n < (l.onSite ? 1 : l.visits); n++)
      entries.push(entry('visit.reported', { ...subject, onSite: l.onSite, servedAt: served(n) }))
    if (l.level === null) return entries
    const hallLevel = l.onSite ? l.hallLevel : null
    entries.push(
      entry('evaluation.submitted', {
        ...subject,
        level: l.level,
        hallLevel,
        channel: l.channel,
        realName: l.realName,
        doNotContact: l.doNotContact,
      }),
    )
    if (l.level > 2 && (hallLevel ?? 5) > 2) return entries
    entries.push(...appealEntries(l, subject, entry))
  }
  let facts: CaseFacts = {
    state: 'to_sign',
    returnsTo: null,
    round: 1,
    persons: personsOf(subjectId, l),
    doNotContact: l.realName && l.doNotContact,
    attemptsNeeded: 2,
    rejected: false,
    transferRefused: false,
    asked: false,
    extensionPending: false,
    coHandlers: [],
    coReported: [],
    coWaived: false,
  }
  let version = 1
  let overdue = false
  let everOverdue = false
  let rejectionReason: string | null = null
  const caseEntry = (kind: string, outcome: string | null = null) => {
    const { organizationId, organizationPath, regionCode } = subject
    entries.push(
      entry(`case.${kind}`, {
        organizationId,
        organizationPath,
        regionCode,
        openedAt: new Date(START).toISOString(),
        event: kind,
        to: facts.state,
        round: facts.round,
        persons: facts.persons.map((person) => ({ ...person })),
        sourceKind: l.complaint ?? 'rating',
        rejected: facts.rejected,
        rejectionReason,
        outcome,
        overdue,
        everOverdue,
        version: version++,
      }),
    )
  }
  caseEntry('opened')
  for (const [i, move] of l.moves.entries()) {
    if (i === l.lateBefore && facts.state !== 'closed') {
      overdue = everOverdue = true
      caseEntry('overdue')
    }
    const events = (Object.keys(CASE_ACTORS) as CaseActor[]).flatMap((actor) => allowedEvents(facts, actor))
    const event = events[move % (events.length || 1)]
    if (!event) break
    const called = facts.persons[move % Math.max(1, facts.persons.length)]?.id ?? ''
    const values = { ...valuesFor(event, move), ...(event === 'record_contact' && { evaluator: called }) }
    const step = applyCaseEvent(facts, event, values)
    if (!step.ok) continue
    if (event === 'propose_rejection') rejectionReason = move % 2 === 0 ? 'mistaken' : 'malicious'
    if (step.facts.state !== facts.state) overdue = false
    facts = step.facts
    caseEntry(event, step.outcome)
  }
  return entries
}

/** The appeals of a life: some withdrawn, then one that is decided, and perhaps re-examined. */
function appealEntries(
  l: Life,
  { organizationId, organizationPath, staffNumber }: Record<string, string>,
  entry: (kind: string, payload: Payload) => NewEntry,
): NewEntry[] {
  const entries: NewEntry[] = []
  for (const [i, { withdrawn, decisions }] of l.appealDraws.entries()) {
    let version = 1
    const add = (what: string, outcome: string | null = null) =>
      entries.push(
        entry(`appeal.${what}`, {
          ...{ organizationId: organizationId ?? '', organizationPath: organizationPath ?? '' },
          ...{ staffNumber: staffNumber ?? '', number: i + 1, version: version++, outcome },
        }),
      )
    add('filed')
    if (withdrawn) {
      add('withdrawn')
      continue
    }
    const [first, second] = decisions
    if (first) add('decided', first)
    if (first && second) add('reexamination_filed', first)
    if (second) add('reexamined', second)
    break
  }
  return entries
}

/** Deals the lives' entries into one stream, each life's in its own order; some share a moment. */
export function interleave(lives: NewEntry[][], picks: number[]): NewEntry[] {
  const queues = lives.map((entries) => [...entries])
  const stream: NewEntry[] = []
  for (let i = 0; queues.some((q) => q.length > 0); i++) {
    const open = queues.filter((q) => q.length > 0)
    const next = open[(picks[i % picks.length] ?? 0) % open.length]!.shift()!
    stream.push({ ...next, at: new Date(START + Math.floor(i / 3) * 3_600_000) })
  }
  return stream
}
