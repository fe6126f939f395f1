import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { openDatabase } from '../../platform/database.ts'
import { entryRows } from '../ledger/journal.ts'
import { makeIntake, type Submission } from './intake.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

/** All rows of a rating, without the house around it. */
function aSubmission(over: Partial<Submission['evaluation']> = {}): Submission {
  const id = over.evaluation_id ?? randomUUID()
  const entry = entryRows({
    subjectId: id,
    kind: 'evaluation.submitted',
    actor: 'citizen',
    at: t.clock.now,
    payload: { level: 5 },
    text: { words: '快' },
  })
  return {
    entry,
    person: null,
    evaluation: {
      evaluation_id: id,
      visit_id: randomUUID(),
      submission_id: randomUUID(),
      receipt_number: 'PJ',
      level: 5,
      hall_level: null,
      option_version: '2',
      option_codes: [],
      has_words: true,
      real_name: false,
      do_not_contact: false,
      channel: 3,
      on_site: true,
      stage: '办结',
      item_code: 'i',
      organization_id: 'o',
      organization_path: '/o/',
      region_code: 'r',
      hall_code: '',
      window_code: '',
      staff_number: '',
      platform_code: '',
      submitted_at: t.clock.now,
      entry_id: entry.entry.entry_id,
      digest: randomBytes(32),
      ...over,
    },
  }
}
const outcomes = async (tries: Promise<boolean>[]) =>
  (await Promise.allSettled(tries)).map((r) => (r.status === 'fulfilled' ? r.value : 'failed'))
const count = async (table: string, column: string, ids: string[]) =>
  (await t.asOwner(`select count(*)::int as n from ${table} where ${column} = any($1::uuid[])`, [ids]))
    .rows[0].n

describe('writing ratings in groups', () => {
  it('a bad member fails alone: all others of its group are written, each once', async () => {
    const intake = makeIntake(t.app.db.intake, 128, 1)
    const group = Array.from({ length: 30 }, (_, i) => aSubmission(i % 10 === 4 ? { level: 9 } : {}))
    const result = await outcomes(group.map((s) => intake.submit(s)))
    expect(result).toEqual(group.map((s) => (s.evaluation.level === 9 ? 'failed' : true)))
    const ids = group.map((s) => s.evaluation.evaluation_id)
    for (const [table, column] of [
      ['evaluation', 'evaluation_id'],
      ['journal_entry', 'subject_id'],
      ['journal_pending', 'subject_id'],
      ['entry_text', 'subject_id'],
    ] as const)
      expect(await count(table, column, ids), table).toBe(27)
  })

  it('of many tries at one rating exactly one is told that it was written', async () => {
    const intake = makeIntake(t.app.db.intake, 8, 3)
    const id = randomUUID()
    const result = await outcomes(
      Array.from({ length: 25 }, () => intake.submit(aSubmission({ evaluation_id: id }))),
    )
    expect(result.filter((r) => r === true)).toHaveLength(1)
    expect(result.filter((r) => r === false)).toHaveLength(24)
    expect(await count('journal_entry', 'subject_id', [id])).toBe(1)
  })

  it('of two programs beside each other one writes and the other is told so', async () => {
    const [one, two] = [makeIntake(t.app.db.intake), makeIntake(t.app.db.intake)]
    const ids = Array.from({ length: 40 }, () => randomUUID())
    const tries = (intake: typeof one, order: string[]) =>
      order.map((id) => intake.submit(aSubmission({ evaluation_id: id })))
    const result = await outcomes([...tries(one, ids), ...tries(two, [...ids].reverse())])
    expect(result.filter((r) => r === true)).toHaveLength(40)
    expect(result.filter((r) => r === false)).toHaveLength(40)
  })

  it('when the database cannot be reached all are told at once, not one after the other', async () => {
    let asked = 0
    const db = openDatabase(t.ownerUrl.replace(/:\d+\//, ':1/'), t.app.keys, 1)
    const counting = db.intake.withPlugin({
      transformQuery: ({ node }) => {
        asked++
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const intake = makeIntake(counting, 128, 1)
    const result = await outcomes(Array.from({ length: 50 }, () => intake.submit(aSubmission())))
    expect(new Set(result)).toEqual(new Set(['failed']))
    expect(asked).toBeLessThanOrEqual(3)
    await db.close()
  })
})
