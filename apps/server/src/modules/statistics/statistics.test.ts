import { randomUUID } from 'node:crypto'
import {
  allowedEvents,
  applyCaseEvent,
  CASE_ACTORS,
  type CaseActor,
  type CaseEvent,
  type CaseFacts,
  caseEventRule,
  REOPENING_EVENTS,
} from '@haochaping/rules'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { advance, rebuild } from '../ledger/consumers.ts'
import { appendRows, entryRows, type NewEntry } from '../ledger/journal.ts'
import { COUNTS } from './counts.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

const START = Date.parse('2026-11-20T08:00:00Z')
type Payload = NewEntry['payload']
const REOPENINGS = REOPENING_EVENTS.map((event) => `case.${event}`)

/** One evaluation's life, as the generator draws it. */
const life = fc.record({
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

/** The entries of a life: visits, rating, and a walk through the real case machine. */
function entriesOf(run: string, l: Life): NewEntry[] {
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
  const entries = Array.from({ length: l.onSite ? 1 : l.visits }, (_, n) =>
    entry('visit.reported', { ...subject, onSite: l.onSite, servedAt: served(n) }),
  )
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
  let facts: CaseFacts = {
    state: 'to_sign',
    returnsTo: null,
    round: 1,
    realName: l.realName,
    doNotContact: l.doNotContact,
    contacted: false,
    attempts: 0,
    attemptsNeeded: 2,
    rejected: false,
    transferRefused: false,
    asked: false,
    extensionPending: false,
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
        realName: l.realName,
        contacted: facts.contacted,
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
    const step = applyCaseEvent(facts, event, valuesFor(event, move))
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
function interleave(lives: NewEntry[][], picks: number[]): NewEntry[] {
  const queues = lives.map((entries) => [...entries])
  const stream: NewEntry[] = []
  for (let i = 0; queues.some((q) => q.length > 0); i++) {
    const open = queues.filter((q) => q.length > 0)
    const next = open[(picks[i % picks.length] ?? 0) % open.length]!.shift()!
    stream.push({ ...next, at: new Date(START + Math.floor(i / 3) * 3_600_000) })
  }
  return stream
}

interface JournalRow {
  subject_id: string
  kind: string
  recorded_at: Date
  position: number
  payload: Record<string, string | number | boolean | null>
}

/** Counts everything anew by looking at each evaluation's whole history, day by day in Shanghai. */
async function recount(run: string): Promise<Record<string, Record<string, number>>> {
  const { rows } = await t.asOwner(
    `select e.subject_id, e.kind, e.recorded_at, e.payload, l.position from journal_entry e
     join ledger_leaf l using (subject_id, entry_id)
     where e.payload ->> 'organizationPath' like $1 order by l.position`,
    [`/${run}/%`],
  )
  const histories = Map.groupBy(rows as JournalRow[], (row) => row.subject_id)
  const cells: Record<string, Record<string, number>> = {}
  const shanghai = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  const count = (day: string, p: JournalRow['payload'], channel: unknown, names: string[]) => {
    const key = [day, p.organizationId, p.hallCode, p.windowCode, p.staffNumber, channel].join('|')
    cells[key] ??= {}
    for (const name of names) cells[key][name] = (cells[key][name] ?? 0) + 1
  }
  for (const history of histories.values()) {
    const visit = history.find((row) => row.kind === 'visit.reported')!
    const rating = history.find((row) => row.kind === 'evaluation.submitted')
    const served = shanghai(new Date(String(visit.payload.servedAt)))
    count(served, visit.payload, 0, rating ? ['visits', 'rated'] : ['visits'])
    if (!rating) continue
    const p = rating.payload
    const moves = history
      .filter((row) => row.kind.startsWith('case.'))
      .toSorted((a, b) => Number(a.payload.version) - Number(b.payload.version))
    const kinds = moves.map((row) => row.kind)
    const confirmed = moves.find((row) => row.kind === 'case.confirm_rejection')
    const appeals = history
      .filter((row) => row.kind.startsWith('appeal.'))
      .toSorted(
        (a, b) =>
          Number(a.payload.number) - Number(b.payload.number) ||
          Number(a.payload.version) - Number(b.payload.version),
      )
    const outcome = appeals.at(-1)?.payload.outcome ?? null
    const byAppeal = outcome === 'mistaken' || outcome === 'malicious' ? outcome : null
    const out = outcome === null ? (confirmed?.payload.rejectionReason ?? null) : byAppeal
    const names: string[] = []
    if (p.realName) names.push('real_name')
    for (const { kind } of appeals) if (kind === 'appeal.filed') names.push('appeals_filed')
    if (outcome !== null) names.push('appeals_decided')
    if (outcome !== null && outcome !== 'upheld') names.push('appeals_overturned')
    if (out !== null) names.push(`excluded_${out}`)
    else {
      names.push(`level_${p.level}`)
      if (p.hallLevel !== null) names.push(`hall_${p.hallLevel}`)
    }
    const last = moves.at(-1)
    if (last) {
      const reopened = kinds.findLastIndex((kind) => REOPENINGS.includes(kind))
      const rectified = out === null && kinds.lastIndexOf('case.reply') > reopened
      const late = moves.some((row) => row.payload.everOverdue)
      const reach = p.realName && !p.doNotContact
      names.push('cases_opened')
      if (out === null) names.push('cases_adopted')
      if (rectified) names.push('cases_rectified')
      if (rectified && !late) names.push('cases_on_time')
      if (last.payload.outcome) names.push('cases_closed', `cases_${last.payload.outcome}`)
      if (reopened >= 0) names.push('cases_reopened')
      if (last.payload.overdue && last.payload.to !== 'closed') names.push('cases_overdue')
      if (late) names.push('cases_ever_overdue')
      if (reach) names.push('cases_contactable')
      if (reach && moves.some((row) => row.payload.contacted)) names.push('cases_contacted')
    }
    const where = outcome === 'partly' ? { ...p, staffNumber: '' } : p
    count(shanghai(rating.recorded_at), where, p.channel, names)
  }
  return cells
}

async function rollups(run: string): Promise<Record<string, Record<string, number>>> {
  const { rows } = await t.asOwner(
    'select * from statistic_daily where organization_path like $1 order by 1, 2, 5, 6, 7, 8, 9',
    [`/${run}/%`],
  )
  return Object.fromEntries(
    rows.map((row) => [
      [row.day, row.organization_id, row.hall_code, row.window_code, row.staff_number, row.channel].join('|'),
      Object.fromEntries(COUNTS.flatMap((name) => (row[name] === 0 ? [] : [[name, row[name]]]))),
    ]),
  )
}

const followAll = async () => {
  while ((await advance(t.app, t.services.statistics.consumer)) > 0);
}

describe('the rollups', () => {
  it('equal a count of the whole journal, whatever happened in whatever order and batches', async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        async (lives, picks, batch) => {
          const run = `run${++runs}`
          const stream = interleave(
            lives.map((l) => entriesOf(run, l)),
            picks,
          )
          await t.app.db.system.transaction().execute((tx) =>
            appendRows(
              tx,
              stream.map((entry) => entryRows(entry)),
            ),
          )
          while ((await t.services.ledger.seal(batch)) > 0) await followAll()
          expect(await rollups(run)).toEqual(await recount(run))
        },
      ),
      { numRuns: 50 },
    )
  }, 180_000)

  it('are made again the same from the first entry', async () => {
    const all = () => t.asOwner('select * from statistic_daily order by 1, 2, 3, 4, 5, 6, 7, 8, 9')
    const before = (await all()).rows
    expect(before.length).toBeGreaterThan(50)
    await rebuild(t.app, t.services.statistics.consumer)
    expect((await all()).rows).toEqual(before)
  })

  it('follow 500 entries with a handful of statements', async () => {
    const lives = fc.sample(life, { numRuns: 150, seed: 7 }).map((l) => entriesOf('bulk', l))
    await t.app.db.system.transaction().execute((tx) =>
      appendRows(
        tx,
        interleave(lives, [0]).map((entry) => entryRows(entry)),
      ),
    )
    while ((await t.services.ledger.seal()) > 0);
    let statements = 0
    const counted = t.app.db.system.withPlugin({
      transformQuery: (args) => {
        statements++
        return args.node
      },
      transformResult: async (args) => args.result,
    })
    const batch = await advance(
      { ...t.app, db: { ...t.app.db, system: counted } },
      t.services.statistics.consumer,
    )
    expect(batch).toBeGreaterThanOrEqual(500)
    expect(statements).toBeLessThan(12)
    await followAll()
    expect(await rollups('bulk')).toEqual(await recount('bulk'))
  })
})
