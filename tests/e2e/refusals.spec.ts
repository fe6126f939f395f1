import { accessible, look } from './looks.ts'
import { expect, officialApi, phone, rate, test, visit } from './world.ts'

const DAY = 86_400_000
/** The policy's time for a supplementary rating. */
const SUPPLEMENT_DAYS = 30

test('a link that was used says so, and when', async ({ browser }) => {
  const { token } = await visit()
  await rate(token, { level: 5 })
  const page = await (await phone(browser, { script: true })).newPage()
  const answer = await page.goto(`/r/${token}`)
  expect(answer?.status()).toBe(409)
  await expect(page.locator('main')).toContainText('这次服务已经评价过了')
  await expect(page.locator('main')).toContainText('一次服务只评价一次')
  await look(page, 'refusal-used')
  await accessible(page, 'refusal-used')
})

test('a link nobody made, or cut short, is refused in words', async ({ browser }) => {
  const page = await (await phone(browser, { script: true })).newPage()
  for (const token of ['A'.repeat(43), 'kaputt', `${(await visit()).token.slice(0, -1)}`]) {
    const answer = await page.goto(`/r/${token}`)
    expect(answer?.status()).toBe(404)
    await expect(page.locator('main')).toContainText('没有找到这个评价链接')
  }
  await look(page, 'refusal-unknown')
  await accessible(page, 'refusal-unknown')
  const receipt = await page.goto(`/p/${'A'.repeat(43)}`)
  expect(receipt?.status()).toBe(404)
  await expect(page.locator('main')).toContainText('没有找到这个回执')
  const nowhere = await page.goto('/nowhere')
  expect(nowhere?.status()).toBe(404)
  await look(page, 'refusal-nowhere')
})

test('a link whose time is over is refused in words, also to a form that was open before', async ({
  browser,
}) => {
  const servedAt = new Date(Date.now() - SUPPLEMENT_DAYS * DAY + 6_000).toISOString()
  const { token } = await visit({ servedAt })
  const page = await (await phone(browser)).newPage()
  await page.goto(`/r/${token}`)
  await page.locator('label[for=level-1]').click()
  await page.waitForTimeout(6_500)
  await page.getByRole('button', { name: '提交评价' }).click()
  await expect(page.locator('main')).toContainText('评价期限已过')
  const answer = await page.goto(`/r/${token}`)
  expect(answer?.status()).toBe(410)
  await expect(page.locator('main')).toContainText('12345')
})

for (const script of [false, true])
  test(`a double click on “submit” is one rating ${script ? 'with' : 'without'} script`, async ({
    browser,
  }) => {
    const { token } = await visit()
    const page = await (await phone(browser, { script })).newPage()
    await page.goto(`/r/${token}`)
    await page.locator('label[for=level-3]').click()
    await page.getByRole('button', { name: '提交评价' }).dblclick()
    await expect(page.getByRole('heading', { name: '评价已收到，谢谢您' })).toBeVisible()
    const number = await page.locator('.receipt-number').textContent()
    const city = await officialApi('shiji')
    const found = await city.call('GET', `/api/v1/evaluations?receipt=${number}`)
    expect(((await found.json()) as { total: number }).total).toBe(1)
  })

test('a form without a level comes back with what was written, and says what is missing', async ({
  browser,
}) => {
  const { token } = await visit()
  const page = await (await phone(browser)).newPage()
  await page.goto(`/r/${token}`)
  await page.getByLabel('还想说些什么').fill('还没有选等级。')
  await page.getByRole('button', { name: '提交评价' }).click()
  await expect(page.getByRole('alert')).toContainText('请选择一个满意度等级')
  await expect(page.getByLabel('还想说些什么')).toHaveValue('还没有选等级。')
})

test('a rating is given with the keyboard alone', async ({ browser }) => {
  const { token } = await visit()
  const page = await (await browser.newContext({ baseURL: process.env.E2E_URL ?? '' })).newPage()
  await page.goto(`/r/${token}`)
  const focused = () => page.evaluate(() => document.activeElement?.id ?? '')
  const tabTo = async (id: string) => {
    for (let presses = 0; presses < 60 && (await focused()) !== id; presses++)
      await page.keyboard.press('Tab')
    expect(await focused()).toBe(id)
  }
  await tabTo('level-5')
  // Choosing by the arrows: nothing is chosen beforehand, and the fourth below the first is the worst.
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown')
  expect(await focused()).toBe('level-1')
  await expect(page.locator('#level-1')).toBeChecked()
  await tabTo('words')
  await page.keyboard.type('只用键盘写的。')
  await page.keyboard.press('Tab')
  for (let i = 0; i < 20; i++) {
    if (await page.evaluate(() => document.activeElement?.getAttribute('type') === 'submit')) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '评价已收到，谢谢您' })).toBeVisible()
  await expect(page.getByText('只用键盘写的。')).toBeVisible()
})

test('the large-print version is large, stays, and needs no script', async ({ browser }) => {
  const { token } = await visit()
  const page = await (await phone(browser)).newPage()
  await page.goto(`/r/${token}`)
  await page.getByRole('link', { name: '切换到大字版' }).click()
  await expect(page).toHaveURL(new RegExp(`/r/${token}`))
  await expect(page.getByRole('link', { name: '切换到标准版' })).toBeVisible()
  const label = page.locator('label[for=level-4]')
  await expect(label).toHaveCSS('font-size', /^(2[2-9]|[3-9]\d)(\.\d+)?px$/)
  for (const target of [label, page.getByRole('button', { name: '提交评价' })])
    expect((await target.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(60)
  await page.locator('label[for=level-4]').click()
  await page.getByRole('button', { name: '提交评价' }).click()
  await expect(page.getByRole('link', { name: '切换到标准版' })).toBeVisible()
})
