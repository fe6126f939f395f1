import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { plain } from '../../../../../tests/support/page.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import { aClosedCase } from '../../../../../tests/support/supervision.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  for (let i = 0; i < 6; i++) await rate(t, { level: 5 })
  for (const level of [5, 3, 2] as const) {
    const id = await aClosedCase(t)
    await t.services.followUps.submit(t.services.invitations.receiptToken(id), {
      ...{ level, optionCodes: [], channel: 2, submissionId: randomUUID() },
    })
  }
  await aClosedCase(t)
  await t.settle()
})
afterAll(() => t.close())

const words = async (url: string) => {
  const { body } = await t.server.inject({ url, headers: { accept: 'text/html' } })
  return plain(body.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<[^>]+>/g, ' '))
}
const RATE = { key: 'follow_up_rate', name: '整改满意度', numerator: 2, denominator: 3 }

it('R17, R19: how satisfied citizens were after rectification stands in public with its denominator', async () => {
  const { publication } = t.services
  expect((await publication.report(30)).followUps).toMatchObject(RATE)
  const { summary } = await publication.cases({}, 1, 10)
  expect(summary.indices).toContainEqual(expect.objectContaining(RATE))
  expect(await words('/')).toMatch(/整改满意度\s*66\.67%\s*2 ÷ 3 条追评/)
  expect(await words('/cases')).toMatch(/整改满意度\s*66\.67%\s*2 ÷ 3/)
  expect(await words('/method')).toContain('整改满意度')
  const { body } = await t.server.inject('/open-data/summary.json')
  expect(JSON.parse(body).followUps).toMatchObject(RATE)
})

it('R19: and in the summary of the month, of the city and of the district', async () => {
  const city = await official(t, 'city')
  t.clock.now = new Date('2026-12-05T10:00:00+08:00')
  for (const scope of ['lm', 'lm-dh'])
    expect((await t.services.summaries.draftMonth(city, '2026-11', scope)).figures.indices).toContainEqual(
      RATE,
    )
})
