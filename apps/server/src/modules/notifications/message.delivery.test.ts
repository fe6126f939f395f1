import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { answer, type Gateway, hangUp, startGateway } from '../../../../../tests/support/gateway.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { forgetWaiting, messageTools } from '../../../../../tests/support/messages.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'
import type { Carriers } from './notifications.port.ts'

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

const { aPhone, answered, messagesOf, attemptsOf, journalOf, findings, room, received } = messageTools(
  () => ({ t, handler, gateway }),
)

describe('delivery: at least once, told apart by its id, tried again', () => {
  const later = (ms: number) => t.clock.forward(ms)

  it('R16: 500 and a lost answer are tried again with growing pauses, under the same id', async () => {
    const id = await answered()
    gateway.answer(answer(500), hangUp, answer(200, { code: 0 }))
    await room().deliver()
    const [first] = await messagesOf(id)
    expect(first).toMatchObject({ status: 'failed', reason: 'http-500', attempts: 1 })
    expect(first.next_attempt_at.getTime() - t.clock.now.getTime()).toBe(30_000)
    await room().deliver()
    expect(received(), 'not before its time').toHaveLength(1)
    later(30_000)
    await room().deliver()
    const [second] = await messagesOf(id)
    expect(second).toMatchObject({ status: 'failed', reason: 'unreachable', attempts: 2 })
    expect(second.next_attempt_at.getTime() - t.clock.now.getTime()).toBe(60_000)
    later(60_000)
    await room().deliver()
    expect(await messagesOf(id)).toMatchObject([{ status: 'sent', reason: '', attempts: 3 }])
    expect((await attemptsOf(id)).map((a) => a.outcome)).toEqual(['failed', 'failed', 'taken'])
    expect(new Set(received().map((r) => r.id)).size).toBe(1)
    expect(await findings()).toEqual([])
  })

  it('a message the carrier does not take holds up no other', async () => {
    const phone = aPhone()
    const [first, second] = [await answered({ realName: true, phone }), await answered()]
    gateway.answer((reply, { body }) =>
      answer(body.includes(phone) ? 500 : 200, { code: 0 })(reply, {} as never),
    )
    await room().deliver()
    expect(await messagesOf(first)).toMatchObject([{ status: 'failed' }])
    expect(await messagesOf(second)).toMatchObject([{ status: 'sent' }])
  })

  it('is given up after twelve attempts, is shown, and can be sent again', async () => {
    const id = await answered()
    gateway.answer(answer(500))
    for (let i = 0; i < 40 && (await messagesOf(id))[0].status !== 'dead'; i++) {
      await room().deliver()
      const [{ next_attempt_at: next }] = await messagesOf(id)
      if (next) t.clock.now = next
    }
    expect(await messagesOf(id)).toMatchObject([{ status: 'dead', reason: 'http-500', attempts: 12 }])
    expect((await journalOf(id)).at(-1)).toMatchObject({
      kind: 'message.failed',
      payload: { status: 'dead' },
    })
    const admin = await signIn(t, 'admin-dh')
    const { items, counts } = (await admin.get('/api/v1/messages?status=dead')).json()
    expect(items).toMatchObject([{ statusLabel: '发送失败', reasonLabel: '通道答复 http-500' }])
    expect(counts.dead).toBe(1)
    const url = `/api/v1/messages/${items[0].messageId}/resend`
    expect((await (await signIn(t, 'admin-xl')).post(url, {})).statusCode).toBe(404)
    expect((await admin.post(url, {})).statusCode).toBe(204)
    expect((await admin.post(url, {})).json()).toMatchObject({ code: 'message-not-dead' })
    gateway.answer(answer(200, { code: 0 }))
    t.clock.now = new Date(`${t.clock.now.toISOString().slice(0, 10)}T12:00:00+08:00`)
    t.clock.forward(86_400_000)
    await room().deliver()
    expect(await messagesOf(id)).toMatchObject([{ status: 'sent', attempts: 13 }])
    expect((await journalOf(id)).map((e) => e.kind)).toEqual([
      'message.queued',
      'message.failed',
      'message.resent',
      'message.sent',
    ])
    expect(await findings()).toEqual([])
  })

  it('all that was given up is sent again at once, each place its own', async () => {
    const ids = [await answered(), await answered()]
    const refused: Carriers = {
      sms: {
        name: 'refusing',
        send: async () => {
          const { CarrierError } = await import('./notifications.port.ts')
          throw new CarrierError('isv.MOBILE_NUMBER_ILLEGAL', true)
        },
      },
    }
    await room(refused).deliver()
    for (const id of ids) expect(await messagesOf(id)).toMatchObject([{ status: 'dead', attempts: 1 }])
    const all = async (who: string) =>
      (await (await signIn(t, who)).post('/api/v1/messages/resend', {})).json()
    expect(await all('admin-xl')).toEqual({ resent: 0 })
    expect(await all('admin-dh')).toEqual({ resent: 2 })
    await room().deliver()
    for (const id of ids) expect(await messagesOf(id)).toMatchObject([{ status: 'sent' }])
  })

  it('R16: killed between sending and noting it down, it is sent again rather than lost, and that is said', async () => {
    const id = await answered()
    const sent: string[] = []
    let alive = true
    const dying = {
      ...t.app,
      clock: () => {
        if (!alive) throw new Error('killed')
        return t.clock.now
      },
    }
    await room(
      {
        sms: {
          name: 'test',
          send: async ({ messageId }) => {
            sent.push(messageId)
            alive = false
            return { reference: '' }
          },
        },
      },
      dying,
    )
      .deliver()
      .catch(() => {})
    expect(await messagesOf(id)).toMatchObject([{ status: 'sending' }])
    await room().deliver()
    expect(received(), 'another courier waits for the lease to end').toEqual([])
    later(121_000)
    await room().deliver()
    expect(received().map((r) => r.id)).toEqual(sent)
    expect(await messagesOf(id)).toMatchObject([{ status: 'sent', attempts: 2 }])
    expect((await attemptsOf(id)).map((a) => a.outcome)).toEqual(['lost', 'taken'])
    expect(await findings()).toEqual([])
  })

  it('many couriers send each message once', async () => {
    const ids = []
    for (let i = 0; i < 6; i++) ids.push(await answered())
    await Promise.all(Array.from({ length: 4 }, () => room().deliver()))
    expect(received()).toHaveLength(6)
    expect(new Set(received().map((r) => r.id)).size).toBe(6)
  })

  it('leaves off between two messages when it is told to stop', async () => {
    await answered()
    const stop = new AbortController()
    stop.abort()
    expect(await room().deliver(stop.signal)).toBe(0)
    expect(received()).toEqual([])
  })

  it('R24: a message called sent that was not, taken away, or an attempt nobody made, is found', async () => {
    const id = await answered()
    expect(await findings()).toEqual([])
    await t.asOwner(`update outbound_message set status = 'sent' where evaluation_id = $1`, [id])
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('sent there, queued here') }])
    await t.asOwner(`update outbound_message set status = 'queued' where evaluation_id = $1`, [id])
    await t.asOwner(
      `insert into message_attempt (evaluation_id, message_id, attempt, carrier, outcome, at)
       values ($1, gen_random_uuid(), 1, 'x', 'taken', now())`,
      [id],
    )
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('attempts do not fit') }])
    await t.asOwner(`delete from message_attempt where carrier = 'x'`)
    const [message] = await messagesOf(id)
    await t.asOwner('create table kept_message as select * from outbound_message where evaluation_id = $1', [
      id,
    ])
    await t.asOwner('delete from outbound_message where evaluation_id = $1', [id])
    expect(await findings()).toMatchObject([
      { where: `message ${message.message_id} of ${id}`, what: expect.stringContaining('deleted') },
    ])
    await t.asOwner('insert into outbound_message select * from kept_message')
    expect(await findings()).toEqual([])
  })
})
