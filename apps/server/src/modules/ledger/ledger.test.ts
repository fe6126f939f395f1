import { randomUUID } from 'node:crypto'
import {
  encodeEntry,
  fromBase64,
  leafHash,
  parseCheckpoint,
  sm2VerifySignature,
  sm3,
  verifyConsistency,
  verifyInclusion,
} from '@haochaping/ledger'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { mortalDatabase } from '../../../../../tests/support/mortal.ts'
import { openDatabase, roleUrl } from '../../platform/database.ts'
import { appendEntry, appendRows, entryRows } from './journal.ts'
import { makeLedgerService } from './ledger.service.ts'
import { verifyLedger } from './verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

const anEntry = (i: number) => ({
  subjectId: randomUUID(),
  kind: 'test.happened',
  actor: 'system',
  at: t.clock.now,
  payload: { i },
  text: { note: `第 ${i} 条` },
})
const write = async (n: number): Promise<string[]> => {
  const rows = Array.from({ length: n }, (_, i) => entryRows(anEntry(i)))
  await t.app.db.system.transaction().execute((tx) => appendRows(tx, rows))
  return rows.map((row) => row.entry.entry_id)
}
const sealAll = async () => {
  while ((await t.services.ledger.seal()) > 0);
}
const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
/** What the log and the waiting room hold. */
const state = async () => {
  const { rows } = await t.asOwner(
    `select (select count(*) from ledger_leaf)::int as leaves, (select count(*) from ledger_node)::int as nodes,
       (select count(*) from ledger_checkpoint)::int as checkpoints, (select count(*) from journal_pending)::int as pending`,
  )
  return rows[0] as { leaves: number; nodes: number; checkpoints: number; pending: number }
}
const positionOf = async (entryId: string): Promise<number> => {
  const { rows } = await t.asOwner('select position from ledger_leaf where entry_id = $1', [entryId])
  return rows.length === 1 ? Number(rows[0].position) : -1
}

describe('the sealer', () => {
  it('gives waiting entries positions without gaps and signs a checkpoint that verifies', async () => {
    await write(7)
    expect(await t.services.ledger.seal()).toBe(7)
    await write(30)
    expect(await t.services.ledger.seal(13)).toBe(13)
    expect(await t.services.ledger.seal()).toBe(17)
    expect(await t.services.ledger.seal()).toBe(0)
    const result = await verifyLedger(t.app, t.services.rowChecks)
    expect(result).toMatchObject({ findings: [], size: 37, entries: 37, checkpoints: 3 })
  })

  it('seals each entry once when many sealers, in many processes, run at once', async () => {
    const before = await state()
    await write(60)
    const others = [1, 2, 3].map(() => openDatabase(t.ownerUrl, t.app.keys, 1))
    const sealers = [t.app.db, ...others].map((db) => makeLedgerService({ ...t.app, db }))
    for (let round = 0; round < 6; round++) await Promise.all(sealers.map((sealer) => sealer.seal(7)))
    await sealAll()
    await Promise.all(others.map((db) => db.close()))
    expect(await state()).toMatchObject({ leaves: before.leaves + 60, pending: 0 })
    expect(await findings()).toEqual([])
  })

  it('gives an entry that was begun before others and committed after them a later position, and skips nothing', async () => {
    const late = new pg.Client({ connectionString: roleUrl(t.ownerUrl, t.app.keys, 'system') })
    await late.connect()
    const { entry } = entryRows({ ...anEntry(0), at: new Date(t.clock.now.getTime() - 60_000), text: {} })
    await late.query('begin')
    await late.query('insert into journal_entry values ($1, $2, $3, $4, $5, $6)', Object.values(entry))
    await late.query('insert into journal_pending values ($1, $2)', [entry.subject_id, entry.entry_id])
    const early = await write(3)
    await sealAll()
    expect(await positionOf(entry.entry_id)).toBe(-1)
    await late.query('commit')
    await late.end()
    expect(await t.services.ledger.seal()).toBe(1)
    const positions = await Promise.all(early.map(positionOf))
    expect(await positionOf(entry.entry_id)).toBe(Math.max(...positions) + 1)
    expect(await findings()).toEqual([])
  })

  it('never sees an entry whose transaction was given up', async () => {
    const before = await state()
    await expect(
      t.app.db.system.transaction().execute(async (tx) => {
        await appendEntry(tx, anEntry(0))
        throw new Error('given up')
      }),
    ).rejects.toThrow('given up')
    expect(await t.services.ledger.seal()).toBe(0)
    expect(await state()).toEqual(before)
  })

  it('killed before any statement of its transaction leaves everything as it was; the next one seals each once', async () => {
    const entries = await write(5)
    const before = await state()
    let kills = 0
    for (let n = 1; ; n++) {
      const mortal = mortalDatabase(t, n)
      const sealing = makeLedgerService({ ...t.app, db: mortal.db }).seal()
      if (n > 40) throw new Error('it never finishes')
      const sealed = await sealing.catch(() => null)
      await mortal.close()
      if (!mortal.died()) {
        expect(sealed).toBe(5)
        break
      }
      kills++
      expect(sealed, `killed before statement ${n}`).toBeNull()
      expect(await state(), `killed before statement ${n}`).toEqual(before)
    }
    // Begin, lock, pending, size, nodes, leaves, nodes, pending, checkpoint, commit.
    expect(kills).toBeGreaterThanOrEqual(9)
    expect(await state()).toMatchObject({
      leaves: before.leaves + 5,
      pending: 0,
      checkpoints: before.checkpoints + 1,
    })
    const positions = await Promise.all(entries.map(positionOf))
    expect([...positions].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 5 }, (_, i) => before.leaves + i),
    )
    expect(await findings()).toEqual([])
  })

  it('killed while it holds the lock does not keep the next one out', async () => {
    await write(1)
    const mortal = mortalDatabase(t, 3)
    await makeLedgerService({ ...t.app, db: mortal.db })
      .seal()
      .catch(() => null)
    expect(mortal.died()).toBe(true)
    expect(await t.services.ledger.seal()).toBe(1)
    await mortal.close()
  })
})

describe('what the log gives out', () => {
  it('is an inclusion proof of each entry that holds against the signed checkpoint, and none before it is sealed', async () => {
    const entry = anEntry(1)
    const entryId = await t.app.db.system.transaction().execute((tx) => appendEntry(tx, entry))
    expect(await t.services.ledger.proofOf(entry.subjectId, entryId)).toBeNull()
    await sealAll()
    const given = (await t.services.ledger.proofOf(entry.subjectId, entryId))!
    const { root, size } = parseCheckpoint(given.checkpoint.body)
    const leaf = leafHash(
      sm3,
      encodeEntry({ ...given.entry, recordedAt: BigInt(given.entry.recordedAt) } as Parameters<
        typeof encodeEntry
      >[0]),
    )
    expect(verifyInclusion(sm3, given.proof.map(fromBase64), given.position, size, leaf, root)).toBe(true)
    expect(
      sm2VerifySignature(
        given.checkpoint.publicKey,
        Buffer.from(given.checkpoint.body),
        fromBase64(given.checkpoint.signature),
      ),
    ).toBe(true)
    await expect(t.services.ledger.proofOf(entry.subjectId, randomUUID())).rejects.toMatchObject({
      code: 'entry-unknown',
    })
  })

  it('is a consistency proof between any two checkpoints', async () => {
    const points = await t.services.ledger.checkpoints(100, 0)
    expect(points.length).toBeGreaterThan(5)
    for (const [i, to] of points.entries())
      for (const from of points.slice(i)) {
        const { proof } = await t.services.ledger.consistency(from.size, to.size)
        const roots = [from, to].map((c) => fromBase64(c.root)) as [Uint8Array, Uint8Array]
        expect(verifyConsistency(sm3, proof.map(fromBase64), from.size, to.size, ...roots)).toBe(true)
      }
  })

  it.each([
    [0, 5],
    [6, 5],
    [1, 1_000_000],
  ])('is no proof from %i to %i', async (from, to) => {
    await expect(t.services.ledger.consistency(from, to)).rejects.toMatchObject({ code: 'bad-range' })
  })
})

describe('an entry', () => {
  it.each([{ share: 0.5 }, { big: 2 ** 60 }, { text: 'a\0b' }, { text: '\ud800' }])(
    'that has no canonical encoding is refused before anything is written: %j',
    async (payload) => {
      const before = await state()
      await expect(
        t.app.db.system.transaction().execute((tx) => appendEntry(tx, { ...anEntry(0), payload })),
      ).rejects.toThrow(TypeError)
      expect(await state()).toEqual(before)
    },
  )

  it('keeps its free text out of the journal: only a salted commitment stands there', async () => {
    const entry = { ...anEntry(0), text: { note: '我的电话 13812345678', empty: '' } }
    const entryId = await t.app.db.system.transaction().execute((tx) => appendEntry(tx, entry))
    const { rows } = await t.asOwner('select payload from journal_entry where entry_id = $1', [entryId])
    expect(rows[0].payload).toEqual({ i: 0, textCommitment: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const { rows: texts } = await t.asOwner('select content from entry_text where entry_id = $1', [entryId])
    expect(texts[0].content).toEqual({ note: '我的电话 13812345678' })
    const [a, b] = [entryRows(entry), entryRows(entry)]
    expect(a.entry.payload).not.toBe(b.entry.payload)
  })
})
