import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity, XILING } from '../../../../../tests/support/longming.ts'
import { plain } from '../../../../../tests/support/page.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { daysOf, monthBefore } from './summary.figures.ts'

let t: TestApp
let city: Official
let colleague: Official

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  await t.services.identity.createAccount('system', {
    ...{ username: 'city-2', displayName: '市级二号', role: 'city_authority', organizationId: 'lm' },
    ...{ password: 'Longming-2026', demo: true },
  })
  colleague = (await t.services.identity.signIn('city-2', 'Longming-2026')).official
  for (let i = 0; i < 12; i++) await rate(t, { level: 5 })
  for (let i = 0; i < 9; i++) await rate(t, { level: 4 }, at(XILING))
  const id = await aCase(t, { level: 1 })
  const handler = await official(t, 'handler-dh')
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await t.settle()
})
afterAll(() => t.close())

const summaries = () => t.services.summaries
const chore = () => t.services.chores.find((one) => one.name === "draft last month's summary")!.run()
const on = (day: string) => {
  t.clock.now = new Date(`${day}T10:00:00+08:00`)
}
const page = async (url: string) => {
  const { body, statusCode } = await t.server.inject({ url, headers: { accept: 'text/html' } })
  return { statusCode, words: plain(body.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<[^>]+>/g, ' ')) }
}
const ofCity = async () => (await summaries().list(city)).filter(({ scope }) => scope === 'lm')
const only = async () => (await ofCity())[0]!

it('the month before and its days', () => {
  expect([monthBefore('2026-01-05'), monthBefore('2026-12-31')]).toEqual(['2025-12', '2026-11'])
  expect([daysOf('2026-02').to, daysOf('2028-02').to]).toEqual(['2026-02-28', '2028-02-29'])
})

describe('summaries by district and department for a period (R19, Q72)', () => {
  it('are drafted from the policy’s day of the month on, once, for the month before', async () => {
    on('2026-12-04')
    await chore()
    expect(await summaries().list(city)).toEqual([])
    on('2026-12-05')
    await chore()
    await chore()
    expect(await ofCity()).toMatchObject([
      { period: '2026-11', state: 'draft', round: 1, figures: { from: '2026-11-01', to: '2026-11-30' } },
    ])
  })

  it('say what the statistics say of the same days, and which position of the ledger that follows', async () => {
    const { figures, position } = await only()
    const report = await t.services.statistics.dashboard(city, { from: '2026-11-01', to: '2026-11-30' })
    expect(figures).toMatchObject({
      visits: report.visits,
      evaluations: report.evaluations,
      cases: { opened: report.cases.opened, rectified: report.cases.rectified },
    })
    for (const line of figures.districts) {
      const row = report.districts.find(({ id }) => id === line.id)!
      expect(line.figures).toMatchObject({ evaluations: row.evaluations, casesOpened: row.casesOpened })
    }
    const { rows } = await t.asOwner(`select position from statistic_state`)
    expect(position).toBe(Number(rows[0].position))
  })

  it('are nobody’s to read before they are published', async () => {
    expect((await page('/summaries')).words).toContain('还没有发布过通报')
    expect((await page('/summaries/2026-11')).statusCode).toBe(404)
  })

  it('are published by another person than approved them, and only once', async () => {
    const { summaryId } = await only()
    await expect(summaries().publish(city, summaryId, 1)).rejects.toMatchObject({ code: 'summary-moved' })
    const approved = await summaries().approve(city, summaryId, 1)
    await expect(summaries().publish(city, summaryId, approved.version)).rejects.toMatchObject({
      code: 'four-eyes',
    })
    const published = await summaries().publish(colleague, summaryId, approved.version)
    expect(published).toMatchObject({ state: 'published', publishedBy: colleague.accountId })
    await expect(summaries().publish(colleague, summaryId, approved.version)).rejects.toMatchObject({
      code: 'summary-moved',
    })
    const district = await official(t, 'district-dh')
    await expect(summaries().withdraw(district, summaryId, 3, '不想公布')).rejects.toMatchObject({
      code: 'outside-place',
    })
  })

  it('then everybody reads them with their source, and later ratings do not change them', async () => {
    await rate(t, { level: 5 })
    await t.settle()
    const { position } = await only()
    const { words } = await page('/summaries/2026-11')
    expect(words).toContain('2026年11月评价和差评办理情况通报')
    expect(words).toContain(`公开账本的前 ${position} 条记录`)
    expect(words).toContain('东湖区')
    expect(words).toMatch(/产生差评件\s*1 件/)
    expect((await page('/summaries')).words).toContain('2026年11月')
  })

  it('are withdrawn with a reason that stays to be read, and may be made anew', async () => {
    const { summaryId, version } = await only()
    await summaries().withdraw(city, summaryId, version, '西岭区数字有误，重新核对')
    const { words } = await page('/summaries/2026-11')
    expect(words).toContain('撤回：西岭区数字有误，重新核对')
    expect(words).not.toContain('东湖区')
    await chore()
    expect(await ofCity()).toHaveLength(1)
    expect(await summaries().draftMonth(city, '2026-11')).toMatchObject({ round: 2, state: 'draft' })
    await expect(summaries().draftMonth(city, '2026-11')).rejects.toMatchObject({ code: 'summary-stands' })
    await expect(summaries().draftMonth(city, '2026-12')).rejects.toMatchObject({ code: 'month-not-over' })
  })

  it('stand in the journal step by step, and a figure changed in the database is found', async () => {
    await t.settle()
    const { rows } = await t.asOwner(
      `select kind from journal_entry where kind like 'summary.%' and payload ->> 'scope' = 'lm'
       order by recorded_at, (payload ->> 'version')::int`,
    )
    expect(rows.map((row) => row.kind)).toEqual([
      'summary.drafted',
      'summary.drafted',
      'summary.approved',
      'summary.published',
      'summary.withdrawn',
    ])
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await findings()).toEqual([])
    await t.asOwner(
      `update summary set figures = jsonb_set(figures, '{cases,opened}', '0') where scope = 'lm' and round = 1`,
    )
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('was changed') }])
    await t.asOwner(`delete from summary where round = 2`)
    expect(await findings()).toHaveLength(2)
  })
})
