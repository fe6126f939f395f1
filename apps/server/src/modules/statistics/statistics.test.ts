import { type CasePerson, REOPENING_EVENTS } from '@haochaping/rules'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { advance, rebuild } from '../ledger/consumers.ts'
import { appendRows, entryRows } from '../ledger/journal.ts'
import { COUNTS } from './counts.ts'
import { entriesOf, interleave, life } from './statistics.fixture.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

const REOPENINGS = REOPENING_EVENTS.map((event) => `case.${event}`)

interface JournalRow {
  subject_id: string
  kind: string
  recorded_at: Date
  position: number
  payload: Record<string, JsonValue>
}

const personsIn = ({ payload }: JournalRow) => (payload.persons ?? []) as unknown as CasePerson[]

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
    const complaint = history.find((row) => row.kind === 'complaint.received')
    const visit = history.find((row) => row.kind === 'visit.reported')
    const rating = history.find((row) => row.kind === 'evaluation.submitted')
    if (visit)
      count(shanghai(new Date(String(visit.payload.servedAt))), visit.payload, 0, [
        ...(rating ? ['visits', 'rated'] : ['visits']),
      ])
    const said = rating ?? complaint
    if (!said) continue
    const p = said.payload
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
    const names: string[] = complaint ? ['complaints'] : []
    if (rating && p.realName) names.push('real_name')
    for (const { kind } of appeals) if (kind === 'appeal.filed') names.push('appeals_filed')
    if (outcome !== null) names.push('appeals_decided')
    if (outcome !== null && outcome !== 'upheld') names.push('appeals_overturned')
    if (rating && out !== null) names.push(`excluded_${out}`)
    else if (rating) {
      names.push(`level_${p.level}`)
      if (p.hallLevel !== null) names.push(`hall_${p.hallLevel}`)
    }
    const last = moves.at(-1)
    if (last) {
      const reopened = kinds.findLastIndex((kind) => REOPENINGS.includes(kind))
      const rectified = out === null && kinds.lastIndexOf('case.reply') > reopened
      const late = moves.some((row) => row.payload.everOverdue)
      names.push('cases_opened', ...(complaint ? [`cases_from_${p.kind}`] : []))
      if (out === null) names.push('cases_adopted')
      if (rectified) names.push('cases_rectified')
      if (rectified && !late) names.push('cases_on_time')
      if (last.payload.outcome) names.push('cases_closed', `cases_${last.payload.outcome}`)
      if (reopened >= 0) names.push('cases_reopened')
      if (last.payload.overdue && last.payload.to !== 'closed') names.push('cases_overdue')
      if (late) names.push('cases_ever_overdue')
      // Each person who left a name, and whether they were called in the round that runs.
      for (const { contacted } of personsIn(last).filter((person) => !person.doNotContact))
        names.push('cases_contactable', ...(contacted ? ['cases_contacted'] : []))
    }
    const where = outcome === 'partly' ? { ...p, staffNumber: '' } : p
    count(shanghai(said.recorded_at), where, rating ? p.channel : 0, names)
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
