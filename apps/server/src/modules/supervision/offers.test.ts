import { ORDER_EVENTS, type OrderEvent, orderEventRule } from '@haochaping/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { oneMore } from '../../../../../tests/support/appeals.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, OFFICIALS, testCity, type Username, XILING } from '../../../../../tests/support/longming.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { aClosedCase } from '../../../../../tests/support/supervision.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import { Problem } from '../../platform/problem.ts'
import type { Official } from '../identity/official.ts'

// What an official is offered is what the server lets them do, and nothing else is: for everybody there is, on orders
// in every state and on cases of every kind.

const EVENTS = Object.keys(ORDER_EVENTS) as OrderEvent[]
let t: TestApp
let officials: Official[]
/** cases by what they are */
const cases: Record<string, string> = {}
const orders = () => t.services.supervision.orders

/** An order on a case, brought by those who may into the state asked for. */
async function anOrder(
  id: string,
  by: Official,
  kind: 'urge' | 'supervise' | 'listed',
  events: [Official, OrderEvent][],
) {
  const orderId = await orders().issue(by, id, { kind, demand: '请三日内查清并答复。' })
  for (const [n, [who, event]] of events.entries())
    await orders().act(who, id, orderId, event, { version: n + 1, values: valuesOf(event) })
}
const valuesOf = (event: OrderEvent) =>
  Object.fromEntries(
    orderEventRule(event)
      .fields.filter((field) => field.type === 'text')
      .map((field) => [field.name, '已按要求办理，情况属实。']),
  )

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  const everybody = await Promise.all((Object.keys(OFFICIALS) as Username[]).map((name) => official(t, name)))
  const named = (name: Username) => everybody.find((one) => one.username === name)!
  const [city, district, handler, head] = [
    named('city'),
    named('district-dh'),
    named('handler-dh'),
    named('head-dh'),
  ]
  const rated = (name: string, role: Official['role'], staffNumber: string) =>
    oneMore(t, name, { role, organizationId: DONGHU.department, staffNumber })
  officials = [
    ...everybody,
    await rated('first-rated', 'handler', DONGHU.staff),
    await rated('second-rated', 'organization_head', DONGHU.colleague),
    // The same people at another post: who answered is now to judge, who was rated sits above.
    { ...district, accountId: head.accountId, username: 'head-dh, promoted' },
    { ...city, staffNumber: DONGHU.staff, username: 'first-rated, promoted' },
    { ...district, staffNumber: DONGHU.colleague, username: 'second-rated, promoted' },
  ]
  const affair = { affairNumber: anAffairNumber() }
  const servedAt = new Date(t.clock.now.getTime() - 60_000).toISOString()
  const two = await rate(t, { level: 1 }, { ...affair, servedAt })
  await t.settle()
  await rate(t, { level: 1 }, { ...affair, servedAt, visitNumber: 2, staffNumber: DONGHU.colleague })
  await t.settle()
  cases.two = two.evaluationId
  cases.plain = await aCase(t, {}, at(XILING))
  cases.shared = await aCase(t)
  await act(t, handler, cases.shared, 'sign', { verifier: handler.accountId })
  await act(t, city, cases.shared, 'add_co_handler', { organization: XILING.department, note: '请协助' })
  cases.closed = await aClosedCase(t)
  for (const id of [cases.two, cases.shared]) {
    const answered: [Official, OrderEvent] = [head, 'answer']
    await anOrder(id, district, 'urge', [])
    await anOrder(id, city, 'supervise', [answered])
    await anOrder(id, district, 'listed', [answered, [district, 'return']])
  }
  await anOrder(cases.plain, named('district-xl'), 'urge', [
    [named('head-xl'), 'answer'],
    [named('district-xl'), 'accept'],
  ])
  await anOrder(cases.plain, city, 'supervise', [[city, 'withdraw']])
  await anOrder(cases.plain, city, 'listed', [])
  await t.settle()
}, 60_000)
afterAll(() => t.close())

/** What becomes of an attempt: null when it succeeds. */
const refusal = (attempt: Promise<unknown>): Promise<Problem | null> =>
  attempt.then(
    () => null,
    (error: unknown) => {
      if (error instanceof Problem) return error
      throw error
    },
  )
/** The orders on all cases that an official sees, as the list and as the page of the case offer them. */
async function offeredTo(by: Official) {
  const { items } = await orders().list(by, {}, 1, 100)
  const offers = items.map((item) => ({
    id: item.id,
    orderId: item.orderId,
    version: item.version,
    events: item.actions.map((action) => action.event),
  }))
  for (const offer of offers) {
    const onCase = await t.services.supervision.ofCase(by, offer.id).catch(() => null)
    const found = onCase?.orders.find((order) => order.orderId === offer.orderId)
    if (found) expect(found.actions.map((action) => action.event)).toEqual(offer.events)
  }
  return offers
}

describe('R14, R18: offers of supervision', () => {
  it('Q74: each step of an order that is offered may be taken, each other is refused', async () => {
    const { items } = await orders().list(officials.find((one) => one.username === 'city')!, {}, 1, 100)
    expect(new Set(items.map((item) => item.state))).toEqual(
      new Set(['issued', 'answered', 'returned', 'accepted', 'withdrawn']),
    )
    const seen = new Map<OrderEvent, Set<string>>(EVENTS.map((event) => [event, new Set()]))
    for (const by of officials) {
      const offers = await offeredTo(by)
      for (const { id, orderId, version } of items) {
        const offered = offers.find((offer) => offer.orderId === orderId)?.events ?? []
        for (const event of EVENTS) {
          const who = `${by.username}: ${event} of an order ${orderId}`
          const attempt = (on: number) =>
            refusal(orders().act(by, id, orderId, event, { version: on, values: valuesOf(event) }))
          if (offered.includes(event)) {
            seen.get(event)!.add(by.username)
            // On a version that is not there nothing is changed: only who may is asked.
            expect((await attempt(version + 99))?.code, who).toBe('order-stale')
          } else expect((await attempt(version))?.status ?? 200, who).toBeGreaterThanOrEqual(403)
        }
      }
    }
    expect(seen.get('answer')).toContain('handler-dh')
    expect(seen.get('accept')).toEqual(new Set(['city']))
    for (const who of seen.values()) expect(who).not.toContain('auditor-dh')
  })

  it('R28: nobody who was rated in a case is offered anything of its orders, in the list either', async () => {
    const offered = (by: Official) =>
      offeredTo(by).then((offers) =>
        offers.filter(({ id }) => id === cases.two).flatMap(({ events }) => events),
      )
    const rated = officials.filter((one) => /rated/.test(one.username))
    expect(rated).toHaveLength(4)
    for (const by of rated) expect(await offered(by), by.username).toEqual([])
    expect(await offered(officials.find((one) => one.username === 'handler-dh')!)).toEqual([
      'answer',
      'answer',
    ])
  })

  it('giving an order is offered to whoever may, and to nobody else', async () => {
    let may = 0
    for (const by of officials.filter((one) => one.permissions.includes('cases.read')))
      for (const [what, id] of Object.entries(cases)) {
        const page = await t.services.supervision.ofCase(by, id).catch(() => null)
        const who = `${by.username}: ${what}`
        // Whether one may give orders at all is asked at the door.
        if (!by.permissions.includes('supervision.manage')) {
          expect(page?.mayOrder ?? false, who).toBe(false)
          continue
        }
        const problem = await refusal(orders().issue(by, id, { kind: 'urge', demand: '请尽快。' }))
        if (page?.mayOrder) {
          may++
          expect([undefined, 'order-open'], who).toContain(problem?.code)
        } else expect(problem?.code, who).toMatch(/^(own-case|case-unknown|case-closed)$/)
      }
    expect(may).toBeGreaterThan(3)
  })
})
