import type { Locator, Page } from '@playwright/test'
import { accessible, complaints, look } from './looks.ts'
import { act, caseOf, DESKTOP, desk, expect, officialApi, PHONE, rate, test, visit } from './world.ts'

const named = (page: Page, name: string) => page.getByRole('region', { name })
const topOf = async (part: Locator) => (await part.boundingBox())?.y ?? Number.NaN

test('R14, R24: a case on one page: what was said beside the affair, the guide and what went before, and all that happened in one timeline', async ({
  browser,
}) => {
  const [handler, city] = [await officialApi('jingban'), await officialApi('shiji')]
  const { evaluationId: id } = await rate((await visit()).token, { realName: true })
  await caseOf(handler, id)
  await act(handler, id, 'sign', { verifier: handler.accountId })
  await act(handler, id, 'record_contact', { result: 'reached', note: '已通话，等了两小时。' })
  const ordered = await city.call('POST', `/api/v1/cases/${id}/supervision/orders`, {
    kind: 'supervise',
    demand: '请查清排队原因。',
  })
  expect(ordered.status).toBe(201)

  const page = await desk(browser, 'jingban')
  const heard = complaints(page)
  await page.goto(`/console/cases/${id}`)
  const [next, said, affair, guide, history, timeline] = [
    named(page, '下一步'),
    named(page, '评价人说了什么'),
    named(page, '办件与地点'),
    named(page, '办事指南'),
    named(page, '以往情况'),
    named(page, '办理过程'),
  ]
  await expect(guide.getByText('办理时限')).toBeVisible()
  await expect(history.getByText('同一窗口')).toBeVisible()
  // Side by side, and what can be done stays in sight when the page is scrolled to its end.
  expect(await topOf(affair)).toBeCloseTo(await topOf(said), 0)
  expect(await topOf(history)).toBeCloseTo(await topOf(said), 0)
  await expect(timeline.getByText('请查清排队原因。')).toBeVisible()
  await timeline.getByText('提交评价').scrollIntoViewIfNeeded()
  await page.mouse.wheel(0, 10_000)
  await expect(next.getByRole('button').first()).toBeInViewport()
  const calls = named(page, '回访')
  await expect(calls.getByText('已通话，等了两小时。')).toBeVisible()
  await expect(calls.getByText('今天还可联系 1 次')).toBeVisible()
  await look(page, 'case-page')
  await accessible(page, 'the page of a case')

  // On a phone: the clock and what is to be done first, then what was said, the affair, what went before.
  await page.setViewportSize(PHONE)
  await page.evaluate(() => window.scrollTo(0, 0))
  const order = await Promise.all([next, said, affair, guide, history, calls, timeline].map(topOf))
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  await look(page, 'case-page')
  await accessible(page, 'the page of a case on a phone')
  await page.setViewportSize(DESKTOP)

  // An answer to the order stands in the timeline at once.
  const own = named(page, '督办和抽查')
  await own.getByRole('button', { name: '答复督办' }).click()
  const dialog = page.getByRole('dialog', { name: '答复督办' })
  await dialog.getByRole('textbox', { name: '答复内容' }).fill('已增设窗口。')
  await dialog.getByRole('button', { name: '答复督办' }).click()
  await expect(timeline.getByText('已增设窗口。')).toBeVisible()
  expect(heard).toEqual([])
})

test('R29: whoever was rated is told the day, and neither who rated nor when', async ({ browser }) => {
  const { evaluationId: id } = await rate((await visit()).token, {
    realName: true,
    words: '我叫赵晓燕，电话13843100001，等了一上午。',
  })
  const page = await desk(browser, 'chuangkou')
  await page.goto(`/console/evaluations/${id}`)
  await expect(page.getByText('不向被评价一方显示')).toBeVisible()
  const main = page.locator('main')
  await expect(main).toContainText('等了一上午')
  await expect(main).not.toContainText('赵晓燕')
  await expect(main).not.toContainText('13843100001')
  await expect(main.locator('time').first()).toHaveText(/^\d{4}-\d\d-\d\d$/)
  await accessible(page, 'a rating as whoever was rated sees it')
})
