import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import { verifyLedger } from './verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  await rate(t)
  await t.settle()
})
afterAll(() => t.close())
const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings

describe('an attacker who moves the cursor of a consumer on', () => {
  const pass = (consumer: string) =>
    t.asOwner(
      `update consumer_cursor set position = (select max(position) + 1 from ledger_leaf) where consumer = $1`,
      [consumer],
    )

  it('spares an organisation the case of a negative rating, and is found', async () => {
    const { evaluationId } = await rate(t, { level: 5, hallLevel: 1 })
    await t.services.ledger.seal()
    await pass('rectification')
    await t.settle()
    expect(await findings()).toContainEqual({
      where: `evaluation ${evaluationId}`,
      what: 'is negative and was passed over: it has no case',
    })
    await t.asOwner(`update consumer_cursor set position = 0 where consumer = 'rectification'`)
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('keeps a reply from the citizen, and is found', async () => {
    const handler = await official(t, 'handler-dh')
    const id = await aCase(t)
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, id, 'explained', { explanation: '说明' })
    await act(t, handler, id, 'reply', { reply: '说明如下。' })
    await t.services.ledger.seal()
    await pass('notifications')
    await t.settle()
    expect(await findings()).toContainEqual({
      where: `reply to ${id}`,
      what: 'was passed over: no message tells of it',
    })
  })
})
