import type { Browser, Page } from '@playwright/test'
import { accessible, complaints, look } from './looks.ts'
import {
  act,
  caseOf,
  DESKTOP,
  expect,
  officialApi,
  PASSWORD,
  PHONE,
  rate,
  signIn,
  test,
  url,
  visit,
} from './world.ts'

const ROLES = ['shiji', 'nanguan', 'fuzeren', 'jingban', 'chuangkou', 'shenji', 'guanli']
/** Between them they have every page there is; theirs are held to accessibility wide and light too. */
const ALL_PAGES = ['shiji', 'chuangkou', 'shenji', 'guanli']

/** Waits until a screen has what it shows. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await expect(page.getByText('正在加载').first()).toBeHidden()
  await expect(page.locator('.el-loading-mask:visible')).toHaveCount(0)
}

async function open(browser: Browser, username: string, width: number, dark: boolean): Promise<Page> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: width === PHONE.width ? PHONE : DESKTOP,
    colorScheme: dark ? 'dark' : 'light',
    locale: 'zh-CN',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await signIn(page, username)
  await settled(page)
  return page
}

/** The names of the pages in the navigation of whoever is signed in. */
const navigation = async (page: Page): Promise<string[]> =>
  (await page.locator('aside.side a').allTextContents()).map((text) => text.trim())

async function inspect(page: Page, name: string, closely = true): Promise<void> {
  await settled(page)
  await look(page, name)
  if (closely) await accessible(page, `${name} at ${page.viewportSize()?.width} px`)
}

for (const username of ROLES)
  test(`every page that ${username} has, wide and light, narrow and dark`, async ({ browser }) => {
    test.setTimeout(240_000)
    const wide = await open(browser, username, DESKTOP.width, false)
    const heard = complaints(wide)
    const pages = await navigation(wide)
    expect(pages.length).toBeGreaterThan(1)
    for (const name of pages) {
      await wide.locator('aside.side').getByRole('link', { name, exact: true }).click()
      await expect(wide.getByRole('heading', { level: 1 })).toBeVisible()
      await inspect(wide, `console-${username}-${name}`, ALL_PAGES.includes(username))
    }
    const narrow = await open(browser, username, PHONE.width, true)
    heard.push(...complaints(narrow))
    for (const name of pages) {
      await narrow.getByRole('button', { name: '打开导航' }).click()
      const drawer = narrow.getByRole('dialog', { name: '导航' })
      await drawer.getByRole('link', { name, exact: true }).click()
      await expect(drawer).toBeHidden()
      await expect(narrow.getByRole('heading', { level: 1 })).toBeVisible()
      await inspect(narrow, `console-${username}-${name}-dark`)
    }
    expect(heard).toEqual([])
  })

test('a case in each of its stages, an evaluation, an item and what opens over a page', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const handler = await officialApi('jingban')
  const receipt = await rate((await visit()).token, { level: 2, optionCodes: ['207'], realName: true })
  await caseOf(handler, receipt.evaluationId)
  const pages = [
    await open(browser, 'jingban', DESKTOP.width, false),
    await open(browser, 'jingban', PHONE.width, true),
  ]
  const heard = pages.map(complaints)
  const everywhere = async (
    name: string,
    path: string,
    ready: (page: Page) => Promise<void> = async () => {},
  ) => {
    for (const page of pages) {
      await page.goto(path)
      await settled(page)
      await ready(page)
      await inspect(page, `console-${name}`)
    }
  }
  const path = `/console/cases/${receipt.evaluationId}`
  const form = (label: string) => async (page: Page) => {
    await page.locator('button[data-event]', { hasText: label }).click()
  }
  await everywhere('case-to-sign', path, form('签收并指定核实人'))
  await act(handler, receipt.evaluationId, 'sign', { verifier: handler.accountId })
  await everywhere('case-promise-form', path, form('承诺限期整改'))
  await everywhere('case-rejection-form', path, form('提出不予采纳'))
  await act(handler, receipt.evaluationId, 'record_contact', { result: 'reached', note: '已通话。' })
  await everywhere('case-timeline', path)
  await everywhere('evaluation', `/console/evaluations/${receipt.evaluationId}`)
  await everywhere('item', '/console/catalog/items/11220102999900564A4002014021000')
  await everywhere('evaluations-filtered', '/console/evaluations?negative=true&level=2')
  await everywhere('cases-closed', '/console/cases?closed=true')
  await everywhere('shortcuts', path, async (page) => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
  })
  await everywhere('not-found', '/console/nowhere')
  expect(heard.flat()).toEqual([])
})

test('signing in: the page, and a wrong password', async ({ browser }) => {
  for (const [viewport, colorScheme] of [
    [DESKTOP, 'light'],
    [PHONE, 'dark'],
  ] as const) {
    const page = await (await browser.newContext({ baseURL: url, viewport, colorScheme })).newPage()
    await page.goto('/console/')
    await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
    await inspect(page, `console-sign-in-${colorScheme}`)
    await page.getByLabel('用户名').fill('nobody-here')
    await page.getByLabel('密码', { exact: true }).fill(`${PASSWORD}!`)
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    await inspect(page, `console-sign-in-refused-${colorScheme}`)
  }
})
