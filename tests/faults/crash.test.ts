import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visitsAtWindows } from '../support/city.ts'
import { pendingEntries } from '../support/metrics.ts'
import { reportVisits } from '../support/partner.ts'
import { type Program, runProgram, startProgram } from '../support/program.ts'
import { type Installed, install } from './installation.ts'

const COUNT = 2_000
const AT_ONCE = 64
/** The cut comes when so many have been acknowledged, with as many as AT_ONCE more under way. */
const CUT_AT = 600

interface Rating {
  token: string
  evaluation: Record<string, unknown>
}
interface Receipt {
  evaluationId: string
  receiptNumber: string
  receiptToken: string
  level: number
}

let city: Installed
let program: Program
beforeAll(async () => {
  city = await install()
  program = await startProgram(['start'], city.env)
})
afterAll(async () => {
  await program?.stop()
  city?.remove()
})

/** Sends all, so many at once, until all are sent or the program is gone; gives the receipts by token. */
async function send(ratings: Rating[], onReceipt: (count: number) => void = () => {}) {
  const receipts = new Map<string, Receipt>()
  const waiting = [...ratings]
  const one = async () => {
    for (let rating = waiting.shift(); rating; rating = waiting.shift()) {
      const answer = await fetch(`${program.url}/api/v1/evaluations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rating),
      })
        .then(async (a) => ({ status: a.status, body: (await a.json()) as Receipt }))
        .catch(() => null)
      // Only a whole answer is an acknowledgement.
      if (!answer) return
      if (answer.status >= 500) continue
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
      receipts.set(rating.token, answer.body)
      onReceipt(receipts.size)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return receipts
}

/** Waits until everything written has its place in the ledger. */
async function sealed(): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if ((await pendingEntries(program.url)) === 0) return
    await new Promise((r) => setTimeout(r, 100))
  }
  throw new Error('the sealer did not catch up within 30 s')
}

const stored = () =>
  city.query<{ evaluation_id: string; receipt_number: string; level: number }>(
    'select evaluation_id, receipt_number, level from evaluation',
  )

test('a power cut in the middle of 2 000 ratings loses none that was acknowledged, and doubles none', async () => {
  expect(await city.query('show fsync')).toEqual([{ fsync: 'on' }])
  const visits = visitsAtWindows(COUNT)
  const tokens: string[] = []
  for (let i = 0; i < COUNT; i += 500)
    tokens.push(...(await reportVisits(program.url, city.key, visits.slice(i, i + 500))).map((a) => a.token))
  const ratings = tokens.map(
    (token, i): Rating => ({
      token,
      evaluation: {
        level: (i % 5) + 1,
        optionCodes: [],
        words: `第 ${i} 条`,
        realName: i % 2 === 0,
        channel: 3,
        submissionId: randomUUID(),
      },
    }),
  )

  let cut: Promise<void> | undefined
  const acknowledged = await send(ratings, (count) => {
    if (count >= CUT_AT && !cut) cut = city.kill(program)
  })
  await cut
  expect(acknowledged.size).toBeGreaterThanOrEqual(CUT_AT)
  expect(acknowledged.size).toBeLessThan(COUNT)

  program = await startProgram(['start'], city.env)
  const survived = new Map((await stored()).map((row) => [row.evaluation_id, row]))
  for (const receipt of acknowledged.values())
    expect(survived.get(receipt.evaluationId)).toMatchObject({
      receipt_number: receipt.receiptNumber,
      level: receipt.level,
    })

  // Whoever got no answer sends again, and so do some who had one but lost it.
  const again = await send(ratings.filter((r, i) => !acknowledged.has(r.token) || i % 10 === 0))
  for (const [token, receipt] of again)
    if (acknowledged.has(token)) expect(receipt).toEqual(acknowledged.get(token))
  expect(new Set([...acknowledged.keys(), ...again.keys()]).size).toBe(COUNT)
  await sealed()

  const evaluations = await stored()
  expect(evaluations).toHaveLength(COUNT)
  const receipts = new Set([...acknowledged.values(), ...again.values()].map((r) => r.receiptNumber))
  expect(new Set(evaluations.map((e) => e.receipt_number))).toEqual(receipts)

  const [journal] = await city.query(`
    select (select count(*) from journal_entry where kind = 'evaluation.submitted') as submitted,
      (select count(*) from journal_entry where kind = 'visit.reported') as reported,
      (select count(*) from journal_entry) = (select count(*) from ledger_leaf) as as_many_leaves,
      (select count(*) from journal_entry e join ledger_leaf l using (subject_id, entry_id))
        = (select count(*) from journal_entry) as each_sealed_once,
      (select max(position) + 1 = count(*) and min(position) = 0 from ledger_leaf) as without_gaps`)
  expect(journal).toEqual({
    submitted: COUNT,
    reported: COUNT,
    as_many_leaves: true,
    each_sealed_once: true,
    without_gaps: true,
  })

  const verified = await runProgram(['ledger', 'verify'], city.env)
  expect(verified.printed).toContain('核对无误')
  expect(verified.code).toBe(0)
})
