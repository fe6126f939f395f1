import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { mortalDatabase } from '../../../../../tests/support/mortal.ts'
import { openDatabase, type Tx } from '../../platform/database.ts'
import { advance, type Consumer, rebuild, type SealedEntry } from './consumers.ts'
import { appendRows, entryRows } from './journal.ts'

let t: TestApp
let written = 0
beforeAll(async () => {
  t = await testApp()
  await write(20)
})
afterAll(() => t.close())

async function write(n: number): Promise<void> {
  const rows = Array.from({ length: n }, () =>
    entryRows({
      subjectId: randomUUID(),
      kind: 'test.happened',
      actor: 'system',
      at: t.clock.now,
      payload: { n: written++ },
    }),
  )
  await t.app.db.system.transaction().execute((tx) => appendRows(tx, rows))
  await t.services.ledger.seal()
}

/** Keeps the list of positions it was handed in a row: an effect that a doubled or missed entry would show in. */
function listing(name: string, more: Partial<Consumer> = {}) {
  const read = async (db: Tx | TestApp['app']['db']['system']): Promise<number[]> => {
    const row = await db.selectFrom('deployment').select('value').where('key', '=', name).executeTakeFirst()
    return row ? (JSON.parse(row.value) as number[]) : []
  }
  const put = (tx: Tx, value: number[]) =>
    tx
      .insertInto('deployment')
      .values({ key: name, value: JSON.stringify(value) })
      .onConflict((c) => c.column('key').doUpdateSet((e) => ({ value: e.ref('excluded.value') })))
      .execute()
  const consumer: Consumer = {
    name,
    async handle(tx, entries) {
      await put(tx, [...(await read(tx)), ...entries.map((e) => e.position)])
    },
    async reset(tx) {
      await put(tx, [])
    },
    ...more,
  }
  return { consumer, seen: () => read(t.app.db.system) }
}
const allPositions = () => Array.from({ length: written }, (_, i) => i)
const cursorOf = async (name: string) => {
  const { rows } = await t.asOwner('select position from consumer_cursor where consumer = $1', [name])
  return rows.length === 0 ? 0 : Number(rows[0].position)
}

describe('a consumer', () => {
  it('gets every sealed entry once, in ledger order, as it was written', async () => {
    const got: SealedEntry[] = []
    const { consumer, seen } = listing('order')
    const watching: Consumer = {
      ...consumer,
      async handle(tx, entries) {
        got.push(...entries)
        await consumer.handle(tx, entries)
      },
    }
    expect(await advance(t.app, watching)).toBe(written)
    expect(await advance(t.app, watching)).toBe(0)
    await write(3)
    expect(await advance(t.app, watching)).toBe(3)
    expect(await seen()).toEqual(allPositions())
    expect(got[0]).toMatchObject({ kind: 'test.happened', actor: 'system', recordedAt: t.clock.now })
    expect(got.map((e) => e.payload.n).sort((a, b) => Number(a) - Number(b))).toEqual(allPositions())
  })

  it('is handed nothing that is not sealed yet', async () => {
    const { consumer } = listing('unsealed')
    await advance(t.app, consumer)
    const rows = entryRows({
      subjectId: randomUUID(),
      kind: 'x',
      actor: 'system',
      at: t.clock.now,
      payload: {},
    })
    await t.app.db.system.transaction().execute((tx) => appendRows(tx, [rows]))
    expect(await advance(t.app, consumer)).toBe(0)
    await t.services.ledger.seal()
    written++
    expect(await advance(t.app, consumer)).toBe(1)
  })

  it('that fails in the middle has done nothing, and gets the same entries again', async () => {
    let failures = 2
    const { consumer, seen } = listing('failing')
    const failing: Consumer = {
      ...consumer,
      async handle(tx, entries) {
        await consumer.handle(tx, entries)
        if (failures-- > 0) throw new Error('out of order')
      },
    }
    for (let i = 0; i < 2; i++) {
      await expect(advance(t.app, failing)).rejects.toThrow('out of order')
      expect([await seen(), await cursorOf('failing')]).toEqual([[], 0])
    }
    await advance(t.app, failing)
    expect([await seen(), await cursorOf('failing')]).toEqual([allPositions(), written])
  })

  it('killed before any statement has moved either both its effect and its cursor or neither', async () => {
    const { consumer, seen } = listing('mortal')
    for (let n = 1; ; n++) {
      const mortal = mortalDatabase(t, n)
      await advance({ ...t.app, db: mortal.db }, consumer).catch(() => null)
      await mortal.close()
      if (!mortal.died()) break
      expect([await seen(), await cursorOf('mortal')], `before statement ${n}`).toEqual([[], 0])
      if (n > 40) throw new Error('it never finishes')
    }
    expect([await seen(), await cursorOf('mortal')]).toEqual([allPositions(), written])
  })

  it('followed by many processes at once still sees each entry once', async () => {
    const { consumer, seen } = listing('crowd')
    const others = [1, 2, 3].map(() => openDatabase(t.ownerUrl, t.app.keys, 1))
    await Promise.all([t.app.db, ...others].map((db) => advance({ ...t.app, db }, consumer)))
    await write(5)
    await Promise.all([t.app.db, ...others].map((db) => advance({ ...t.app, db }, consumer)))
    await Promise.all(others.map((db) => db.close()))
    expect(await seen()).toEqual(allPositions())
  })

  it('rebuilt begins again from the first entry, in batches, and ends where it was', async () => {
    for (let i = 0; i < 3; i++) await write(800)
    const { consumer, seen } = listing('rebuilt')
    while ((await advance(t.app, consumer)) > 0);
    const steps: number[] = []
    expect(await rebuild(t.app, consumer, (done) => steps.push(done))).toBe(written)
    expect(steps.length).toBeGreaterThan(2)
    expect(steps.at(-1)).toBe(written)
    expect(await seen()).toEqual(allPositions())
  })

  it('whose effects are facts themselves cannot be rebuilt', async () => {
    const { consumer } = listing('facts')
    const { reset: _reset, ...lasting } = consumer
    await expect(rebuild(t.app, lasting)).rejects.toThrow('cannot be rebuilt')
  })

  it('stops at an entry that was taken out, rather than counting past it', async () => {
    const { consumer, seen } = listing('gap')
    await t.asOwner('create table gone as select * from ledger_leaf where position = 4')
    await t.asOwner('delete from ledger_leaf where position = 4')
    await expect(advance(t.app, consumer)).rejects.toThrow('ledger position 4 is gone')
    expect(await seen()).toEqual([])
    await t.asOwner('insert into ledger_leaf table gone')
    await t.asOwner('create table kept as select * from journal_entry')
    await t.asOwner('delete from journal_entry using gone g where g.entry_id = journal_entry.entry_id')
    await expect(advance(t.app, consumer)).rejects.toThrow('position 4: its journal entry is gone')
    await t.asOwner('insert into journal_entry select k.* from kept k join gone g using (entry_id)')
    await advance(t.app, consumer)
    expect((await seen())[0]).toBe(0)
  })
})
