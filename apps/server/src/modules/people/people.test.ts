import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
})
afterAll(() => t.close())

const person = (id: string) => t.services.people.person(t.app.db.intake, id)

describe('the person behind a rating', () => {
  it('is what the business system reported, and what the evaluator wrote wins over it', async () => {
    const { evaluationId } = await rate(t, { realName: true, name: '赵兰', phone: '13998765432' })
    expect(await person(evaluationId)).toEqual({
      name: '赵兰',
      phone: '13998765432',
      idNumber: '990101199003072344',
    })
  })

  it('is nobody when nothing was reported and nothing given', async () => {
    const { evaluationId } = await rate(t, {}, { applicant: {} })
    expect(await person(evaluationId)).toBeNull()
    expect(
      (await t.asOwner('select 1 from personal_data where evaluation_id = $1', [evaluationId])).rows,
    ).toEqual([])
  })

  it('lies sealed in its own table: the same name twice leaves nothing alike but the keyed index', async () => {
    const rows = []
    for (let i = 0; i < 2; i++) {
      const { evaluationId } = await rate(t)
      rows.push(
        (await t.asOwner('select * from personal_data where evaluation_id = $1', [evaluationId])).rows[0],
      )
    }
    const [one, two] = rows
    for (const column of ['name', 'phone', 'id_number', 'salt', 'wrapped_key'])
      expect(one[column].equals(two[column]), column).toBe(false)
    expect(one.phone_index.equals(two.phone_index)).toBe(true)
    expect(one.id_number_index.equals(two.id_number_index)).toBe(true)
  })

  it('cannot be put under another rating: what was sealed for one does not open for another', async () => {
    const [one, two] = [await rate(t), await rate(t)]
    await t.asOwner(
      `update personal_data a set name = b.name, wrapped_key = b.wrapped_key from personal_data b
       where a.evaluation_id = $1 and b.evaluation_id = $2`,
      [one.evaluationId, two.evaluationId],
    )
    await expect(person(one.evaluationId)).rejects.toThrow()
    await t.settle()
    const { findings } = await verifyLedger(t.app, t.services.rowChecks)
    expect(findings.some((f) => f.where.includes('personal data'))).toBe(true)
    await t.asOwner('delete from personal_data where evaluation_id = $1', [one.evaluationId])
  })

  it('can be taken away, and the proof of the rating stays what it was', async () => {
    const { evaluationId, receiptToken } = await rate(t, { realName: true, level: 1 })
    await t.settle()
    const proof = async () =>
      (await t.server.inject({ method: 'GET', url: `/api/v1/receipts/${receiptToken}/proof` })).json()
    const before = await proof()
    await t.asOwner('delete from personal_data where evaluation_id = $1', [evaluationId])
    expect(await person(evaluationId)).toBeNull()
    expect((await proof()).entry).toEqual(before.entry)
  })
})
