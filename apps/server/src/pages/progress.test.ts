import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { act, loadCalendar, official } from '../../../../tests/support/cases.ts'
import { complain } from '../../../../tests/support/complaints.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import { aCitizen } from '../../../../tests/support/page.ts'
import { anAffairNumber, aVisit } from '../../../../tests/support/visits.ts'
import type { Official } from '../modules/identity/official.ts'

// The progress page of a complaint, by its secret link and without any script.

let t: TestApp
let handler: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())

async function reply(id: string): Promise<void> {
  await act(t, handler, id, 'record_contact', { medium: 'phone', result: 'reached', note: '已说明' })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
  await act(t, handler, id, 'explained', { explanation: '说明' })
  await act(t, handler, id, 'reply', { reply: '中午已安排人值班。' })
}

it('Q60: goes from the number to the reply and the re-survey, and asks what the organisation wants to know', async () => {
  const [citizen, { id, token, complaintNumber }] = [aCitizen(t), await complain(t)]
  const page = async () => (await citizen.open(`/p/${token}`)).body
  expect(await page()).toContain('正在转给负责处理的单位')
  await t.settle()
  expect(await page()).toContain('已收到投诉')
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'ask_citizen', { question: '是哪一天的中午？' })
  expect(await page()).toContain('是哪一天的中午？')
  const empty = await citizen.send(`/p/${token}/supply`, { words: ' ' })
  expect([empty.statusCode, empty.body.includes('请写下要补充的情况')]).toEqual([422, true])
  expect((await citizen.send(`/p/${token}/supply`, { words: '上周三。' })).statusCode).toBe(303)
  expect((await citizen.send(`/p/${token}/supply`, { words: '上周四。' })).statusCode).toBe(409)
  expect(await page()).not.toContain('是哪一天的中午？')
  await reply(id)
  const answered = await page()
  expect(answered).toContain('中午已安排人值班。')
  expect(answered).toContain('您的问题解决了吗')
  const wrong = await citizen.send(`/p/${token}/survey`, {})
  expect([wrong.statusCode, wrong.body.includes('请选择问题是否解决')]).toEqual([422, true])
  expect((await citizen.send(`/p/${token}/survey`, { answer: 'satisfied' })).statusCode).toBe(303)
  const closed = await page()
  expect(closed).toContain('评价人确认已解决')
  expect(closed).toContain(complaintNumber)
})

it('R17: who has answered reads that others are still asked', async () => {
  const affairNumber = anAffairNumber()
  await t.services.affairs.report({ source: 'hall' }, [aVisit({ affairNumber })])
  const one = await complain(t, { affairNumber })
  // The case is that of the first: of the same moment, either could be.
  await t.settle()
  const two = await complain(t, { affairNumber })
  await t.settle()
  await act(t, handler, one.id, 'sign', { verifier: handler.accountId })
  await reply(one.id)
  const citizen = aCitizen(t)
  await citizen.send(`/p/${two.token}/survey`, { answer: 'satisfied' })
  expect((await citizen.open(`/p/${two.token}`)).body).toContain('这件事还有其他人反映')
  expect((await citizen.open(`/p/${one.token}`)).body).toContain('您的问题解决了吗')
})

it('a receipt of a complaint can be proved from the log as one of a rating can', async () => {
  const { token, id } = await complain(t)
  expect((await t.server.inject(`/api/v1/receipts/${token}/proof`)).statusCode).toBe(202)
  await t.settle()
  const proof = await t.server.inject(`/api/v1/receipts/${token}/proof`)
  expect(proof.statusCode).toBe(200)
  expect(proof.body).toContain(id)
})
