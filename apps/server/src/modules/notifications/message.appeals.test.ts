import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers } from '../../../../../tests/support/appeals.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { forgetWaiting } from '../../../../../tests/support/messages.ts'
import type { SubmitEvaluation } from '../evaluations/evaluations.schema.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { OutgoingMessage } from './notifications.port.ts'
import { makeNotificationsService } from './notifications.service.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
let t: TestApp
let handler: Official
let district: Official
let city: Official
let sent: OutgoingMessage[] = []
let phones = 0
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
})
afterAll(() => t.close())
beforeEach(async () => {
  t.clock.now = new Date(Date.parse('2026-03-02T10:00:00+08:00') + 28 * DAY * phones)
  sent = []
  await forgetWaiting(t)
})

const carrier = {
  name: 'test',
  send: async (message: OutgoingMessage) => {
    sent.push(message)
    return { reference: '' }
  },
}
const room = () => makeNotificationsService(t.app, { ...t.services, carriers: { sms: carrier } })
async function deliver() {
  await t.settle()
  await room().deliver()
}
const aPhone = () => `136876${String(10_000 + ++phones)}`
const aRating = (rating: Partial<SubmitEvaluation> = { realName: true, phone: aPhone() }) => aCase(t, rating)
const messagesOf = async (id: string) =>
  (
    await t.asOwner(
      `select template, status, reason from outbound_message where evaluation_id = $1 and template like 'appeal%'
       order by created_at`,
      [id],
    )
  ).rows
const decide = (by: Official, id: string, outcome: string, event = 'decide') =>
  actOnAppeal(t, by, id, event, { outcome, reason: '李明当日在岗，经办人王芳核对了监控。' })
/** Lets a minute pass: two entries of one moment are in no order. */
const next = () => t.clock.forward(60_000)

describe('R29, Q69: the citizen is told of an appeal against their rating', () => {
  it('R29: of each step in its own words, with the link to their page and nothing of the staff', async () => {
    const id = await aRating()
    await appeal(t, handler, id)
    await deliver()
    next()
    await citizenAnswers(t, id)
    next()
    await decide(district, id, 'upheld')
    await deliver()
    next()
    await actOnAppeal(t, handler, id, 'request_reexamination', { statement: '证据没有看全' })
    await deliver()
    t.clock.forward(8 * DAY)
    await decide(city, id, 'mistaken', 'reexamine')
    await deliver()
    expect(sent.map(({ body }) => body.slice(0, body.indexOf('http')))).toEqual([
      '您对“身份证补领”的评价被提出申诉，上级部门作出决定以前，您可以说明情况：',
      '针对您对“身份证补领”评价的申诉已有决定，请查看决定和理由。决定改变了您的评价的，您可以在期限内申请复核一次：',
      '对“身份证补领”评价的申诉决定被申请复核，市级主管部门作出最终决定以前，您可以说明情况：',
      '针对您对“身份证补领”评价的复核已有最终决定，请查看决定和理由：',
    ])
    const { invitations } = t.services
    const link = invitations.receiptLink(invitations.receiptToken(id))
    for (const { body } of sent) {
      expect(body).toContain(link)
      expect(body).not.toMatch(new RegExp(`李明|王芳|监控|没有看全|handler|district|${DONGHU.staff}`))
    }
  })

  it('R29: of its being withdrawn, so that they need not wait', async () => {
    const id = await aRating()
    await appeal(t, handler, id)
    next()
    await actOnAppeal(t, handler, id, 'withdraw')
    await deliver()
    expect(sent[1]?.body).toMatch(/^针对您对“身份证补领”评价的申诉已撤回，您的评价照常计入/)
  })

  it('not of what they did themselves', async () => {
    const id = await aRating()
    await appeal(t, handler, id)
    next()
    await citizenAnswers(t, id)
    next()
    await decide(district, id, 'mistaken')
    next()
    await t.services.appeals.answerAppeal(id, 'request_reexamination', '我不同意')
    await deliver()
    expect((await messagesOf(id)).map((one) => one.template)).toEqual(['appeal_filed', 'appeal_decided'])
  })
})

describe('P7: the wishes of whoever is told of an appeal hold', () => {
  it('who left no name is not written to, nor who asked for that', async () => {
    const anonymous = await aRating({ realName: false })
    const silent = await aRating({ realName: true, phone: aPhone(), doNotContact: true })
    for (const id of [anonymous, silent]) await appeal(t, handler, id)
    await deliver()
    expect(sent).toEqual([])
    expect(await messagesOf(anonymous)).toMatchObject([{ status: 'suppressed', reason: 'no_recipient' }])
    expect(await messagesOf(silent)).toMatchObject([{ status: 'suppressed', reason: 'do_not_contact' }])
  })

  it('who opted out gets none, and nobody in the night', async () => {
    const phone = aPhone()
    const [id, other] = [await aRating({ realName: true, phone }), await aRating()]
    await room().contact.choose(id, true, { realName: true, doNotContact: false })
    t.clock.forward(12 * HOUR)
    for (const one of [id, other]) await appeal(t, handler, one)
    await deliver()
    expect(sent).toEqual([])
    expect(await messagesOf(id)).toMatchObject([{ status: 'suppressed', reason: 'opted_out' }])
    expect(await messagesOf(other)).toMatchObject([{ status: 'queued', reason: 'quiet_hours' }])
    t.clock.forward(10 * HOUR)
    await deliver()
    expect(sent).toHaveLength(1)
  })

  it('four in a week are one too many', async () => {
    const phone = aPhone()
    for (let i = 0; i < 4; i++) {
      await appeal(t, handler, await aRating({ realName: true, phone }))
      next()
    }
    await deliver()
    expect(sent).toHaveLength(3)
    const capped = await t.asOwner(
      `select template from outbound_message where reason = 'capped' and template = 'appeal_filed'`,
    )
    expect(capped.rows).toHaveLength(1)
    await t.settle()
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
