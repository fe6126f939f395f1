import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { PASSWORD, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let city: Official
let browser: Browser

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  await t.services.identity.createAccount('system', {
    ...{ username: 'city-2', displayName: '市级二号', role: 'city_authority', organizationId: 'lm' },
    ...{ password: PASSWORD, demo: true },
  })
  for (let i = 0; i < 12; i++) await rate(t, { level: 5 })
  for (let i = 0; i < 9; i++) await rate(t, { level: 4 }, at(XILING))
  await aCase(t)
  await t.settle()
  on('2026-12-05')
  browser = await signIn(t, 'city')
  await t.services.chores.find((one) => one.name === "draft last month's summary")!.run()
})
afterAll(() => t.close())

const on = (day: string) => {
  t.clock.now = new Date(`${day}T10:00:00+08:00`)
}
const overview = (by = city) => t.services.summaries.overview(by)
const standing = async () =>
  (await overview()).items.map(({ summaryId, version, state }) => ({ id: summaryId, version, state }))
const send = async (by: Browser, event: string, items: object[]) =>
  (await by.post('/api/v1/summaries/bulk', { event, items })).json()
const items = (all: { id: string; version: number }[]) => all.map(({ id, version }) => ({ id, version }))
const journal = async () =>
  (
    await t.asOwner(
      `select kind, count(*)::int as n from journal_entry where kind like 'summary.%' group by 1 order by 1`,
    )
  ).rows

describe('many summaries at once (R19, Q72)', () => {
  it('are approved each for itself: what is refused for one is told and holds up no other', async () => {
    const [whole, donghu, xiling] = await standing()
    await t.services.summaries.approve(city, donghu!.id, donghu!.version)
    const answer = await send(browser, 'approve', items([whole!, donghu!, xiling!]))
    expect(answer.items).toMatchObject([
      { id: whole!.id, ok: true, version: 2, state: 'approved' },
      { id: donghu!.id, ok: false, problem: { status: 409, code: 'summary-moved' } },
      { id: xiling!.id, ok: true, version: 2, state: 'approved' },
    ])
    expect(await journal()).toEqual([
      { kind: 'summary.approved', n: 3 },
      { kind: 'summary.drafted', n: 3 },
    ])
  })

  it('are published by another person than approved them, one named twice only once', async () => {
    const all = await standing()
    const own = await send(browser, 'publish', items(all))
    expect(own.items.map((one: { problem?: { code: string } }) => one.problem?.code)).toEqual(
      all.map(() => 'four-eyes'),
    )
    const colleague = await signIn(t, 'city-2')
    const answer = await send(colleague, 'publish', items([...all.slice(0, 2), all[0]!]))
    expect(answer.items.map((one: { ok: boolean }) => one.ok)).toEqual([true, true, false])
    expect((await standing()).map(({ state }) => state)).toEqual(['published', 'published', 'approved'])
    expect(await journal()).toContainEqual({ kind: 'summary.published', n: 2 })
    await t.settle()
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })

  it('are the city’s to decide, and what is not asked for rightly is refused as a whole', async () => {
    const [one] = items(await standing())
    expect(await send(await signIn(t, 'district-dh'), 'approve', [one!])).toMatchObject({ status: 403 })
    expect(await send(browser, 'withdraw', [one!])).toMatchObject({
      errors: [{ message: expect.stringContaining('逐份') }],
    })
    for (const wrong of [[], Array(101).fill(one)])
      expect(await send(browser, 'approve', wrong)).toMatchObject({
        errors: [{ message: expect.stringContaining('1 至 100') }],
      })
  })
})

describe('the summaries that are due (R19)', () => {
  it('are told with the day by which they should be out, until each is published', async () => {
    on('2026-12-10')
    const counts = { draft: 0, approved: 1, published: 2, withdrawn: 0 }
    expect((await overview()).due).toEqual([{ period: '2026-11', by: '2026-12-10', passed: false, counts }])
    on('2026-12-11')
    expect((await overview()).due).toMatchObject([{ passed: true }])
    expect((await overview(await official(t, 'district-dh'))).due, 'both of theirs are out').toEqual([])
    const [, , xiling] = await standing()
    await t.services.summaries.withdraw(city, xiling!.id, xiling!.version, '数字有误，重新核对')
    expect((await overview()).due).toMatchObject([{ counts: { approved: 0, withdrawn: 1 } }])
  })

  it('by the day of the policy, and of months before as well', async () => {
    await t.services.policies.change(city, {
      ...{ key: 'summary_publish_day', regionCode: '990100000000', value: 8, category: '' },
      ...{ validFrom: '2026-12-11', note: '提前公布' },
    })
    on('2027-01-08')
    expect((await overview()).due).toMatchObject([{ period: '2026-11', by: '2026-12-08', passed: true }])
  })
})
