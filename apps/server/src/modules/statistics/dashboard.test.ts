import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at, invite, rate } from '../../../../../tests/support/rating.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import { anAffairNumber, anOnlineVisit } from '../../../../../tests/support/visits.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { Report } from './statistics.service.ts'

let t: TestApp
let city: Browser
let donghu: Browser
let police: Browser

beforeAll(async () => {
  t = await testCity()
  for (let i = 0; i < 34; i++) await rate(t, { level: 5, hallLevel: 4 })
  await rate(t, { level: 2 })
  await rate(t, { level: 1, channel: 4 })
  for (let i = 0; i < 3; i++) await rate(t, { level: 5 }, at(XILING))
  await invite(t, at(XILING))
  await t.settle()
  city = await signIn(t, 'city')
  donghu = await signIn(t, 'district-dh')
  police = await signIn(t, 'handler-dh')
})
afterAll(() => t.close())

const dashboard = async (who: Browser, query = '') => {
  const answer = await who.get(`/api/v1/dashboard${query}`)
  return { status: answer.statusCode, ...answer.json<Report>() }
}
const index = (report: Report, key: string) => report.indices.find((i) => i.key === key)!

describe('the dashboard', () => {
  it('gives the city every figure with its denominator, its period and the period before', async () => {
    const report = await dashboard(city)
    expect(report.period).toEqual({ from: '2026-10-26', to: '2026-11-24', days: 30 })
    expect(report.previousPeriod).toEqual({ from: '2026-09-26', to: '2026-10-25' })
    expect(report.scope).toMatchObject({ kind: 'city', id: 'lm' })
    expect(report).toMatchObject({ visits: 40, evaluations: 39, levels: { 5: 37, 4: 0, 2: 1, 1: 1 } })
    expect(index(report, 'positive_rate')).toMatchObject({ numerator: 37, denominator: 39, previous: null })
    expect(index(report, 'active_rate')).toMatchObject({ numerator: 39, denominator: 40 })
    expect(report.cases).toMatchObject({ opened: 2, open: 2, overdue: 0, closed: 0 })
    expect(report.trend).toHaveLength(30)
    expect(report.trend.at(-1)).toMatchObject({ day: '2026-11-24', visits: 40, evaluations: 39, negative: 2 })
    expect(report.channels).toEqual([
      { channel: 3, label: '二维码', count: 38 },
      { channel: 4, label: '大厅平板', count: 1 },
    ])
  })

  it('ranks by the lower end of the interval, and only who has enough ratings', async () => {
    const { districts } = await dashboard(city)
    expect(districts.map((d) => [d.name, d.ranked, d.evaluations])).toEqual([
      ['东湖区', true, 36],
      ['西岭区', false, 3],
    ])
  })

  it('goes down from the city to the district, its department, the hall, the window and the staff', async () => {
    const inCity = await dashboard(city)
    expect(inCity.children.map((c) => c.id)).toContain('lm-dh')
    const district = await dashboard(city, `?region=${DONGHU.region}`)
    expect(district.scope).toMatchObject({ kind: 'region', name: '东湖区' })
    expect(district.breadcrumbs.map((c) => c.kind)).toEqual(['city', 'region'])
    expect(district.departments[0]).toMatchObject({ id: DONGHU.department, evaluations: 36 })
    const department = await dashboard(city, `?organization=${DONGHU.department}`)
    expect(department.children).toMatchObject([{ kind: 'hall', id: DONGHU.hall, evaluations: 36 }])
    const hall = await dashboard(city, `?hall=${DONGHU.hall}`)
    expect(hall.children).toMatchObject([{ kind: 'window', id: DONGHU.window, negative: 2 }])
    const window = await dashboard(city, `?window=${DONGHU.window}`)
    expect(window.children).toMatchObject([{ kind: 'staff', id: DONGHU.staff, name: '李明' }])
    expect(window.evaluations).toBe(36)
    const listed = await city.get(`/api/v1/evaluations?window=${DONGHU.window}&hall=${DONGHU.hall}`)
    expect(listed.json().total).toBe(36)
  })

  it('shows an official their own place and nothing beside it', async () => {
    const own = await dashboard(donghu)
    expect(own.scope).toMatchObject({ kind: 'region', id: DONGHU.region })
    expect(own.evaluations).toBe(36)
    expect(own.breadcrumbs).toHaveLength(1)
    expect((await dashboard(police)).scope).toMatchObject({ kind: 'organization', id: DONGHU.department })
    for (const query of [
      `?region=${XILING.region}`,
      `?organization=${XILING.department}`,
      `?hall=${XILING.hall}`,
      `?window=${XILING.window}`,
      '?organization=lm',
      '?region=990100000000',
      '?organization=nowhere',
    ])
      expect((await dashboard(donghu, query)).status, query).toBe(404)
    expect((await dashboard(police, `?region=${DONGHU.region}`)).status).toBe(404)
  })

  it('refuses a period that ends before it begins', async () => {
    const answer = await city.get('/api/v1/dashboard?from=2026-11-24&to=2026-11-01')
    expect(answer.statusCode).toBe(400)
    expect(answer.json().code).toBe('bad-period')
  })

  it('counts an online affair as one chance to rate, however many visits it took', async () => {
    const before = await dashboard(city)
    const affairNumber = anAffairNumber()
    for (const visitNumber of [1, 2, 3])
      await t.services.affairs.report({ source: 'test' }, [anOnlineVisit({ affairNumber, visitNumber })])
    await t.settle()
    expect((await dashboard(city)).visits).toBe(before.visits + 1)
  })

  it('takes a rating found mistaken out of the rates, counts it by its reason, and never takes it back', async () => {
    const before = await dashboard(city)
    const { evaluationId } = await rate(t, { level: 1 })
    await t.settle()
    const open = await dashboard(city)
    expect(open.levels[1]).toBe(before.levels[1] + 1)
    const decide = async (kind: string, version: number) => {
      await t.app.db.system.transaction().execute((tx) =>
        appendEntry(tx, {
          subjectId: evaluationId,
          kind,
          actor: 'system',
          at: t.clock.now,
          payload: { version, rejectionReason: 'mistaken', to: 'feeding_back', realName: false },
        }),
      )
      await t.settle()
    }
    await decide('case.confirm_rejection', 1_001)
    const out = await dashboard(city)
    expect(out.levels).toEqual({ ...before.levels, excluded: before.levels.excluded + 1 })
    expect(index(out, 'positive_rate').denominator).toBe(index(before, 'positive_rate').denominator)
    expect(out.cases.notAdopted).toEqual({ mistaken: 1, malicious: 0 })
    await decide('case.answer_unsolved', 1_002)
    expect((await dashboard(city)).levels).toEqual(out.levels)
  })
})
