import type { Browser, Page } from '@playwright/test'
import { accessible, complaints, look } from './looks.ts'
import {
  act,
  caseOf,
  DESKTOP,
  desk,
  expect,
  type OfficialApi,
  officialApi,
  PHONE,
  rate,
  test,
  visit,
} from './world.ts'

/** Some cases that wait to be signed for, at the handler's organisation or where the visits are said to be. */
const casesToSign = (official: OfficialApi, count: number, at: Record<string, unknown> = {}) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const { evaluationId } = await rate((await visit(at)).token)
      return caseOf(official, evaluationId)
    }),
  )
/** An organisation that no other test works at: its list stands still. */
const QUIET = {
  organizationId: '220104-rsj',
  windowCode: 'CY-B01',
  itemCode: '1122010499990080424002014021000',
  staffNumber: undefined,
}
const box = (page: Page, caseNumber: string) => page.getByRole('checkbox', { name: `选中 ${caseNumber}` })
const rowOf = (page: Page, caseNumber: string) => page.locator('tbody tr', { hasText: caseNumber })
const bar = (page: Page) => page.getByRole('region', { name: '批量办理' })

/** Looks closely at one moment of the queue, and stays at the last of the sizes. */
async function inspect(page: Page, name: string, sizes: (typeof DESKTOP)[]): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    await look(page, `console-${name}`)
    await accessible(page, `${name} at ${size.width} px`)
  }
}

async function queue(browser: Browser, username: string, query: string): Promise<Page> {
  const page = await desk(browser, username)
  await page.goto(`/console/cases?${query}`)
  await expect(page.locator('tbody tr').first()).toBeVisible()
  return page
}

test('many cases are signed for at once; what somebody else took meanwhile is told with the reason', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const handler = await officialApi('jingban')
  const [first, second, takenLater, takenBefore] = await casesToSign(handler, 4)
  const page = await queue(browser, 'jingban', 'state=to_sign')
  const heard = complaints(page)
  const sign = '签收并指定核实人'

  // With the keyboard: stand on a line, x picks it, and with Shift all up to it; the boxes do the same.
  await page.locator('tbody a.row-link').first().focus()
  await page.keyboard.press('x')
  for (const key of ['j', 'j', 'Shift+x']) await page.keyboard.press(key)
  await expect(bar(page)).toContainText('已选 3 件')
  await bar(page).getByRole('button', { name: '取消选择' }).click()
  await expect(bar(page)).toBeHidden()
  await act(handler, takenBefore!.id, 'sign', { verifier: handler.accountId })
  await rowOf(page, first!.caseNumber).locator('a').focus()
  await page.keyboard.press('x')
  await expect(box(page, first!.caseNumber)).toBeChecked()
  for (const one of [second!, takenLater!, takenBefore!]) await box(page, one.caseNumber).check()
  await expect(bar(page)).toContainText('已选 4 件')
  // What fits all of them is offered for all; what does not, for those it fits.
  await expect(bar(page).getByRole('button', { name: '申请改派', exact: true })).toBeVisible()
  await expect(bar(page).getByRole('button', { name: sign, exact: true })).toBeHidden()
  await inspect(page, 'queue-picked', [DESKTOP, PHONE])

  // On from here it is a phone.
  await bar(page)
    .getByRole('button', { name: `${sign}，只选这 3 件` })
    .click()
  await expect(box(page, takenBefore!.caseNumber)).not.toBeChecked()
  await expect(bar(page).getByRole('button', { name: sign, exact: true })).toBeEnabled()
  await page.keyboard.press('b')
  await expect(bar(page).locator('[data-event]').first()).toBeFocused()

  await bar(page).getByRole('button', { name: sign, exact: true }).click()
  const form = page.getByRole('dialog', { name: `${sign}（3 件）` })
  await form.getByRole('button', { name: sign }).click()
  await expect(form.getByText('请选择核实人')).toBeVisible()
  await look(page, 'console-queue-bulk-form')
  await act(handler, takenLater!.id, 'sign', { verifier: handler.accountId })
  await form.getByRole('button', { name: '由我核实' }).click()
  await form.getByRole('button', { name: sign }).click()
  await expect(form).toContainText('已完成 2 件，没有办成 1 件')
  const refused = form.getByRole('list', { name: '没有办成的差评件' }).getByRole('listitem')
  await expect(refused).toHaveCount(1)
  await expect(refused).toContainText(takenLater!.caseNumber)
  await expect(refused).toContainText('可能已被他人处理')
  await inspect(page, 'queue-bulk-refused', [PHONE])
  await form.getByRole('button', { name: '知道了' }).click()
  await expect(form).toBeHidden()
  await expect(rowOf(page, first!.caseNumber)).toBeHidden()
  await expect(bar(page)).toBeHidden()
  for (const one of [first!, second!, takenLater!])
    expect(await caseOf(handler, one.id)).toMatchObject({ state: 'verifying', version: 2 })
  expect(heard).toEqual([])
})

test('each count of a clock leads to the cases it counts, and an order marks its case', async ({
  browser,
}) => {
  const handler = await officialApi('jingban')
  const [urged] = await casesToSign(handler, 1)
  const district = await officialApi('nanguan')
  const given = await district.call('POST', `/api/v1/cases/${urged!.id}/supervision/orders`, {
    kind: 'listed',
    demand: '请今天办结。',
  })
  expect(given.ok, await given.text()).toBe(true)
  const page = await queue(browser, 'nanguan', '')
  const clocks = page.getByRole('region', { name: '按时限' })
  const signing = clocks.getByRole('button', { name: /^签收 \d+$/ })
  await signing.click()
  await expect(page).toHaveURL(/clock=sign/)
  await expect(signing).toHaveAttribute('aria-pressed', 'true')
  const dues = page.locator('tbody td[data-label="剩余时间"]')
  await expect(dues.filter({ hasNotText: '签收截止' })).toHaveCount(0)
  await expect(dues.first()).toContainText('签收截止')
  const late = clocks.getByRole('button', { name: /^.+，超期 \d+ 件$/ }).first()
  const [label, count] = /^(.+)，超期 (\d+) 件$/.exec((await late.getAttribute('aria-label')) ?? '')!.slice(1)
  await late.click()
  await expect(page).toHaveURL(/due=overdue/)
  await expect(page.getByRole('navigation', { name: '翻页' })).toContainText(`共 ${count} 件`)
  await expect(dues.filter({ hasNotText: '已超期' })).toHaveCount(0)
  await expect(dues.first()).toContainText(`${label}截止`)

  await page.goto('/console/cases?order=listed')
  await expect(rowOf(page, urged!.caseNumber)).toContainText('挂牌督办')
  await inspect(page, 'queue-orders', [DESKTOP])
})

test('pages go on after the end of a row, stand in the address, and are come back to from a case', async ({
  browser,
}) => {
  const { organizationId, ...at } = QUIET
  await casesToSign(await officialApi('shiji'), 6, at)
  const page = await queue(browser, 'shiji', `organization=${organizationId}&pageSize=2`)
  const numbers = () => page.locator('tbody .code').allTextContents()
  const first = await numbers()
  const turner = page.getByRole('navigation', { name: '翻页' })
  await expect(turner.getByRole('button', { name: '上一页' })).toBeDisabled()
  await turner.getByRole('button', { name: '下一页' }).click()
  await expect(page).toHaveURL(/after=/)
  await expect.poll(async () => (await numbers()).some((one) => first.includes(one))).toBe(false)
  const second = await numbers()
  await page.keyboard.press('n')
  await expect.poll(async () => (await numbers()).some((one) => second.includes(one))).toBe(false)
  const place = page.url()
  const third = await numbers()
  await inspect(page, 'queue-page', [PHONE])
  // On a phone a case is a card of a few lines, large enough for a thumb, and says what is due.
  const card = page.locator('tbody a.row-link').first()
  await expect(card).toContainText(/工作日|到期|超期/)
  await expect(card).toContainText(/截止 \d{2}-\d{2}/)
  const { height } = (await card.boundingBox())!
  expect(height).toBeGreaterThanOrEqual(44)
  expect(height).toBeLessThanOrEqual(120)
  await page.setViewportSize(DESKTOP)

  // Into a case, on to the next, and back to the line and the page one left from.
  await page.locator('tbody a.row-link').first().click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText('1 / 2')).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByText('2 / 2')).toBeVisible()
  await page.keyboard.press('u')
  await expect(page).toHaveURL(place)
  await expect(page.locator('tbody a.row-link').nth(1)).toBeFocused()
  expect(await numbers()).toEqual(third)
  await turner.getByRole('button', { name: '上一页' }).click()
  await expect.poll(numbers).toEqual(second)
  await page.reload()
  await expect.poll(numbers).toEqual(second)
  await turner.getByRole('button', { name: '上一页' }).click()
  await expect.poll(numbers).toEqual(first)
  await page.goBack()
  await expect.poll(numbers).toEqual(second)
})
