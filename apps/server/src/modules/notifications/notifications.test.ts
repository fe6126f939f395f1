import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { SubmitEvaluation } from '../evaluations/evaluations.schema.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { OutgoingMessage } from './notifications.port.ts'
import { makeNotificationsService } from './notifications.service.ts'

let t: TestApp
let handler: Official
const PHONE = '13987654321'
beforeAll(async () => {
  t = await testCity()
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())

/** A case that was answered just now. */
async function answered(
  rating: Partial<SubmitEvaluation> = { realName: true, phone: PHONE },
): Promise<string> {
  t.clock.forward(60_000)
  const id = await aCase(t, rating)
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'record_contact', { result: 'reached', note: '已通话' })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
  await act(t, handler, id, 'explained', { explanation: '说明' })
  await act(t, handler, id, 'reply', { reply: '情况说明如下。' })
  await t.settle()
  return id
}
const messagesOf = async (id: string) =>
  (await t.asOwner('select * from outbound_message where evaluation_id = $1', [id])).rows
const journalOf = async (id: string) =>
  (
    await t.asOwner(
      `select kind, payload from journal_entry where subject_id = $1 and kind like 'message.%' order by recorded_at, kind`,
      [id],
    )
  ).rows
/** The room with a carrier of the test's own. */
const carriedBy = (send: (message: OutgoingMessage) => Promise<void>) =>
  makeNotificationsService(t.app, { ...t.services, provider: { name: 'test', send } })

describe('messages to citizens', () => {
  it('R16: a reply is told by SMS, with the link to the progress page, once', async () => {
    const id = await answered()
    await t.settle()
    const sent: OutgoingMessage[] = []
    const room = carriedBy(async (message) => void sent.push(message))
    await Promise.all([room.deliver(), room.deliver()])
    await room.deliver()
    const link = t.services.invitations.receiptLink(t.services.invitations.receiptToken(id))
    expect(sent).toMatchObject([
      {
        phone: PHONE,
        body: `东湖区公安局已答复您对“身份证补领”的评价。查看答复并告诉我们是否解决：${link}`,
      },
    ])
    expect(await messagesOf(id)).toMatchObject([{ status: 'sent', sent_at: t.clock.now, medium: 'sms' }])
    expect((await journalOf(id)).map((entry) => entry.kind)).toEqual(['message.queued', 'message.sent'])
    const detail = await t.services.rectification.detail(handler, id)
    expect(detail.timeline.slice(-2).map((entry) => entry.label)).toEqual([
      '短信通知评价人（待发送）',
      '短信已发送',
    ])
  })

  it('R28: the phone number stands nowhere in the clear, the secret link in no row', async () => {
    const id = await answered()
    const token = t.services.invitations.receiptToken(id)
    const [message] = await messagesOf(id)
    expect(message).toMatchObject({ recipient: '139****4321', body: expect.stringContaining('{link}') })
    for (const table of ['outbound_message', 'journal_entry', 'entry_text', 'rectification_case']) {
      const { rows } = await t.asOwner(`select row_to_json(x)::text as line from ${table} x`)
      const lines = rows.map((row) => row.line as string)
      expect(
        lines.filter((line) => line.includes(PHONE) || line.includes(token)),
        table,
      ).toEqual([])
    }
  })

  it.each([
    ['rated without a name', { realName: false }],
    ['asked not to be contacted', { realName: true, phone: PHONE, doNotContact: true }],
  ])('R28: who %s gets no message, and the timeline says why', async (_who, rating) => {
    const id = await answered(rating)
    const sent: OutgoingMessage[] = []
    await carriedBy(async (message) => void sent.push(message)).deliver()
    const token = t.services.invitations.receiptToken(id)
    expect(sent.filter((message) => message.body.includes(token))).toEqual([])
    expect(await messagesOf(id)).toMatchObject([{ status: 'no_recipient', recipient: '' }])
    expect(await journalOf(id)).toMatchObject([
      { kind: 'message.failed', payload: { status: 'no_recipient' } },
    ])
    const { timeline } = await t.services.rectification.detail(handler, id)
    expect(timeline.at(-1)).toMatchObject({ label: '短信没有发出', facts: [{ label: '原因' }] })
  })

  it('R16: a message the carrier does not take is marked failed and holds up no other', async () => {
    const [first, second] = [await answered(), await answered()]
    const link = t.services.invitations.receiptToken(first)
    t.clock.forward(60_000)
    await carriedBy(async ({ body }) => {
      if (body.includes(link)) throw new Error('the carrier is down')
    }).deliver()
    expect(await messagesOf(first)).toMatchObject([{ status: 'failed', sent_at: null }])
    expect(await messagesOf(second)).toMatchObject([{ status: 'sent' }])
    expect((await journalOf(first)).at(-1)).toMatchObject({
      kind: 'message.failed',
      payload: { status: 'failed' },
    })
  })

  it('R24: a message called sent that was not, or taken away, is found', async () => {
    const id = await answered()
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await findings()).toEqual([])
    await t.asOwner(`update outbound_message set status = 'sent' where evaluation_id = $1`, [id])
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('sent there, queued here') }])
    const [message] = await messagesOf(id)
    await t.asOwner('delete from outbound_message where evaluation_id = $1', [id])
    expect(await findings()).toMatchObject([
      { where: `message ${message.message_id} of ${id}`, what: expect.stringContaining('deleted') },
    ])
    await t.app.db.system
      .insertInto('outbound_message')
      .values({ ...message, status: 'queued' })
      .execute()
    expect(await findings()).toEqual([])
    await carriedBy(async () => {}).deliver()
  })

  it('R16: killed between sending and noting it down, the message is sent again rather than lost', async () => {
    const id = await answered()
    const sent: string[] = []
    const room = carriedBy(async (message) => void sent.push(message.messageId))
    const broken = makeNotificationsService(
      {
        ...t.app,
        clock: () => {
          throw new Error('killed')
        },
      },
      {
        ...t.services,
        provider: { name: 'test', send: async (message) => void sent.push(message.messageId) },
      },
    )
    await broken.deliver()
    expect(await messagesOf(id)).toMatchObject([{ status: 'queued' }])
    await room.deliver()
    expect(await messagesOf(id)).toMatchObject([{ status: 'sent' }])
    expect(sent).toHaveLength(2)
    expect(new Set(sent).size).toBe(1)
  })

  it('in production without a carrier messages wait, and none is called sent', async () => {
    const id = await answered()
    const production = { ...t.app, config: { ...t.app.config, mode: 'production' as const } }
    const room = makeNotificationsService(production, t.services)
    expect(await room.deliver()).toBe(0)
    const { items } = await room.list(await official(t, 'city-admin'), 1, 1)
    expect(items).toMatchObject([{ status: 'queued', body: expect.stringContaining('{link}') }])
    expect(await messagesOf(id)).toMatchObject([{ status: 'queued' }])
  })

  it('a demonstration shows its messages with their links to the administrator of the place', async () => {
    const id = await answered()
    for (const chore of t.services.notifications.chores) await chore.run()
    const list = (await (await signIn(t, 'admin-dh')).get('/api/v1/messages?pageSize=5')).json()
    expect(list.items[0]).toMatchObject({
      templateLabel: '差评答复通知',
      recipient: '139****4321',
      statusLabel: '已发送',
      organizationName: '东湖区公安局',
      body: expect.stringContaining(t.services.invitations.receiptToken(id)),
    })
    expect((await (await signIn(t, 'admin-xl')).get('/api/v1/messages')).json()).toMatchObject({
      items: [],
      total: 0,
    })
    expect((await (await signIn(t, 'handler-dh')).get('/api/v1/messages')).statusCode).toBe(403)
  })
})
