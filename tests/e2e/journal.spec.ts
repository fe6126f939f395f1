import { accessible, look } from './looks.ts'
import { caseOf, DESKTOP, desk, eventually, expect, officialApi, PHONE, rate, test, visit } from './world.ts'

test('the auditor finds what happened to one case by its number, and who did it, and turns the pages', async ({
  browser,
}) => {
  const { token } = await visit()
  const { evaluationId } = await rate(token)
  const { caseNumber } = await caseOf(await officialApi('jingban'), evaluationId)

  const page = await desk(browser, 'shenji')
  await page.goto('/console/journal?pageSize=20')
  const positions = () => page.locator('tbody td.number').allTextContents()
  await expect.poll(async () => (await positions()).length).toBe(20)
  const first = await positions()
  const turner = page.getByRole('navigation', { name: '翻页' })
  await turner.getByRole('button', { name: '下一页' }).click()
  await expect.poll(async () => (await positions()).some((one) => first.includes(one))).toBe(false)
  await look(page, 'journal-page')

  await page.getByLabel('编号', { exact: true }).fill(caseNumber)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`subject=${caseNumber}`))
  await eventually(async () => {
    await page.reload()
    return page.getByRole('cell', { name: '差评件：建件' }).isVisible()
  }, 'the entry of the new case')
  for (const cell of await page.locator('tbody .code').allTextContents()) expect(cell).toBe(evaluationId)

  await page.getByRole('combobox', { name: '谁', exact: true }).fill('评价')
  await page.getByRole('option', { name: '评价人' }).click()
  await expect(page.getByRole('cell', { name: '差评件：建件' })).toBeHidden()
  await expect(page.getByRole('cell', { name: '提交评价' })).toBeVisible()
  for (const [name, size] of Object.entries({ wide: DESKTOP, narrow: PHONE })) {
    await page.setViewportSize(size)
    await look(page, `journal-${name}`)
    await accessible(page, `journal ${name}`)
  }
  await page.goto('/console/journal?subject=PJ00000000')
  await expect(page.getByText('没有这个编号的评价、投诉或差评件')).toBeVisible()
})
