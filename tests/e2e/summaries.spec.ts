import type { Browser, Page } from '@playwright/test'
import { accessible, complaints, look } from './looks.ts'
import { DESKTOP, desk, expect, officialApi, PHONE, test, url } from './world.ts'

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
  await expect(nanguan.getByRole('dialog', { name: /南关区通报：待审核/ })).toBeVisible()
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

interface Listed {
  summaryId: string
  period: string
  scopeName: string
  version: number
  state: string
}
/** Makes the newest summaries of these places anew, so that they wait to be approved. */
async function anew(places: string[]): Promise<Listed[]> {
  const { call } = await officialApi('shiji')
  const { items } = (await (await call('GET', '/api/v1/summaries')).json()) as { items: Listed[] }
  const made = []
  for (const place of places) {
    const found = items.find(({ scopeName, state }) => scopeName === place && state !== 'withdrawn')!
    const path = `/api/v1/summaries/${found.summaryId}/withdraw`
    const gone = await call('POST', path, { version: found.version, reason: '数字有误，重新核对' })
    const { period, scope } = (await gone.json()) as { period: string; scope: string }
    made.push((await (await call('POST', '/api/v1/summaries', { period, scope })).json()) as Listed)
  }
  return made
}

test('R19: summaries that are due are told with their day, approved and published together, each for itself', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const places = ['双阳区', '榆树市', '德惠市']
  const made = await anew(places)
  const city = await summariesOf(browser, 'shiji')
  const heard = complaints(city)
  const due = city.getByRole('status').filter({ hasText: '没有发布' }).first()
  await expect(due).toContainText(/最晚应在 \d{4}-\d{2}-10 公布/)
  const box = (page: Page, place: string) => page.getByRole('checkbox', { name: new RegExp(`${place}通报$`) })
  const bar = (page: Page) => page.getByRole('region', { name: '批量办理' })
  for (const place of places) await box(city, place).click()
  await expect(bar(city)).toContainText('已选 3 份')
  for (const size of [DESKTOP, PHONE]) {
    await city.setViewportSize(size)
    await look(city, 'summaries-picked')
    // At the end of the page, where the bar that stays in sight covers no row.
    await city.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await accessible(city, `the summaries that are picked at ${size.width} px`)
  }
  await city.setViewportSize(DESKTOP)

  // Somebody else is quicker with one: it is told, the others go through.
  const other = await officialApi('shiji2')
  const [first] = made
  expect((await other.call('POST', `/api/v1/summaries/${first!.summaryId}/approve`, { version: 1 })).ok).toBe(
    true,
  )
  await bar(city).getByRole('button', { name: '审核通过 3 份' }).click()
  const dialog = city.getByRole('dialog', { name: '审核通过（3 份）' })
  await expect(dialog.getByRole('list', { name: '选中的通报' }).getByRole('listitem')).toHaveCount(3)
  await dialog.getByRole('button', { name: '审核通过', exact: true }).click()
  await expect(dialog.getByRole('status')).toContainText('已完成 2 份，没有办成 1 份')
  await expect(dialog.getByRole('listitem')).toContainText('双阳区')
  await look(city, 'summaries-refused')
  await dialog.getByRole('button', { name: '知道了' }).click()

  const colleague = await summariesOf(browser, 'shiji2')
  for (const place of places) await box(colleague, place).click()
  await expect(bar(colleague)).toContainText('由您审核的 1 份，请另一位同事发布')
  await bar(colleague).getByRole('button', { name: '发布 2 份' }).click()
  await colleague.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click()
  const row = (place: string) => colleague.getByRole('row').filter({ hasText: place }).first()
  for (const place of places.slice(1)) await expect(row(place)).toContainText('已发布')
  await expect(row('双阳区')).toContainText('待发布')
  expect(heard).toEqual([])
})
