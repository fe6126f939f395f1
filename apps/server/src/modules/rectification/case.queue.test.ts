import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at as place } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'

let t: TestApp
let handler: Official
let district: Official
let city: Official
const TUESDAY = new Date('2026-11-24T10:00:00+08:00')

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
})
beforeEach(() => {
  t.clock.now = TUESDAY
})
afterAll(() => t.close())

const cases = () => t.services.rectification
const sign = (id: string) => act(t, handler, id, 'sign', { verifier: handler.accountId })
const DAY = 86_400_000

/** Walks a list to its end, page by page, and back again; gives what each way came by. */
async function walk(query: Parameters<ReturnType<typeof cases>['list']>[1], pageSize: number) {
  const pages: string[][] = []
  let after: string | undefined
  for (;;) {
    const page = await cases().list(city, query, 1, pageSize, after)
    pages.push(page.items.map((row) => row.id))
    if (page.next === null) break
    after = page.next
  }
  const back = [pages.at(-1)!]
  while (after !== undefined) {
    const { previous } = await cases().list(city, query, 1, pageSize, after)
    after = previous ?? undefined
    const page = await cases().list(city, query, 1, pageSize, after)
    back.unshift(page.items.map((row) => row.id))
  }
  return { pages, back }
}

describe('the work queue', () => {
  it('R14: goes on after the last row of a page and back before its first, open by the time left, closed the last first', async () => {
    for (let i = 0; i < 4; i++) {
      t.clock.forward(60_000)
      const id = await aCase(t)
      if (i % 2 === 0) await sign(id)
    }
    for (const id of [await aCase(t), await aCase(t), await aCase(t)]) {
      t.clock.forward(60_000)
      await t.asOwner(
        `update rectification_case set state = 'closed', closed_at = $2, next_due_at = null, next_due_key = null
         where evaluation_id = $1`,
        [id, t.clock.now],
      )
    }
    for (const closed of [false, true]) {
      const all = await cases().list(city, { closed }, 1, 100)
      expect(all).toMatchObject({ totalCapped: false, total: all.items.length, next: null, previous: null })
      const moments = all.items.map((row) => (closed ? row.closedAt : row.dueAt)!)
      expect(moments).toEqual(closed ? moments.toSorted().reverse() : moments.toSorted())
      for (const pageSize of [1, 2, 3, all.items.length]) {
        const { pages, back } = await walk({ closed }, pageSize)
        expect(pages.flat()).toEqual(all.items.map((row) => row.id))
        expect(pages.every((page) => page.length > 0)).toBe(true)
        expect(back).toEqual(pages)
      }
    }
    const browser = await signIn(t, 'handler-dh')
    const bad = await browser.get('/api/v1/cases?after=bm9uc2Vuc2U')
    expect(bad.json()).toMatchObject({
      status: 400,
      code: 'cursor-unknown',
      detail: expect.stringContaining('第一页'),
    })
    const { next } = (await browser.get('/api/v1/cases?pageSize=1')).json()
    for (const list of ['registers/callbacks', 'registers/commitments', 'appeals']) {
      const elsewhere = await (await signIn(t, 'head-dh')).get(`/api/v1/${list}?after=${next}`)
      expect(elsewhere.json(), list).toMatchObject({ status: 400, code: 'cursor-unknown' })
    }
  })

  it('R14: counts by the clock that runs out next, and what each count says is what the list shows', async () => {
    await sign(await aCase(t))
    await aCase(t)
    const overdue = await aCase(t)
    t.clock.forward(2 * DAY)
    await sign(await aCase(t))
    expect((await cases().detail(handler, overdue)).overdue).toBe(true)
    const counts = await cases().counts(city)
    for (const sum of ['open', 'overdue', 'today', 'soon', 'week'] as const)
      expect(counts.byClock.reduce((n, clock) => n + clock[sum], 0)).toBe(counts[sum])
    expect(counts.byClock.map((clock) => clock.key)).toEqual(expect.arrayContaining(['sign', 'fix']))
    expect(counts.overdue).toBeGreaterThan(0)
    for (const { key, label, open, ...due } of counts.byClock) {
      const all = await cases().list(city, { clock: key }, 1, 100)
      expect(all.total).toBe(open)
      expect(new Set(all.items.map((row) => row.dueClockLabel))).toEqual(new Set([label]))
      for (const name of ['overdue', 'today', 'soon', 'week'] as const)
        expect((await cases().list(city, { clock: key, due: name }, 1, 100)).total).toBe(due[name])
    }
    t.clock.now = TUESDAY
    const thisWeek = await cases().list(city, { due: 'week' }, 1, 100)
    const sunday = new Date('2026-11-29T23:59:59.999+08:00').toISOString()
    expect(thisWeek.total).toBeGreaterThan(0)
    expect(thisWeek.items.every((row) => row.dueAt! <= sunday)).toBe(true)
    t.clock.now = new Date('2026-11-29T20:00:00+08:00')
    const [today, week] = [(await cases().counts(city)).today, (await cases().counts(city)).week]
    expect(week, 'on a Sunday the week ends today').toBe(today)
  })

  it('says for whose days nobody is late, and lets nothing of them press', async () => {
    const id = await aCase(t)
    await sign(id)
    await act(t, handler, id, 'ask_citizen', { question: '请问是哪天来办的？' })
    t.clock.forward(20 * DAY)
    const waiting = (await cases().counts(city)).byClock.find((clock) => clock.key === 'citizen_wait')
    expect(waiting).toMatchObject({ citizens: true, awaitsLabel: '评价人', overdue: 0, today: 0, week: 0 })
    expect(waiting!.open).toBeGreaterThan(0)
  })

  it('R18: marks a case with its open orders, and finds it by them', async () => {
    const [urged, listed, other] = [await aCase(t), await aCase(t), await aCase(t)]
    const issue = (id: string, kind: 'urge' | 'listed') =>
      t.services.supervision.orders.issue(district, id, { kind, demand: '请抓紧办理' })
    await issue(urged, 'urge')
    await issue(listed, 'listed')
    await issue(listed, 'urge')
    const seen = async (query: object) => {
      const { items } = await cases().list(handler, query, 1, 100)
      return new Map(items.map((row) => [row.id, row.orders.map((order) => order.label).sort()]))
    }
    const all = await seen({})
    expect([all.get(urged), all.get(listed), all.get(other)]).toEqual([['催办'], ['催办', '挂牌督办'], []])
    expect([...(await seen({ order: 'listed' })).keys()]).toEqual([listed])
    expect([...(await seen({ order: 'any' })).keys()].toSorted()).toEqual([urged, listed].toSorted())
    expect([...(await seen({ order: 'any', due: 'overdue' })).keys()]).toEqual([])
    t.clock.forward(30 * DAY)
    const late = (await cases().list(handler, { order: 'listed' }, 1, 100)).items[0]!
    expect(late.orders.every((order) => order.overdue)).toBe(true)
    t.clock.now = TUESDAY
    const { orders } = await t.services.supervision.ofCase(district, urged)
    await t.services.supervision.orders.act(district, urged, orders[0]!.orderId, 'withdraw', {
      version: orders[0]!.version,
      values: { note: '已当面说明' },
    })
    expect((await seen({})).get(urged), 'what is settled marks nothing').toEqual([])
    const elsewhere = await cases().list(await official(t, 'handler-xl'), { order: 'any' }, 1, 100)
    expect(elsewhere.items).toEqual([])
    expect((await (await signIn(t, 'handler-dh')).get('/api/v1/cases?order=none')).statusCode).toBe(422)
  })

  it('goes on in order past what is counted', async () => {
    await t.asOwner(
      `insert into rectification_case (evaluation_id, case_id, case_number, state, level, real_name, do_not_contact,
         item_code, organization_id, organization_path, region_code, opened_at, state_since, round_since, next_due_at,
         next_due_key, due_at)
       select gen_random_uuid(), gen_random_uuid(), 'CP20261124-' || lpad(i::text, 8, '2'), 'to_sign', 1, false, false,
         $1, o.id, o.path, o.region_code, $3::timestamptz, $3::timestamptz, $3::timestamptz,
         $3::timestamptz + ((i * 7919) % 1100) * interval '1 minute', 'sign', null
       from generate_series(1, 1100) i, organization o where o.id = $2`,
      [XILING.item, XILING.department, TUESDAY],
    )
    const first = await cases().list(city, { region: XILING.region }, 1, 100)
    expect(first).toMatchObject({ total: 1000, totalCapped: true })
    const { pages, back } = await walk({ region: XILING.region }, 100)
    expect(new Set(pages.flat()).size).toBe(1100)
    expect(back).toEqual(pages)
  })
})

describe('many cases at once', () => {
  const bulk = async (username: 'handler-dh' | 'district-dh' | 'auditor-dh', ids: string[]) =>
    (await (await signIn(t, username)).get(`/api/v1/cases/bulk?ids=${ids.join(',')}`)).json()

  it('R14, R28: offers what the table of the rules lets this official do, with the cases it fits, and who may verify which', async () => {
    const [toSign, rated, verifying] = [await aCase(t), await aCase(t), await aCase(t)]
    await sign(verifying)
    const elsewhere = await aCase(t, {}, place(XILING))
    const offered = await bulk('handler-dh', [toSign, rated, verifying, elsewhere])
    expect(offered.ids.toSorted()).toEqual([toSign, rated, verifying].toSorted())
    const ids = (event: string) =>
      offered.actions.find((action: { event: string }) => action.event === event)?.ids.toSorted()
    expect(ids('sign')).toEqual([toSign, rated].toSorted())
    expect(ids('propose_transfer')).toEqual([toSign, rated, verifying].toSorted())
    expect(ids('change_verifier')).toEqual([verifying])
    expect(ids('add_co_handler'), 'is for the level above').toBeUndefined()
    expect(ids('fix_now'), 'is said case by case').toBeUndefined()
    expect(offered.actions[0].ids, 'what fits most comes first').toHaveLength(3)
    const me = offered.verifiers.find((one: { accountId: string }) => one.accountId === handler.accountId)
    expect(me.ids.toSorted()).toEqual([toSign, rated, verifying].toSorted())
    const above = await bulk('district-dh', [toSign, verifying])
    expect(above.actions.map((action: { event: string }) => action.event)).toEqual(['add_co_handler'])
    expect((await bulk('auditor-dh', [toSign])).actions).toEqual([])
  })

  it('one event happens to many, each for itself; what is refused is told case by case and changes nothing', async () => {
    const browser = await signIn(t, 'handler-dh')
    const [mine, stale] = [await aCase(t), await aCase(t)]
    const other = await aCase(t, {}, place(XILING))
    const answer = await browser.post('/api/v1/cases/bulk', {
      event: 'sign',
      items: [
        { id: mine, version: 1 },
        { id: stale, version: 7 },
        { id: other, version: 1 },
      ],
      values: { verifier: handler.accountId },
    })
    expect(answer.json().items).toMatchObject([
      { id: mine, ok: true, version: 2, state: 'verifying' },
      { id: stale, ok: false, problem: { status: 409, code: 'case-stale' } },
      { id: other, ok: false, problem: { status: 404, code: 'case-unknown' } },
    ])
    expect((await journalOf(t, stale)).map((entry) => entry.kind)).toEqual(['case.opened'])
  })

  it('a case named twice, or by two officials at once, is acted on once', async () => {
    const browsers = [await signIn(t, 'handler-dh'), await signIn(t, 'head-dh')]
    const id = await aCase(t)
    const items = [id, id.toUpperCase(), id].map((each) => ({ id: each, version: 1 }))
    const answers = await Promise.all(
      browsers.map((browser) =>
        browser.post('/api/v1/cases/bulk', { event: 'sign', items, values: { verifier: handler.accountId } }),
      ),
    )
    const told = answers.flatMap((answer) => answer.json().items as { ok: boolean; problem?: object }[])
    expect(told).toHaveLength(6)
    expect(told.filter((one) => one.ok)).toHaveLength(1)
    for (const { problem } of told.filter((one) => !one.ok))
      expect(problem).toMatchObject({ status: 409, code: 'case-stale' })
    expect((await journalOf(t, id)).map((entry) => entry.kind)).toEqual(['case.opened', 'case.sign'])
  })

  it.each([
    '/api/v1/cases?page=-1',
    '/api/v1/cases?page=NaN',
    '/api/v1/cases?pageSize=0',
    '/api/v1/cases/bulk?ids=',
    `/api/v1/cases/bulk?ids=${Array(101).fill('4c94c12f-9b6b-8009-8de3-333f401125a4').join(',')}`,
    `/api/v1/cases?after=${Buffer.from(`["2026-11-24T10:00:00.000Z","${'-'.repeat(36)}",0]`).toString('base64url')}`,
    `/api/v1/registers/callbacks?after=${Buffer.from(`["-271821-04-20T00:00:00.000Z","4c94c12f-9b6b-8009-8de3-333f401125a4",0]`).toString('base64url')}`,
  ])('what cannot be is refused with a reason, not with a fault: %s', async (url) => {
    const answer = await (await signIn(t, 'head-dh')).get(url)
    expect([400, 422]).toContain(answer.statusCode)
    expect(answer.json().detail).toMatch(/[一-龥]/)
  })

  it('a fault in one is told as such and holds up no other', async () => {
    const browser = await signIn(t, 'handler-dh')
    const [broken, sound] = [await aCase(t), await aCase(t)]
    await t.asOwner(`update rectification_case set clocks = '{}' where evaluation_id = $1`, [broken])
    const answer = await browser.post('/api/v1/cases/bulk', {
      event: 'sign',
      items: [broken, sound].map((id) => ({ id, version: 1 })),
      values: { verifier: handler.accountId },
    })
    expect(answer.json().items).toMatchObject([
      { id: broken, ok: false, problem: { status: 500, code: 'internal' } },
      { id: sound, ok: true, state: 'verifying' },
    ])
    expect(await journalOf(t, broken)).toHaveLength(1)
  })

  it('what is found, promised or answered is said case by case', async () => {
    const browser = await signIn(t, 'handler-dh')
    const id = await aCase(t)
    const send = async (event: string) =>
      (await browser.post('/api/v1/cases/bulk', { event, items: [{ id, version: 1 }], values: {} })).json()
    expect(await send('reply')).toMatchObject({ status: 422, code: 'event-one-by-one' })
    expect(await send('nothing')).toMatchObject({ status: 404, code: 'event-unknown' })
    const none = await browser.get('/api/v1/cases/bulk?ids=')
    expect(none.json()).toMatchObject({
      status: 422,
      errors: [{ message: expect.stringContaining('1 至 100') }],
    })
  })
})
