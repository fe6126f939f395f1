import type { Browser, Page } from '@playwright/test'
import { accessible, complaints, look } from './looks.ts'
import { DESKTOP, desk, expect, PHONE, test, url } from './world.ts'

async function summariesOf(browser: Browser, username: string): Promise<Page> {
  const page = await desk(browser, username)
  await page.goto('/console/summaries')
  return page
}
/** The newest summary of 南关区: one that was withdrawn stands below it. */
const district = (page: Page) => page.getByRole('row').filter({ hasText: '南关区' }).first()
const open = (page: Page) =>
  district(page)
    .getByRole('button', { name: /南关区通报$/ })
    .click()

test('R19, Q72: a district prepares its summary, the city approves, a colleague publishes, everybody reads', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const city = await summariesOf(browser, 'shiji')
  const heard = complaints(city)
  for (const size of [DESKTOP, PHONE]) {
    await city.setViewportSize(size)
    await look(city, 'summaries')
  }
  await city.setViewportSize(DESKTOP)
  await open(city)
  const drawer = city.getByRole('dialog', { name: /南关区通报/ })
  await drawer.getByRole('button', { name: '撤回' }).click()
  const reason = city.getByRole('dialog', { name: '撤回通报' })
  await reason.getByRole('textbox').fill('南关区数字有误，重新核对')
  await reason.getByRole('button', { name: '撤回' }).click()
  await expect(drawer.getByText(/撤回：南关区数字有误/)).toBeVisible()

  const nanguan = await summariesOf(browser, 'nanguan')
  await expect(nanguan.getByRole('row').filter({ hasText: '朝阳区' })).toHaveCount(0)
  await open(nanguan)
  const own = nanguan.getByRole('dialog', { name: /南关区通报/ })
  await own.getByRole('button', { name: '重新生成草稿' }).click()
  await expect(own.getByText('以下就是向社会公布的全部内容')).toBeVisible()
  await expect(own.getByRole('button', { name: '审核通过' })).toHaveCount(0)

  await city.reload()
  await open(city)
  await look(city, 'summary-draft')
  await accessible(city, 'the draft of a summary')
  await drawer.getByRole('button', { name: '审核通过' }).click()
  await expect(drawer.getByText('由您审核，请另一位同事发布。')).toBeVisible()
  await expect(drawer.getByRole('button', { name: '发布', exact: true })).toBeDisabled()

  const colleague = await summariesOf(browser, 'shiji2')
  await open(colleague)
  const publishing = colleague.getByRole('dialog', { name: /南关区通报/ })
  await publishing.getByRole('button', { name: '发布', exact: true }).click()
  await expect(district(colleague).getByText('已发布')).toBeVisible()

  const reader = await (await browser.newContext({ baseURL: url, viewport: PHONE })).newPage()
  await reader.goto('/summaries')
  await look(reader, 'public-summaries')
  await reader.getByRole('row').filter({ hasText: '南关区' }).getByRole('link').click()
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText(/月南关区评价和差评办理情况通报$/)
  for (const size of [PHONE, DESKTOP]) {
    await reader.setViewportSize(size)
    await look(reader, 'public-summary')
  }
  await accessible(reader, 'the summary of a district')
  expect(heard).toEqual([])
})
