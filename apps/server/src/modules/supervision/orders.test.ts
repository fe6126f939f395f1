import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { aClosedCase } from '../../../../../tests/support/supervision.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

const DAY = 86_400_000
let t: TestApp
let city: Official
let district: Official
let handler: Official
let head: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  district = await official(t, 'district-dh')
  handler = await official(t, 'handler-dh')
  head = await official(t, 'head-dh')
})
afterAll(() => t.close())

const orders = () => t.services.supervision.orders
const ofCase = (by: Official, id: string) => t.services.supervision.ofCase(by, id)
const give = (by: Official, id: string, kind: 'urge' | 'supervise' | 'listed' = 'supervise') =>
  orders().issue(by, id, { kind, demand: '请三日内查清并答复。' })

/** Lets an official take a step of an order as it stands now. */
async function step(
  by: Official,
  id: string,
  orderId: string,
  event: string,
  values: Record<string, string | string[]> = {},
) {
  const found = (await ofCase(city, id)).orders.find((order) => order.orderId === orderId)!
  await orders().act(by, id, orderId, event, { version: found.version, values })
  return (await ofCase(city, id)).orders.find((order) => order.orderId === orderId)!
}
const chores = async () => {
  for (const chore of t.services.supervision.chores) await chore.run()
}

describe('Q74: supervision orders', () => {
  it('R18: an order runs its own clock, is answered with evidence, and judged by who gave it', async () => {
    const id = await aCase(t)
    const orderId = await give(district, id)
    const [given] = (await ofCase(handler, id)).orders
    expect(given).toMatchObject({
      kindLabel: '督办',
      stateLabel: '待答复',
      organizationName: '东湖区公安局',
      issuerName: '东湖区人民政府',
      // Tuesday 24 November and three working days: Friday.
      dueAt: '2026-11-27T15:59:59.999Z',
      overdue: false,
      actions: [{ event: 'answer' }],
    })
    expect(given!.steps[0]).toMatchObject({
      label: '发出督办',
      texts: [{ label: '督办要求', text: '请三日内查清并答复。' }],
    })
    const file = await evidence(t, handler, id)
    const answered = await step(handler, id, orderId, 'answer', { answer: '已办结并回访', evidence: [file] })
    expect(answered).toMatchObject({ state: 'answered', everOverdue: false })
    expect(answered.steps[1]!.files.map((one) => one.fileId)).toEqual([file])
    const returned = await step(district, id, orderId, 'return', { note: '没有说明原因' })
    expect(returned).toMatchObject({ state: 'returned', dueAt: '2026-11-27T15:59:59.999Z' })
    await step(head, id, orderId, 'answer', { answer: '系叫号系统故障，已修复' })
    const done = await step(district, id, orderId, 'accept')
    expect(done).toMatchObject({ state: 'accepted', actions: [] })
    expect(done.steps.map((one) => one.label)).toEqual([
      '发出督办',
      '答复督办',
      '退回重报',
      '答复督办',
      '审核通过',
    ])
  })

  it('a late answer is marked once, by the clock or by coming late, and stays marked', async () => {
    const [first, second] = [await aCase(t), await aCase(t)]
    const [a, b] = [await give(district, first), await give(district, second)]
    t.clock.forward(4 * DAY)
    await chores()
    await chores()
    t.clock.forward(-4 * DAY)
    const kinds = async (id: string) =>
      (
        await t.asOwner(
          `select kind from journal_entry where subject_id = $1 and kind like 'supervision.%' order by (payload ->> 'version')::int`,
          [id],
        )
      ).rows.map((row) => row.kind)
    expect(await kinds(first)).toEqual(['supervision.ordered', 'supervision.overdue'])
    t.clock.forward(4 * DAY)
    expect(await step(handler, second, b, 'answer', { answer: '迟了' })).toMatchObject({
      overdue: false,
      everOverdue: true,
    })
    expect(await step(district, first, a, 'withdraw', { note: '重复督办' })).toMatchObject({
      state: 'withdrawn',
      everOverdue: true,
    })
    t.clock.forward(-4 * DAY)
  })

  it('a clock that comes late is not late twice: the mark is the order’s, made before the answer', async () => {
    const id = await aCase(t)
    const orderId = await give(city, id)
    t.clock.forward(4 * DAY)
    const answered = await step(handler, id, orderId, 'answer', { answer: '迟了' })
    t.clock.forward(-4 * DAY)
    expect(answered.steps.map((one) => one.label)).toEqual(['发出督办', '超过答复期限', '答复督办'])
  })

  it('no organisation judges itself, no district undoes what the city ordered, no stranger answers', async () => {
    const id = await aCase(t)
    const orderId = await give(city, id, 'listed')
    const refused = { code: 'event-not-allowed' }
    await expect(step(head, id, orderId, 'withdraw', { note: 'x' })).rejects.toMatchObject(refused)
    await expect(step(district, id, orderId, 'withdraw', { note: 'x' })).rejects.toMatchObject(refused)
    await expect(step(district, id, orderId, 'answer', { answer: 'x' })).rejects.toMatchObject(refused)
    await expect(
      orders().act(await official(t, 'handler-xl'), id, orderId, 'answer', { version: 1, values: {} }),
    ).rejects.toMatchObject({ code: 'order-unknown' })
    await expect(
      orders().act(handler, id, orderId, 'answer', { version: 9, values: { answer: 'x' } }),
    ).rejects.toMatchObject({ code: 'order-stale' })
    await expect(step(handler, id, orderId, 'answer', { answer: ' ' })).rejects.toMatchObject({
      status: 422,
      errors: [{ field: 'answer', message: '答复内容：必填' }],
    })
  })

  it('is given once at a time, on a case that is open, to somebody else', async () => {
    const id = await aCase(t)
    await give(district, id, 'urge')
    await expect(give(city, id, 'urge')).rejects.toMatchObject({ code: 'order-open' })
    await give(city, id, 'listed')
    await expect(give(district, await aClosedCase(t))).rejects.toMatchObject({ code: 'case-closed' })
    await expect(give(await official(t, 'district-xl'), id)).rejects.toMatchObject({ code: 'case-unknown' })
    await expect(orders().issue(district, id, { kind: 'supervise', demand: '' })).rejects.toMatchObject({
      errors: [{ field: 'demand' }],
    })
  })

  it('two at once give one order', async () => {
    const id = await aCase(t)
    const both = await Promise.allSettled([give(district, id), give(city, id)])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await ofCase(city, id)).orders).toHaveLength(1)
  })

  it('R28: the person who was rated reads that there is an order, not what it says', async () => {
    const id = await aCase(t)
    await give(district, id)
    const rated = { ...head, staffNumber: DONGHU.staff }
    const [seen] = (await ofCase(rated, id)).orders
    expect(seen).toMatchObject({ state: 'issued', actions: [], steps: [{ texts: [], files: [] }] })
  })

  it('lists what presses first, within one’s place', async () => {
    const browser = await signIn(t, 'head-dh')
    const list = (await browser.get('/api/v1/supervision/orders?open=true')).json()
    expect(list.items.length).toBeGreaterThan(2)
    expect(list.items[0].stateLabel).toBe('待答复')
    expect(list.counts).toMatchObject({ listed: 2 })
    const other = (await (await signIn(t, 'head-xl')).get('/api/v1/supervision/orders')).json()
    expect(other).toMatchObject({ items: [], total: 0 })
    expect((await browser.get('/api/v1/supervision/orders?kind=nonsense')).statusCode).toBe(422)
  })

  it('R19: the public learns how many cases are listed at whom, and nothing of the rest', async () => {
    const { items, total } = await t.services.supervision.publicFigures()
    expect(total).toMatchObject({ listed: 2, listedOpen: 2, listedAccepted: 0 })
    expect(items).toMatchObject([{ organizationId: DONGHU.department, listed: 2, orders: 2 }])
    await expect(
      t.app.db.portal.selectFrom('supervision_order').select('case_number').execute(),
    ).rejects.toThrow('permission denied')
  })

  it('R24: an order that was bettered or taken away is found', async () => {
    await t.settle()
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await findings()).toEqual([])
    const { rows } = await t.asOwner(`select * from supervision_order where ever_overdue limit 1`)
    await t.asOwner(`update supervision_order set ever_overdue = false where order_id = $1`, [
      rows[0].order_id,
    ])
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('everOverdue') }])
    await t.asOwner(`delete from supervision_order where order_id = $1`, [rows[0].order_id])
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('its row was deleted') }])
  })
})
