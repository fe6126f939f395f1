import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { type Program, runProgram, startProgram } from '../support/program.ts'
import { accessible, complaints, look } from './looks.ts'
import { DESKTOP, expect, PHONE, signIn, test } from './world.ts'

// A city of its own: a demonstration that reaches into last month, so that there is something to sum up.
const folder = mkdtempSync(join(tmpdir(), 'haochaping-summaries-'))
let program: Program | undefined
test.beforeAll(async () => {
  test.setTimeout(600_000)
  const env = { HAOCHAPING_MODE: 'demo', LOG_LEVEL: 'error', HAOCHAPING_DATA_DIR: folder }
  const filled = await runProgram(['demo', '--days', '32', '--ratings', '40'], env)
  if (filled.code !== 0) throw new Error(filled.printed)
  program = await startProgram(['start'], env)
})
test.afterAll(async () => {
  await program?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function desk(browser: Browser, username: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: program!.url,
    viewport: DESKTOP,
    locale: 'zh-CN',
  })
  const page = await context.newPage()
  await signIn(page, username)
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
  const city = await desk(browser, 'shiji')
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

  const nanguan = await desk(browser, 'nanguan')
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

  const colleague = await desk(browser, 'shiji2')
  await open(colleague)
  const publishing = colleague.getByRole('dialog', { name: /南关区通报/ })
  await publishing.getByRole('button', { name: '发布', exact: true }).click()
  await expect(district(colleague).getByText('已发布')).toBeVisible()

  const reader = await (await browser.newContext({ baseURL: program!.url, viewport: PHONE })).newPage()
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
