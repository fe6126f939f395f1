import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { appendEntry } from './journal.ts'
import { verifyLedger } from './verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

const write = (n: number) =>
  t.app.db.system.transaction().execute(async (tx) => {
    for (let i = 0; i < n; i++)
      await appendEntry(tx, {
        subjectId: randomUUID(),
        kind: 'test.happened',
        actor: 'system',
        at: t.clock.now,
        payload: { i },
        text: { note: `第 ${i} 条` },
      })
  })
const verify = () => verifyLedger(t.app, t.services.rowChecks)

describe('the ledger', () => {
  it('gives waiting entries positions without gaps and signs a checkpoint that verifies', async () => {
    await write(7)
    expect(await t.services.ledger.seal()).toBe(7)
    await write(30)
    expect(await t.services.ledger.seal(13)).toBe(13)
    expect(await t.services.ledger.seal()).toBe(17)
    const result = await verify()
    expect(result.findings).toEqual([])
    expect(result.size).toBe(37)
    expect(result.checkpoints).toBe(3)
  })

  it('seals each entry once when many sealers run at once', async () => {
    await write(50)
    await Promise.all([1, 2, 3, 4].map(() => t.services.ledger.seal(20)))
    while ((await t.services.ledger.seal()) > 0);
    const result = await verify()
    expect(result.findings).toEqual([])
    expect(result.size).toBe(87)
  })

  it('gives a consistency proof between any two sizes', async () => {
    const { proof } = await t.services.ledger.consistency(7, 87)
    expect(proof.length).toBeGreaterThan(0)
  })

  it.each([
    [
      'a payload',
      `update journal_entry set payload = jsonb_set(payload, '{i}', '99') where entry_id = $1`,
      /position 5/,
    ],
    ['an actor', `update journal_entry set actor = 'citizen' where entry_id = $1`, /position 5/],
    ['a text', `update entry_text set content = '{"note":"好"}' where entry_id = $1`, /entry/],
    ['a deleted entry', 'delete from journal_entry where entry_id = $1', /position 5/],
  ])('finds %s changed with the power of the database owner', async (_what, sql, where) => {
    const { rows } = await t.asOwner('select entry_id from ledger_leaf where position = 5')
    const id = rows[0].entry_id
    const before = await t.asOwner('select * from journal_entry where entry_id = $1', [id])
    const text = await t.asOwner('select * from entry_text where entry_id = $1', [id])
    await t.asOwner(sql, [id])
    const { findings } = await verify()
    expect(findings[0]?.where).toMatch(where)
    await t.asOwner('delete from journal_entry where entry_id = $1', [id])
    await t.asOwner('delete from entry_text where entry_id = $1', [id])
    const e = before.rows[0]
    await t.asOwner('insert into journal_entry values ($1, $2, $3, $4, $5, $6)', [
      e.subject_id,
      e.entry_id,
      e.kind,
      e.recorded_at,
      e.actor,
      JSON.stringify(e.payload),
    ])
    const x = text.rows[0]
    await t.asOwner('insert into entry_text values ($1, $2, $3, $4)', [
      x.subject_id,
      x.entry_id,
      x.salt,
      JSON.stringify(x.content),
    ])
    expect((await verify()).findings).toEqual([])
  })

  it('finds removed entries by the checkpoint that counted them', async () => {
    await t.asOwner('delete from ledger_leaf where position >= 80')
    const { findings } = await verify()
    expect(findings.some((f) => f.where === 'checkpoint 87')).toBe(true)
  })

  it.each(['intake', 'staff', 'system', 'portal'] as const)(
    'the %s role can neither change nor delete a fact',
    async (role) => {
      const db = t.app.db[role]
      for (const table of [
        'evaluation',
        'journal_entry',
        'entry_text',
        'personal_data',
        'visit',
        'invitation',
        'ledger_leaf',
        'ledger_checkpoint',
      ] as const) {
        await expect(db.deleteFrom(table).execute(), `${role} deletes ${table}`).rejects.toMatchObject({
          code: '42501',
        })
        const column = {
          evaluation: 'level',
          journal_entry: 'kind',
          entry_text: 'content',
          personal_data: 'salt',
          visit: 'stage',
          invitation: 'expires_at',
          ledger_leaf: 'position',
          ledger_checkpoint: 'body',
        }[table]
        await expect(
          t.app.db[role]
            .updateTable(table)
            .set({ [column]: null } as never)
            .execute(),
          `${role} updates ${table}`,
        ).rejects.toMatchObject({ code: '42501' })
      }
    },
  )
})
