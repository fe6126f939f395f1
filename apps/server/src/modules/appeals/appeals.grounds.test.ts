import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers } from '../../../../../tests/support/appeals.ts'
import {
  act,
  aSignedCase,
  loadCalendar,
  official,
  proposeRejection,
} from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'

let t: TestApp
let handler: Official
let district: Official
let city: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
})
afterAll(() => t.close())

const signed = () => aSignedCase(t, handler)
const propose = (id: string, reason: 'mistaken' | 'malicious') => proposeRejection(t, handler, id, reason)
async function decided(id: string, claim: 'mistaken' | 'malicious', outcome: string) {
  await appeal(t, handler, id, claim)
  await citizenAnswers(t, id)
  await actOnAppeal(t, district, id, 'decide', { outcome, reason: '证据不足。' })
}

describe('R29, Q99: what was decided on appeal is not decided otherwise beside it', () => {
  it.each(['upheld', 'partly'])(
    'an appeal decided as “%s” bars a rejection on the same grounds, not on others',
    async (outcome) => {
      const id = await signed()
      await decided(id, 'mistaken', outcome)
      await expect(propose(id, 'mistaken')).rejects.toMatchObject({
        status: 422,
        errors: [
          {
            field: 'rejectionReason',
            message:
              '理由：主张“误评”的申诉已经审理，没有得到支持，不能再以同样理由提出不予采纳。不服决定的，请在期限内申请复核。',
          },
        ],
      })
      expect(await propose(id, 'malicious')).toMatchObject({ state: 'rejection_proposed' })
    },
  )

  it('nor is a rejection confirmed that was proposed before; it can be sent back', async () => {
    const id = await signed()
    await propose(id, 'malicious')
    await decided(id, 'malicious', 'upheld')
    await expect(act(t, district, id, 'confirm_rejection', { note: '同意' })).rejects.toMatchObject({
      status: 422,
      errors: [{ message: expect.stringContaining('请退回继续核实') }],
    })
    expect(await act(t, district, id, 'refuse_rejection', { note: '申诉已有决定' })).toMatchObject({
      state: 'verifying',
    })
  })

  it('the re-examination is the way: what it grants is not barred, what it upholds stays so', async () => {
    const id = await signed()
    await decided(id, 'mistaken', 'upheld')
    await actOnAppeal(t, handler, id, 'request_reexamination', { statement: '证据没有看全' })
    await expect(propose(id, 'mistaken'), 'while it is being examined').rejects.toMatchObject({ status: 422 })
    t.clock.forward(8 * 86_400_000)
    await actOnAppeal(t, city, id, 'reexamine', { outcome: 'mistaken', reason: '监控清楚。' })
    expect(await propose(id, 'mistaken')).toMatchObject({ state: 'rejection_proposed' })
    t.clock.forward(-8 * 86_400_000)
  })

  it('an appeal that was withdrawn bars nothing', async () => {
    const id = await signed()
    await appeal(t, handler, id, 'mistaken')
    await actOnAppeal(t, handler, id, 'withdraw')
    expect(await propose(id, 'mistaken')).toMatchObject({ state: 'rejection_proposed' })
  })

  it('and the reverse: after a rejection that was confirmed there is nothing to appeal', async () => {
    const id = await signed()
    await propose(id, 'mistaken')
    await act(t, district, id, 'confirm_rejection', { note: '属实' })
    await expect(appeal(t, handler, id, 'mistaken')).rejects.toMatchObject({
      status: 409,
      code: 'already-not-adopted',
    })
  })
})
