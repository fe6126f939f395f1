import type { Browser, Page } from '@playwright/test'
import { accessible, complaints, look } from './looks.ts'
import {
  caseOf,
  DESKTOP,
  eventually,
  expect,
  HANDLING,
  officialApi,
  phone,
  rate,
  test,
  url,
  visit,
} from './world.ts'

/** Every page at both sizes: looked at, held to the rules, and silent in the browser's console. */
async function inspect(
  browser: Browser,
  name: string,
  path: string,
  ready: (page: Page) => Promise<void> = async () => {},
) {
  const desktop = await browser.newContext({ baseURL: url, viewport: DESKTOP, locale: 'zh-CN' })
  for (const context of [await phone(browser, { script: true }), desktop]) {
    const page = await context.newPage()
    const heard = complaints(page)
    const answer = await page.goto(path)
    expect(answer?.status(), `${name} at ${path}`).toBe(200)
    await ready(page)
    await look(page, name)
    await accessible(page, `${name} at ${page.viewportSize()?.width} px`)
    expect.soft(heard, `${name} complains`).toEqual([])
    await context.close()
  }
}

test.describe('citizen pages', () => {
  test('the rating form, empty and with everything open', async ({ browser }) => {
    const { token } = await visit()
    await inspect(browser, 'rate', `/r/${token}`)
    await inspect(browser, 'rate-chosen', `/r/${token}`, async (page) => {
      await page.locator('label[for=level-1]').click()
      await page.locator('label[for=hallLevel-2]').click()
      await page.locator('label[for=real]').click()
      for (const summary of await page.locator('summary:visible').all()) await summary.click()
    })
  })
  test('the rating form of an unknown applicant, in large print', async ({ browser }) => {
    const { token } = await visit({ applicant: {} })
    await inspect(
      browser,
      'rate-elder',
      `/elder?on=1&back=${encodeURIComponent(`/r/${token}`)}`,
      async (page) => {
        await page.locator('label[for=level-2]').click()
        await page.locator('label[for=real]').click()
        await expect(page.getByLabel(/手机号/)).toBeVisible()
      },
    )
  })
  test('a form that came back with errors', async ({ browser }) => {
    const { token } = await visit({ applicant: {} })
    await inspect(browser, 'rate-errors', `/r/${token}`, async (page) => {
      await page.locator('label[for=level-2]').click()
      await page.locator('label[for=real]').click()
      await page.getByLabel(/手机号/).fill('123')
      await page.getByRole('button', { name: '提交评价' }).click()
      await expect(page.getByRole('alert')).toBeVisible()
    })
  })
  test('the receipt of a good rating, checked in the browser', async ({ browser }) => {
    const receipt = await rate((await visit()).token, { level: 5, hallLevel: 4 })
    await eventually(
      async () => (await fetch(`${url}/api/v1/receipts/${receipt.receiptToken}/proof`)).status === 200,
      'the proof',
    )
    await inspect(browser, 'receipt-good', `/p/${receipt.receiptToken}`, async (page) => {
      await page.getByRole('button', { name: '开始核验' }).click()
      await expect(page.getByText('核验通过')).toBeVisible()
    })
  })
  test('the receipt of a bad rating, with its case', async ({ browser }) => {
    const receipt = await rate((await visit()).token, { level: 1, optionCodes: ['110'] })
    await caseOf(await officialApi('jingban'), receipt.evaluationId)
    await inspect(browser, 'receipt-bad', `/p/${receipt.receiptToken}`)
  })
  test('the tablet at the window, with a rating waiting', async ({ browser }) => {
    await visit({ servedAt: new Date().toISOString() })
    await inspect(browser, 'hall', `/hall/${HANDLING.hallCode}/${HANDLING.windowCode}`, async (page) => {
      await expect(page.getByRole('link', { name: '在这台平板上评价' })).toBeVisible()
    })
    await inspect(browser, 'hall-waiting', '/hall/CY/CY-A01')
  })
  test('what is said about privacy, and the way into the demonstration', async ({ browser }) => {
    await inspect(browser, 'privacy', '/privacy')
    await inspect(browser, 'demo', '/demo')
  })
})

test.describe('the portal', () => {
  const paths: [string, string][] = [
    ['portal-home', '/'],
    ['portal-home-7', '/?days=7'],
    ['portal-organizations', '/organizations'],
    ['portal-organization', `/organizations/${'220102-rsj'}`],
    ['portal-items', '/items'],
    ['portal-items-found', '/items?q=登记'],
    ['portal-item', `/items/${HANDLING.itemCode}`],
    ['portal-cases', '/cases'],
    ['portal-cases-none', '/cases?outcome=not_adopted&region=220182000000'],
    ['portal-method', '/method'],
    ['portal-ledger', '/ledger'],
  ]
  for (const [name, path] of paths)
    test(`${name} at ${path}`, async ({ browser }) => {
      await inspect(browser, name, path)
    })
  test('a published case', async ({ browser, request }) => {
    const html = await (await request.get(`${url}/cases`)).text()
    const [path] = /\/cases\/CP[\w-]+/.exec(html) ?? []
    expect(path, 'the demonstration has a closed case').toBeDefined()
    await inspect(browser, 'portal-case', path!)
  })
  test('open data are there as JSON and as CSV', async ({ request }) => {
    const html = await (await request.get(`${url}/method`)).text()
    const links = [...new Set(html.match(/\/open-data\/[\w.-]+/g) ?? [])]
    expect(links.length).toBeGreaterThan(1)
    for (const link of links) {
      const answer = await request.get(`${url}${link}`)
      expect(answer.status(), link).toBe(200)
      const text = await answer.text()
      if (link.endsWith('.json')) JSON.parse(text)
      else expect(text.split('\n').length, link).toBeGreaterThan(1)
    }
  })
})
