import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { answeredCase, forgetWaiting } from '../../../../../tests/support/messages.ts'
import type { SubmitEvaluation } from '../evaluations/evaluations.schema.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { OutgoingMessage } from './notifications.port.ts'
import { makeNotificationsService } from './notifications.service.ts'

const SECRET = 'callback-geheim'
const HOUR = 3_600_000
const DAY = 24 * HOUR

let t: TestApp
let handler: Official
let day = 0
let sent: OutgoingMessage[] = []
beforeAll(async () => {
  t = await testCity({ HAOCHAPING_SMS_CALLBACK_SECRET: SECRET })
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())
beforeEach(async () => {
  t.clock.now = new Date(Date.parse('2026-03-02T10:00:00+08:00') + 14 * DAY * day++)
  sent = []
  await forgetWaiting(t)
})

let phones = 0
const aPhone = () => `137876${String(10_000 + ++phones)}`
const answered = (rating: Partial<SubmitEvaluation>, later = 0) => answeredCase(t, handler, rating, later)
const carrier = {
  name: 'test',
  send: async (message: OutgoingMessage) => {
    sent.push(message)
    return { reference: '' }
  },
}
const room = () =>
  makeNotificationsService(t.app, {
    ...t.services,
    carriers: { sms: carrier, email: carrier, wechat: carrier },
  })
const deliver = () => room().deliver()
const messagesOf = async (id: string) =>
  (await t.asOwner('select * from outbound_message where evaluation_id = $1 order by created_at', [id])).rows
const wishes = { realName: true, doNotContact: false }

describe('P7: quiet hours', () => {
  it('put a message off until the morning, and the list says why; it is never dropped', async () => {
    const id = await answered({ realName: true, phone: aPhone() }, 12 * HOUR)
    await deliver()
    expect(sent).toEqual([])
    const [message] = await messagesOf(id)
    const morning = new Date(
      `${new Date(t.clock.now.getTime() + DAY).toISOString().slice(0, 10)}T08:00:00+08:00`,
    )
    expect(message).toMatchObject({ status: 'queued', reason: 'quiet_hours', attempts: 0 })
    expect(message.next_attempt_at).toEqual(morning)
    const { items } = await room().list(await official(t, 'city-admin'), {}, 1, 1)
    expect(items).toMatchObject([{ statusLabel: '待发送', reasonLabel: '免打扰时段，到点后发送' }])
    t.clock.now = morning
    await deliver()
    expect(sent).toHaveLength(1)
  })
})

describe('P7: one request and one reminder, never more', () => {
  it('reminds once after the days of the policy, and then is silent', async () => {
    const id = await answered({ realName: true, phone: aPhone() })
    await deliver()
    t.clock.forward(3 * DAY - 1)
    await deliver()
    expect(sent).toHaveLength(1)
    t.clock.forward(1)
    await Promise.all([deliver(), deliver()])
    await deliver()
    expect(sent.map((m) => m.body)).toEqual([
      expect.stringContaining('已答复'),
      expect.stringContaining('最后一次提醒'),
    ])
    t.clock.forward(3 * DAY)
    await deliver()
    expect(await messagesOf(id)).toHaveLength(2)
  })

  it('does not remind who has answered', async () => {
    const id = await answered({ realName: true, phone: aPhone() })
    await deliver()
    t.clock.forward(DAY)
    await t.services.rectification.answerSurvey(id, { answer: 'satisfied' })
    t.clock.forward(3 * DAY)
    await deliver()
    expect(sent).toHaveLength(1)
  })

  it('does not ask who has answered before the message went out', async () => {
    const id = await answered({ realName: true, phone: aPhone() }, 12 * HOUR)
    await t.services.rectification.answerSurvey(id, { answer: 'satisfied' })
    t.clock.forward(14 * HOUR)
    await deliver()
    expect(sent).toEqual([])
    expect(await messagesOf(id)).toMatchObject([{ status: 'suppressed', reason: 'answered' }])
  })
})

describe('P7: no more than the cap a person a week', () => {
  it('counts by the person and not by the case, and begins anew after a week', async () => {
    const phone = aPhone()
    for (let i = 0; i < 3; i++) await answered({ realName: true, phone })
    const fourth = await answered({ realName: true, phone })
    const other = await answered({ realName: true, phone: aPhone() })
    await Promise.all([deliver(), deliver()])
    expect(sent.filter((m) => m.address === phone)).toHaveLength(3)
    const capped = await t.asOwner(`select count(*)::int from outbound_message where reason = 'capped'`)
    expect(capped.rows).toEqual([{ count: 1 }])
    expect(await messagesOf(other)).toMatchObject([{ status: 'sent' }])
    expect((await messagesOf(fourth))[0].recipient).toMatch(/^137\*{4}/)
    await t.asOwner('update outbound_message set remind_at = null')
    t.clock.forward(7 * DAY + HOUR)
    await answered({ realName: true, phone })
    await deliver()
    expect(sent.filter((m) => m.address === phone)).toHaveLength(4)
  })
})

describe('P7: who wants no messages gets none', () => {
  const reply = (payload: object, secret = SECRET) =>
    t.server.inject({
      method: 'POST',
      url: '/api/v1/messages/replies',
      headers: { authorization: `Bearer ${secret}` },
      payload,
    })

  it('TD from the telephone, by way of the gateway, and only with its secret', async () => {
    const phone = aPhone()
    expect((await reply({ phone, text: 'TD' }, 'guessed')).statusCode).toBe(401)
    expect((await reply({ phone, text: '没有解决' })).json()).toEqual({ status: 'ignored' })
    expect((await reply({ mobile: `+86 ${phone}`, content: ' td ' })).json()).toEqual({ status: 'opted-out' })
    await reply({ phone, text: 'TD' })
    const id = await answered({ realName: true, phone })
    await deliver()
    expect(sent).toEqual([])
    expect(await messagesOf(id)).toMatchObject([{ status: 'suppressed', reason: 'opted_out' }])
    const rows = await t.asOwner(`select payload from journal_entry where kind = 'contact.opted-out'`)
    expect(rows.rows).toEqual([{ payload: { via: 'reply' } }])
  })

  it('from the progress page, and back again', async () => {
    const phone = aPhone()
    const first = await answered({ realName: true, phone })
    await deliver()
    const { contact } = room()
    expect(await contact.standing(first, wishes)).toEqual({
      medium: 'sms',
      masked: expect.stringMatching(/^137\*{4}/),
      optedOut: false,
    })
    await contact.choose(first, true, wishes)
    await contact.choose(first, true, wishes)
    expect(await contact.standing(first, wishes)).toMatchObject({ optedOut: true })
    t.clock.forward(3 * DAY)
    await deliver()
    expect(sent, 'also not the reminder of what was sent before').toHaveLength(1)
    t.clock.forward(1_000)
    await contact.choose(first, false, wishes)
    await answered({ realName: true, phone })
    await deliver()
    expect(sent).toHaveLength(2)
    await t.settle()
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
    await t.asOwner('update message_opt_out set opted_out = not opted_out')
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings.length).toBeGreaterThan(0)
    await t.asOwner('update message_opt_out set opted_out = not opted_out')
  })

  it('the person cannot be read out of what is kept', async () => {
    const phone = aPhone()
    await reply({ phone, text: 'TD' })
    for (const table of ['message_opt_out', 'message_channel', 'journal_entry']) {
      const { rows } = await t.asOwner(`select row_to_json(x)::text as line from ${table} x`)
      expect(rows.filter((row) => row.line.includes(phone))).toEqual([])
    }
  })
})

describe('Q69: who left another address is told there', () => {
  it('also who rated without a name, because they asked for it', async () => {
    const id = await aCase(t, { realName: false })
    const { contact } = room()
    await contact.addChannel(id, { medium: 'email', address: 'somebody@example.cn' }, {})
    await contact.addChannel(id, { medium: 'email', address: 'somebody@example.cn' }, {})
    for (const [event, values] of [
      ['sign', { verifier: handler.accountId }],
      ['explain', { finding: '已查', legalBasis: '规定' }],
      ['explained', { explanation: '说明' }],
      ['reply', { reply: '说明如下。' }],
    ] as const)
      await act(t, handler, id, event, values)
    await t.settle()
    await deliver()
    expect(sent).toMatchObject([
      { medium: 'email', address: 'somebody@example.cn', title: '您的评价有了答复' },
    ])
    expect(await messagesOf(id)).toMatchObject([{ recipient: 's***@example.cn' }])
    const { rows } = await t.asOwner('select * from message_channel where evaluation_id = $1', [id])
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('somebody')
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })

  it('the newest wish holds, WeChat by its template and page', async () => {
    const id = await aCase(t, { realName: true, phone: aPhone() })
    const { contact } = room()
    await contact.addChannel(id, { medium: 'email', address: 'a@example.cn' }, wishes)
    t.clock.forward(1_000)
    await contact.addChannel(id, { medium: 'wechat', address: 'oABCDEFGHIJKLMNOP12345678' }, wishes)
    expect(await contact.standing(id, wishes)).toMatchObject({ medium: 'wechat', masked: '微信用户' })
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    await act(t, handler, id, 'record_contact', { result: 'reached', note: '已通话' })
    await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, id, 'explained', { explanation: '说明' })
    await act(t, handler, id, 'reply', { reply: '说明如下。' })
    await t.settle()
    await deliver()
    expect(sent).toMatchObject([
      {
        medium: 'wechat',
        body: expect.stringContaining('thing1=身份证补领'),
        params: { token: expect.any(String) },
      },
    ])
  })

  it('refuses what is no address, and who asked not to be contacted', async () => {
    const id = await aCase(t, { realName: false })
    const { contact } = room()
    const add = (medium: 'email' | 'wechat', address: string, w = {}) =>
      contact.addChannel(id, { medium, address }, w)
    await expect(add('email', 'a@b')).rejects.toMatchObject({ code: 'bad-address' })
    await expect(add('email', 'a@b.cn\r\nBcc: x@y.cn')).rejects.toMatchObject({ code: 'bad-address' })
    await expect(add('wechat', '张三')).rejects.toMatchObject({ code: 'bad-address' })
    await expect(add('email', 'a@b.cn', { doNotContact: true })).rejects.toMatchObject({
      code: 'do-not-contact',
    })
  })
})

describe('the words of messages', () => {
  const words = (version: number, body: string, more = {}) => ({
    version,
    title: '',
    body,
    carrierCode: '',
    ...more,
  })

  it('are changed by the city’s system administrator, from the next message on, each version kept', async () => {
    const admin = await official(t, 'city-admin')
    const { templates } = room()
    const before = await answered({ realName: true, phone: aPhone() })
    await templates.save(
      admin,
      'case_reply',
      'sms',
      words(0, '【长明】{item}有了答复：{link}', { carrierCode: 'SMS_1' }),
    )
    await expect(templates.save(admin, 'case_reply', 'sms', words(0, '{link}'))).rejects.toMatchObject({
      code: 'template-stale',
    })
    await answered({ realName: true, phone: aPhone() })
    await deliver()
    expect(sent[0]?.body).toContain('东湖区公安局已答复')
    expect(sent[1]).toMatchObject({
      body: expect.stringMatching(/^【长明】身份证补领有了答复：http/),
      carrierCode: 'SMS_1',
    })
    expect(await messagesOf(before)).toMatchObject([{ template_version: 0 }])
    const found = (await templates.list()).find((one) => one.key === 'case_reply' && one.medium === 'sms')
    expect(found).toMatchObject({ version: 1, carrierCode: 'SMS_1', versions: [{ version: 1 }] })
  })

  it('are refused with a reason at the field, and are nobody else’s to change', async () => {
    const { templates } = room()
    const admin = await official(t, 'city-admin')
    await expect(templates.save(admin, 'case_reply', 'sms', words(1, '没有链接'))).rejects.toMatchObject({
      status: 422,
      errors: [{ field: 'body' }],
    })
    await expect(templates.save(admin, 'nothing', 'sms', words(0, 'x'))).rejects.toMatchObject({
      status: 404,
    })
    await expect(
      templates.save(await official(t, 'admin-dh'), 'case_reply', 'sms', words(1, '{link}')),
    ).rejects.toMatchObject({ code: 'outside-place' })
    expect(templates.show('case_reply', 'sms', { title: '', body: '{item}：{link}' }).body).toBe(
      '失业登记：https://hcp.example.gov.cn/p/…',
    )
  })
})
