import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'

// The re-survey by SMS reply: '1' solved, '2' not solved, from the telephone that was written to.

const SECRET = 'callback-secret-of-the-test'
let t: TestApp
let handler: Official
let phones = 0
const aPhone = () => `139${String(10_000_000 + ++phones)}`
beforeAll(async () => {
  t = await testCity({ HAOCHAPING_SMS_CALLBACK_SECRET: SECRET })
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())

const reply = async (phone: string, text: string) =>
  (
    await t.server.inject({
      method: 'POST',
      url: '/api/v1/messages/replies',
      headers: { authorization: `Bearer ${SECRET}` },
      payload: { phone, text },
    })
  ).json().status as string
const view = (id: string) => t.services.rectification.citizenView(id)

async function answerCitizen(id: string): Promise<string> {
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  const detail = await t.services.rectification.detail(handler, id)
  if (detail.realName)
    await act(t, handler, id, 'record_contact', { medium: 'phone', result: 'reached', note: '已说明' })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
  await act(t, handler, id, 'explained', { explanation: '说明' })
  await act(t, handler, id, 'reply', { reply: '情况说明如下。' })
  return detail.caseNumber
}
const realName = (phone: string) => aCase(t, { realName: true, name: '周敏', phone })

describe('the re-survey by SMS reply', () => {
  it('R17, Q70: 1 closes the case as solved, 2 opens it again', async () => {
    const [yes, no] = [aPhone(), aPhone()]
    const [solved, unsolved] = [await realName(yes), await realName(no)]
    await answerCitizen(solved)
    await answerCitizen(unsolved)
    expect(await reply(yes, ' 1 ')).toBe('answered')
    expect(await view(solved)).toMatchObject({ state: 'closed', outcomeLabel: '评价人确认已解决' })
    expect(await reply(no, '2。')).toBe('answered')
    expect(await view(unsolved)).toMatchObject({ state: 'reopened' })
    expect(await reply(yes, '2')).toBe('nothing-asked')
    expect(await view(solved)).toMatchObject({ state: 'closed' })
  })

  it('Q70: takes an answer for nothing but an answer', async () => {
    const phone = aPhone()
    const id = await realName(phone)
    await answerCitizen(id)
    for (const text of ['', '谢谢', '12', '3', '没有1', '1 分'])
      expect(await reply(phone, text), text).toBe('ignored')
    expect(await reply(aPhone(), '1')).toBe('nothing-asked')
    expect(await view(id)).toMatchObject({ state: 'resurvey' })
  })

  it('Q70: of two cases it must say which', async () => {
    const phone = aPhone()
    const [one, two] = [await realName(phone), await realName(phone)]
    const number = await answerCitizen(one)
    await answerCitizen(two)
    expect(await reply(phone, '1')).toBe('which')
    expect(await reply(phone, `1 ${number.slice(-8)}`)).toBe('answered')
    expect(await view(one)).toMatchObject({ state: 'closed' })
    expect(await view(two)).toMatchObject({ state: 'resurvey' })
    expect(await reply(phone, '2')).toBe('answered')
    expect(await view(two)).toMatchObject({ state: 'reopened' })
  })

  it('R28: who rated without a name is not known by the telephone the business system holds', async () => {
    const phone = aPhone()
    const id = await aCase(t, {}, { applicant: { name: '赵小兰', phone } })
    await answerCitizen(id)
    expect(await reply(phone, '1')).toBe('nothing-asked')
    expect(await view(id)).toMatchObject({ state: 'resurvey' })
  })

  it('R17: each of several evaluators is written to as they wished, and answers for themselves', async () => {
    const [affairNumber, phone, other] = [anAffairNumber(), aPhone(), aPhone()]
    const id = await aCase(t, {}, { affairNumber, applicant: { name: '赵小兰', phone: other } })
    const { id: complaint } = await complain(t, { affairNumber, person: { name: '孙丽', phone } })
    await t.settle()
    await answerCitizen(id)
    await t.settle()
    const messages = async (of: string) =>
      (
        await t.asOwner(
          "select status, reason, recipient from outbound_message where evaluation_id = $1 and template = 'case_reply'",
          [of],
        )
      ).rows
    // The case is real-name by the complaint; the rating in it stays anonymous, and its applicant is left alone.
    expect(await messages(id)).toMatchObject([{ status: 'suppressed', reason: 'no_recipient' }])
    expect(await messages(complaint)).toMatchObject([
      { status: 'queued', recipient: expect.stringMatching(/^139/) },
    ])
    expect(await reply(other, '1')).toBe('nothing-asked')
    expect(await reply(phone, '1')).toBe('answered')
    expect(await view(complaint)).toMatchObject({ state: 'resurvey', awaitsOthers: true })
    await t.services.rectification.answerSurvey(id, { answer: 'basically' })
    expect(await view(complaint)).toMatchObject({ state: 'closed' })
  })
})
