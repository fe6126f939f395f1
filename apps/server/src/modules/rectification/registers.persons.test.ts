import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { makeMatters } from '../../../../../tests/support/matters.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'

// The register of call-backs tells of persons: a case with three of them is three calls to make.

let t: TestApp
let handler: Official
let city: Official
let id: string
let complained: string
const { rateBadly, complainOf } = makeMatters(
  () => t,
  () => handler,
)

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  city = await official(t, 'city')
  const affair = anAffairNumber()
  id = await rateBadly(affair, 1, { realName: true, phone: '13700001111' })
  await t.settle()
  complained = await complainOf(affair, { person: { name: '孙丽', phone: '13700002222' } })
  await t.settle()
  await complainOf(affair, { person: { name: '吴刚', phone: '13700003333' }, doNotContact: true })
  await t.settle()
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  for (const result of ['not_reached', 'reached'])
    await act(t, handler, id, 'record_contact', { evaluator: complained, result, note: '电话' })
  await act(t, handler, id, 'record_contact', { evaluator: id, result: 'not_reached', note: '电话' })
  await t.settle()
})
afterAll(() => t.close())

describe('R20, Q73: the register of call-backs of a case with several who left a name', () => {
  it('has a line for each of them, with the calls that were to them', async () => {
    const { items } = await t.services.registers.callbacks(city, {})
    expect(items).toMatchObject([
      { id, evaluator: '评价人 1', contacted: false, exempt: false, attempts: 1, lastResult: '未接通' },
      { id, evaluator: '评价人 2', contacted: true, exempt: false, attempts: 2, lastResult: '已联系上' },
      { id, evaluator: '评价人 3', contacted: false, exempt: true, attempts: 0, lastResult: null },
    ])
    expect(items.map((item) => item.missing)).toEqual([
      ['not_contacted', 'not_rectified'],
      ['not_rectified'],
      ['exempt', 'not_rectified'],
    ])
  })

  it('counts call-backs by person and rectification by case', async () => {
    const { summary } = await t.services.registers.callbacks(city, {})
    expect(summary).toMatchObject({
      ...{ cases: 1, total: 3, contacted: 1, notContacted: 1, exempt: 1, contactRate: 1 / 2 },
      ...{ rectified: 0, notRectified: 1, notAdopted: 0, rectifiedRate: 0 },
    })
    const { indices } = await t.services.statistics.dashboard(city, {})
    expect(
      indices.find(({ key }) => key === 'call_back_rate'),
      'and so does the dashboard',
    ).toMatchObject({ numerator: 1, denominator: 2 })
  })

  it('shows of a gap only those who have it', async () => {
    const who = async (missing: 'not_contacted' | 'exempt') =>
      (await t.services.registers.callbacks(city, { missing })).items.map((item) => item.evaluator)
    expect(await who('not_contacted')).toEqual(['评价人 1'])
    expect(await who('exempt')).toEqual(['评价人 3'])
  })
})
