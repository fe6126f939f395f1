import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { plain } from '../../../../../tests/support/page.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let city: Official
let colleague: Official
let district: Official

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  district = await official(t, 'district-dh')
  await t.services.identity.createAccount('system', {
    ...{ username: 'city-2', displayName: '市级二号', role: 'city_authority', organizationId: 'lm' },
    ...{ password: 'Longming-2026', demo: true },
  })
  colleague = (await t.services.identity.signIn('city-2', 'Longming-2026')).official
  for (let i = 0; i < 12; i++) await rate(t, { level: 5 })
  for (let i = 0; i < 9; i++) await rate(t, { level: 4 }, at(XILING))
  await aCase(t)
  await t.settle()
})
afterAll(() => t.close())

const summaries = () => t.services.summaries
const chore = (name: string) => t.services.chores.find((one) => one.name === name)!.run()
const draftAll = () => chore("draft last month's summary")
const remind = async () => {
  await chore('remind of summaries that are not published')
  await t.settle()
}
const on = (day: string) => {
  t.clock.now = new Date(`${day}T10:00:00+08:00`)
}
const page = async (url: string) => {
  const { body, statusCode } = await t.server.inject({ url, headers: { accept: 'text/html' } })
  return { statusCode, words: plain(body.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<[^>]+>/g, ' ')) }
}
const own = async (by: Official, scope = DONGHU.organization) =>
  (await summaries().list(by)).find((one) => one.scope === scope)!
/** Notices of summaries, by who has them. */
const told = async (template: string) =>
  (
    await t.asOwner(
      `select a.username, i.title, i.path from inbox_item i join account a using (account_id)
       where i.template = $1 order by 1, 2`,
      [template],
    )
  ).rows

describe('summaries of districts (R19, Q16, Q72)', () => {
  it('are drafted with the city’s on the day the policy says, from the same figures', async () => {
    on('2026-12-05')
    await draftAll()
    await draftAll()
    const all = await summaries().list(city)
    expect(all.map(({ scope, state }) => [scope, state])).toEqual([
      ['lm', 'draft'],
      ['lm-dh', 'draft'],
      ['lm-xl', 'draft'],
    ])
    const [whole, donghu] = all
    const line = whole!.figures.districts.find(({ id }) => id === DONGHU.region)!
    expect(donghu!.figures).toMatchObject({
      evaluations: line.figures!.evaluations,
      cases: { opened: line.figures!.casesOpened },
      districts: [],
    })
    expect(donghu!.position).toBe(whole!.position)
    const gaj = donghu!.figures.departments.find(({ id }) => id === DONGHU.department)!
    expect(gaj.figures).toMatchObject({ casesOpened: 1 })
  })

  it('tell the city and the district’s authority that there is a draft', async () => {
    await t.settle()
    const rows = await told('inbox_summary_drafted')
    expect(rows.map(({ username }) => username)).toEqual(
      expect.arrayContaining(['city', 'city-2', 'district-dh', 'district-xl']),
    )
    expect(rows.find(({ username }) => username === 'district-dh')).toMatchObject({
      title: '2026年11月通报草稿已生成：东湖区人民政府',
      path: '/summaries',
    })
    expect(rows.filter(({ username }) => username === 'district-dh')).toHaveLength(1)
  })

  it('are read by the district they are of, by no other, and approved and published by the city', async () => {
    const scopes = async (by: Official) => (await summaries().list(by)).map(({ scope }) => scope)
    expect(await scopes(district)).toEqual(['lm', 'lm-dh'])
    expect(await scopes(await official(t, 'district-xl'))).toEqual(['lm', 'lm-xl'])
    const { summaryId } = await own(district)
    await expect(summaries().approve(district, summaryId, 1)).rejects.toMatchObject({ code: 'outside-place' })
    const { version } = await summaries().approve(city, summaryId, 1)
    await summaries().publish(colleague, summaryId, version)
    const { words } = await page('/summaries/2026-11/lm-dh')
    expect(words).toContain('2026年11月东湖区评价和差评办理情况通报')
    expect(words).toContain('东湖区公安局')
    expect(words).not.toContain('西岭')
    expect((await page('/summaries')).words).toContain('东湖区')
    expect((await page('/summaries/2026-11')).statusCode).toBe(404)
    expect((await page('/summaries/2026-11/lm-xl')).statusCode).toBe(404)
  })

  it('are prepared anew by the district itself once withdrawn, its own and no other', async () => {
    const { summaryId, version } = await own(city)
    await summaries().withdraw(city, summaryId, version, '区公安局数字有误，重新核对')
    await expect(summaries().draftMonth(district, '2026-11', 'lm-xl')).rejects.toMatchObject({
      code: 'outside-place',
    })
    await expect(summaries().draftMonth(district, '2026-11', 'lm')).rejects.toMatchObject({
      code: 'outside-place',
    })
    await expect(summaries().draftMonth(city, '2026-11', 'lm-zsj')).rejects.toMatchObject({
      code: 'scope-unknown',
    })
    expect(await summaries().draftMonth(district, '2026-11')).toMatchObject({
      ...{ scope: 'lm-dh', round: 2, state: 'draft' },
    })
    const handler = await official(t, 'handler-dh')
    await expect(summaries().draftMonth(handler, '2026-10')).rejects.toMatchObject({ code: 'outside-place' })
  })

  it('that are not published by the policy’s day are reminded of, once for each step they wait for', async () => {
    on('2026-12-09')
    await remind()
    expect(await told('inbox_summary_reminded')).toEqual([])
    on('2026-12-10')
    await remind()
    await remind()
    const rows = await told('inbox_summary_reminded')
    expect(rows.map(({ username }) => username)).toEqual([
      'city',
      'city',
      'city',
      'city-2',
      'city-2',
      'city-2',
    ])
    const { summaryId, version } = await own(city)
    await summaries().approve(city, summaryId, version)
    await remind()
    await remind()
    expect(await told('inbox_summary_reminded')).toHaveLength(8)
  })

  it('print nothing of a district that the city’s does not print, so that it cannot be worked out', async () => {
    on('2027-01-20')
    const december = (n: number) => ({ servedAt: `2026-12-2${n}T01:00:00Z` })
    t.clock.now = new Date('2026-12-28T10:00:00+08:00')
    for (let i = 0; i < 2; i++) await rate(t, { level: 5 }, december(i))
    for (let i = 0; i < 7; i++) await rate(t, { level: 5 }, { ...at(XILING), ...december(i) })
    await t.settle()
    on('2027-01-20')
    await draftAll()
    const of = async (scope: string) =>
      (await summaries().list(city)).find((one) => one.period === '2026-12' && one.scope === scope)!.figures
    const hidden = (await of('lm')).districts.map((line) => line.hidden)
    expect(hidden).toEqual(expect.arrayContaining(['few', 'rest']))
    expect([await of('lm-dh'), await of('lm-xl')]).toMatchObject([
      { evaluations: null, departments: [] },
      { evaluations: null, departments: [] },
    ])
  })

  it('agree with the journal, reminders and all', async () => {
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
