import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { appendRows, entryRows } from './journal.ts'
import { verifyLedger } from './verify.ts'

const ENTRIES = 20_000

let t: TestApp
beforeAll(async () => {
  t = await testApp()
  for (let done = 0; done < ENTRIES; done += 4_000) {
    const rows = Array.from({ length: 4_000 }, (_, i) =>
      entryRows({
        subjectId: randomUUID(),
        kind: 'evaluation.imagined',
        actor: 'citizen',
        at: new Date(t.clock.now.getTime() + done + i),
        payload: { level: 1 + (i % 5), itemCode: '1122010099990029XW3000131001000', realName: i % 2 === 0 },
      }),
    )
    await t.app.db.system.transaction().execute((tx) => appendRows(tx, rows))
  }
})
afterAll(() => t.close())

// Generous by far, so that a busy machine passes; what grows with the square of the size does not.
it(`${ENTRIES} entries are sealed in seconds`, { timeout: 60_000 }, async () => {
  const start = performance.now()
  while ((await t.services.ledger.seal()) > 0);
  expect(performance.now() - start).toBeLessThan(30_000)
})

it(`${ENTRIES} entries are verified in seconds, all of them`, { timeout: 60_000 }, async () => {
  const start = performance.now()
  const steps: number[] = []
  const result = await verifyLedger(t.app, t.services.rowChecks, { progress: (done) => steps.push(done) })
  expect(performance.now() - start).toBeLessThan(30_000)
  expect(result).toMatchObject({ size: ENTRIES, entries: ENTRIES, findings: [] })
  expect(steps.at(-1)).toBe(ENTRIES)
})

it('a proof from so large a log is as long as the tree is high', async () => {
  const { rows } = await t.asOwner('select subject_id, entry_id from ledger_leaf where position = 12345')
  const given = await t.services.ledger.proofOf(rows[0].subject_id, rows[0].entry_id)
  expect(given?.proof.length).toBe(15)
  const { proof } = await t.services.ledger.consistency(12_345, ENTRIES)
  expect(proof.length).toBeLessThanOrEqual(16)
})
