import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { answer, type Gateway, startGateway } from '../../../../../tests/support/gateway.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { forgetWaiting, messageTools } from '../../../../../tests/support/messages.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'
import { makeNotificationsService } from './notifications.service.ts'

let t: TestApp
let handler: Official
let gateway: Gateway
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())
beforeEach(async () => {
  t.clock.now = new Date(t.clock.now.getTime() + 14 * 86_400_000)
  gateway = await startGateway(answer(200, { code: 0 }))
  await forgetWaiting(t)
})
afterEach(() => gateway.close())

const { aPhone, answered, messagesOf, attemptsOf, journalOf, findings, room, received, linkOf } =
  messageTools(() => ({ t, handler, gateway }))

describe('messages to citizens', () => {
  it('R16: a reply is told by SMS, with the link to the progress page, once', async () => {
    const phone = aPhone()
    const id = await answered({ realName: true, phone })
    await t.settle()
    const [one, other] = [room(), room()]
    await Promise.all([one.deliver(), other.deliver()])
    await one.deliver()
    expect(received()).toMatchObject([
      {
        phone,
        text: expect.stringContaining(
          `东湖区公安局已答复您对“身份证补领”的评价。查看答复并告诉我们是否解决：${linkOf(id)}`,
        ),
      },
    ])
    expect(await messagesOf(id)).toMatchObject([{ status: 'sent', sent_at: t.clock.now, medium: 'sms' }])
    expect(await attemptsOf(id)).toMatchObject([{ attempt: 1, carrier: 'gateway', outcome: 'taken' }])
    expect((await journalOf(id)).map((entry) => entry.kind)).toEqual(['message.queued', 'message.sent'])
    expect(await findings()).toEqual([])
  })

  it('R28: the phone number stands nowhere in the clear, the secret link in no row', async () => {
    const phone = aPhone()
    const id = await answered({ realName: true, phone })
    await room().deliver()
    const token = t.services.invitations.receiptToken(id)
    const [message] = await messagesOf(id)
    expect(message.recipient).toMatch(/^139\*{4}\d{4}$/)
    expect(message.body).toContain('{link}')
    for (const table of [
      'outbound_message',
      'message_attempt',
      'journal_entry',
      'entry_text',
      'rectification_case',
    ]) {
      const { rows } = await t.asOwner(`select row_to_json(x)::text as line from ${table} x`)
      const lines = rows.map((row) => row.line as string)
      expect(
        lines.filter((line) => line.includes(phone) || line.includes(token)),
        table,
      ).toEqual([])
    }
  })

  it.each([
    ['rated without a name', { realName: false }, 'no_recipient'],
    [
      'asked not to be contacted',
      { realName: true, phone: '13900000001', doNotContact: true },
      'do_not_contact',
    ],
  ])('R28: who %s gets no message, and it is said why', async (_who, rating, reason) => {
    const id = await answered(rating)
    await room().deliver()
    expect(received()).toEqual([])
    expect(await messagesOf(id)).toMatchObject([{ status: 'suppressed', reason, recipient: '' }])
    expect(await journalOf(id)).toMatchObject([
      { kind: 'message.suppressed', payload: { status: 'suppressed', reason } },
    ])
  })

  it('in production without a carrier messages wait, none is called sent, and the list says so', async () => {
    const id = await answered()
    const production = { ...t.app, config: { ...t.app.config, mode: 'production' as const } }
    const waiting = makeNotificationsService(production, t.services)
    expect(await waiting.deliver()).toBe(0)
    const { items } = await waiting.list(await official(t, 'city-admin'), {}, 1, 1)
    expect(items).toMatchObject([
      { status: 'queued', body: expect.stringContaining('{link}'), reasonLabel: '没有配置通道，在等待' },
    ])
    expect(await messagesOf(id)).toMatchObject([{ status: 'queued' }])
  })

  it('a demonstration shows its messages with their links to the administrator of the place', async () => {
    const id = await answered()
    for (const courier of t.services.couriers) await courier.run()
    const list = (await (await signIn(t, 'admin-dh')).get('/api/v1/messages?pageSize=5')).json()
    expect(list.items[0]).toMatchObject({
      templateLabel: '差评答复通知',
      recipient: expect.stringMatching(/^139\*{4}/),
      statusLabel: '已发送',
      organizationName: '东湖区公安局',
      body: expect.stringContaining(t.services.invitations.receiptToken(id)),
      attempts: [{ carrierLabel: '演示，不外发', outcomeLabel: '已被通道接收' }],
    })
    expect((await (await signIn(t, 'admin-xl')).get('/api/v1/messages')).json()).toMatchObject({
      items: [],
      total: 0,
      counts: {},
    })
    expect((await (await signIn(t, 'handler-dh')).get('/api/v1/messages')).statusCode).toBe(403)
  })
})
