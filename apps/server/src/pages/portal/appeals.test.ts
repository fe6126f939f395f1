import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers } from '../../../../../tests/support/appeals.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  const [handler, district] = [await official(t, 'handler-dh'), await official(t, 'district-dh')]
  for (const outcome of ['mistaken', 'upheld', 'upheld', 'partly', 'upheld', 'malicious']) {
    const id = await aCase(t)
    await appeal(t, handler, id)
    await citizenAnswers(t, id)
    await actOnAppeal(t, district, id, 'decide', { outcome, reason: '经复查。' })
  }
  await t.settle()
})
afterAll(() => t.close())

const page = async (url: string) => (await t.server.inject({ method: 'GET', url })).body

it('P9: whoever reads the portal sees how much was appealed away, by district, and how that is counted', async () => {
  const home = await page('/')
  expect(home).toContain('申诉和改判')
  expect(home.match(/东湖区[\s\S]*?50\.00%/)).not.toBeNull()
  const method = await page('/method')
  expect(method).toContain('改判率 = 改判的申诉 ÷ 已决定的申诉')
})

it('P9: the same stands in the open data', async () => {
  const rows = parse(await page('/open-data/appeals.csv'), { columns: true, bom: true }) as Record<
    string,
    string
  >[]
  expect(rows.find((row) => row.name === '东湖区')).toMatchObject({
    region_code: '990101000000',
    appeals_filed: '6',
    appeals_decided: '6',
    appeals_overturned: '3',
    overturn_rate: '0.500000',
    suppressed: 'false',
  })
  expect(rows.find((row) => row.name === '西岭区')).toMatchObject({
    appeals_decided: '0',
    suppressed: 'false',
  })
})
