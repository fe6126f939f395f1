import { randomUUID } from 'node:crypto'
import { fromBase64, parseCheckpoint, sm3, verifyConsistency } from '@haochaping/ledger'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { invite, rate } from '../../../../../tests/support/rating.ts'
import { type Attack, testAttack } from '../../../../../tests/support/tampering.ts'
import { generateSm2KeyPair, loadSm2Signer } from '../../platform/crypto/sm2.ts'
import { openDatabase } from '../../platform/database.ts'
import { makeLedgerService } from './ledger.service.ts'
import { verifyLedger } from './verify.ts'

let t: Attack
beforeAll(async () => {
  t = await testAttack()
})
afterAll(() => t.close())
afterEach(() => t.putBack())

describe('an attacker who covers the traces', () => {
  it('by recomputing leaf and nodes is found by the signed checkpoint, which narrows it down', async () => {
    const { rows } = await t.owner.query(
      `select entry_id from journal_entry where kind = 'evaluation.submitted' and payload ->> 'level' = '5'`,
    )
    await t.owner.query(
      `update journal_entry set payload = jsonb_set(payload, '{level}', '1') where entry_id = $1`,
      [rows[0].entry_id],
    )
    await t.owner.query(`update evaluation set level = 1 where level = 5`)
    // The program itself, run by the attacker over emptied tables, makes a tree that fits the forged entry.
    const { rows: order } = await t.owner.query('table ledger_leaf order by position')
    await t.owner.query(
      'begin; delete from ledger_leaf; delete from ledger_node; delete from ledger_checkpoint; commit',
    )
    for (const leaf of order) {
      await t.owner.query('insert into journal_pending values ($1, $2)', [leaf.subject_id, leaf.entry_id])
      await t.services.ledger.seal()
    }
    await t.owner.query(
      'begin; delete from ledger_checkpoint; insert into ledger_checkpoint table kept_ledger_checkpoint; commit',
    )
    const { rows: points } = await t.owner.query('select size from ledger_checkpoint order by size')
    const sizes = points.map((p) => Number(p.size))
    const forged = order.findIndex((leaf) => leaf.entry_id === rows[0].entry_id)
    const [before, after] = [sizes.findLast((n) => n <= forged) ?? 0, sizes.find((n) => n > forged)!]
    expect((await t.findings()).slice(0, 2).map((f) => f.where)).toEqual([
      `checkpoint ${after}`,
      `positions ${before} to ${after - 1}`,
    ])
  })

  it('by signing a checkpoint with a key of their own is found', async () => {
    const own = loadSm2Signer(generateSm2KeyPair().privatePem)
    const { rows } = await t.owner.query('table ledger_checkpoint order by size desc limit 1')
    const signature = own.sign(Buffer.from(rows[0].body))
    await t.owner.query('update ledger_checkpoint set signature = $1 where size = $2', [
      signature,
      rows[0].size,
    ])
    expect((await t.findings())[0]?.what).toMatch(/signature is not valid/)
    await t.owner.query('update ledger_checkpoint set key_id = $1 where size = $2', [own.keyId, rows[0].size])
    expect((await t.findings())[0]?.what).toMatch(/unknown key/)
  })

  it('by taking the newest entries out of the log is found by the checkpoint that counted them', async () => {
    const { rows } = await t.owner.query('select max(size) as size from ledger_checkpoint')
    await t.owner.query('delete from ledger_leaf where position >= $1', [rows[0].size - 2])
    expect((await t.findings()).map((f) => f.where)).toContain(`checkpoint ${rows[0].size}`)
  })

  it('by taking away the newest of everything is found by who has followed it already', async () => {
    await t.owner.query(`begin;
      create temp table gone as select * from ledger_leaf where position >= (
        select max(size) from ledger_checkpoint where size < (select max(size) from ledger_checkpoint));
      delete from journal_entry e using gone g where g.subject_id = e.subject_id and g.entry_id = e.entry_id;
      delete from entry_text e using gone g where g.subject_id = e.subject_id and g.entry_id = e.entry_id;
      delete from ledger_leaf l using gone g where g.position = l.position;
      delete from ledger_node where (index + 1) * (2 ^ level) > (select max(position) + 1 from ledger_leaf);
      delete from ledger_checkpoint where size > (select max(position) + 1 from ledger_leaf);
      delete from evaluation e where not exists (select 1 from journal_entry j where j.entry_id = e.entry_id);
      delete from visit v where not exists (select 1 from journal_entry j where j.entry_id = v.entry_id);
      delete from invitation i where not exists (select 1 from visit v where v.visit_id = i.visit_id);
      delete from personal_data p where not exists (select 1 from visit v where v.visit_id = p.owner_id)
        and not exists (select 1 from evaluation e where e.evaluation_id = p.owner_id);
      commit`)
    const findings = await t.findings()
    expect(findings.some((f) => /has already followed/.test(f.what))).toBe(true)
    // With the cursors, the cases and the figures set back too nothing inside is left to show it …
    await t.owner.query('update consumer_cursor set position = (select max(position) + 1 from ledger_leaf)')
    const inside = (await t.findings()).filter((f) => !/^(case|figures) /.test(f.where))
    expect(inside).toEqual([])
  })

  it('… but a checkpoint that was given out before does: the log that grew in its place does not extend it', async () => {
    const given = (await t.services.ledger.latest())!
    await t.owner.query(
      `begin; delete from ledger_leaf where position >= ${given.size - 1};
       delete from ledger_node where (index + 1) * (2 ^ level) > ${given.size - 1};
       delete from ledger_checkpoint where size = ${given.size}; commit`,
    )
    await t.write(1)
    await t.services.ledger.seal()
    await t.write(5)
    await t.services.ledger.seal()
    const now = (await t.services.ledger.latest())!
    const kept = parseCheckpoint(given.body)
    const against = await verifyLedger(t.app, t.services.rowChecks, { kept })
    expect(against.findings.map((f) => f.where)).toContain(`kept checkpoint ${given.size}`)
    const shorter = await verifyLedger(t.app, t.services.rowChecks, { kept: { ...kept, size: now.size + 1 } })
    expect(shorter.findings.map((f) => f.what)).toContainEqual(expect.stringMatching(/were removed/))
    expect(now.size).toBe(given.size + 5)
    const { proof } = await t.services.ledger.consistency(given.size, now.size)
    const consistent = (from: string) =>
      verifyConsistency(
        sm3,
        proof.map(fromBase64),
        given.size,
        now.size,
        fromBase64(from),
        fromBase64(now.root),
      )
    expect(consistent(given.root)).toBe(false)
    expect(consistent((await t.services.ledger.rootAt(given.size)).toString('base64'))).toBe(true)
  })
})

describe('an attacker who writes before the sealer does', () => {
  /** Writes a rating of a visit nobody rated, in every table as the program does, modelled on one that is there. */
  async function makeUp(): Promise<string> {
    await invite(t)
    const { rows } = await t.owner.query(
      `select v.evaluation_id, v.visit_id from visit v left join evaluation e using (evaluation_id)
       where e.evaluation_id is null limit 1`,
    )
    const change = { ...rows[0], submission_id: randomUUID(), entry_id: randomUUID() }
    const told = { visitId: change.visit_id, submissionId: change.submission_id }
    await t.owner.query(
      `create temp table model as select * from evaluation where not has_words and not real_name limit 1`,
    )
    await t.owner.query(
      `insert into evaluation select (jsonb_populate_record(model, $1::jsonb)).* from model`,
      [change],
    )
    await t.owner.query(
      `insert into journal_entry select $1::uuid, $2::uuid, e.kind, e.recorded_at, e.actor, e.payload || $3::jsonb
       from journal_entry e join model using (entry_id)`,
      [change.evaluation_id, change.entry_id, told],
    )
    await t.owner.query('insert into journal_pending values ($1, $2)', [
      change.evaluation_id,
      change.entry_id,
    ])
    await t.owner.query('drop table model')
    return change.evaluation_id
  }

  it('makes up a rating, has it sealed, and is found', async () => {
    const id = await makeUp()
    await t.settle()
    expect(await t.findings()).toEqual([
      { where: `evaluation ${id}`, what: expect.stringContaining('was not given through the program') },
    ])
  })

  it('betters a rating in its row and its entry, has it sealed, and is found', async () => {
    const { evaluationId } = await rate(t, { level: 3 })
    await t.owner.query('update evaluation set level = 5 where evaluation_id = $1', [evaluationId])
    await t.owner.query(
      `update journal_entry set payload = jsonb_set(payload, '{level}', '5') where subject_id = $1 and kind = 'evaluation.submitted'`,
      [evaluationId],
    )
    await t.settle()
    expect(await t.findings()).toEqual([
      { where: `evaluation ${evaluationId}`, what: expect.stringContaining('changed before it was sealed') },
    ])
  })
})

it('verifying while entries come in and are sealed finds nothing wrong', async () => {
  const db = openDatabase(t.ownerUrl, t.app.keys, 2)
  const ledger = makeLedgerService({ ...t.app, db })
  let busy = true
  const writing = (async () => {
    while (busy) {
      await t.write(1, db)
      await ledger.seal(1)
    }
  })()
  try {
    for (let i = 0; i < 15; i++) expect(await t.findings()).toEqual([])
  } finally {
    busy = false
    await writing
    await db.close()
  }
})
