import { accessible, complaints, look } from './looks.ts'
import { DESKTOP, desk, expect, PHONE, test } from './world.ts'

test('Q30: the numbers of the rules stand by what they are about, are looked for, and are told as they apply to a region', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const page = await desk(browser, 'shiji')
  const heard = complaints(page)
  await page.goto('/console/policies')
  const group = (name: string) => page.getByRole('region', { name: new RegExp(`^${name}（`) })
  await expect(group('办理时限').getByRole('row', { name: /^答复时限/ })).toContainText('2 个工作日')
  for (const name of ['回访和测评', '评价', '申诉', '督办和超期上报', '通知', '公开和通报', '账号安全'])
    await expect(group(name)).toBeVisible()

  // Of one district: what applies there and whose rule it is; then it gets a rule of its own.
  await page.goto('/console/policies?region=220106000000&q=督办件')
  await expect(page.getByRole('table')).toHaveCount(1)
  const answer = page.getByRole('row', { name: /^督办件答复时限/ })
  await expect(answer).toContainText('按长春市规定')
  await answer.getByRole('button', { name: /^修改/ }).click()
  const dialog = page.getByRole('dialog', { name: '修改督办件答复时限' })
  await expect(dialog.getByText('绿园区')).toBeVisible()
  await dialog.getByRole('spinbutton').fill('2')
  await dialog
    .locator('.el-date-editor input')
    .fill(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10))
  await dialog.locator('.el-date-editor input').press('Enter')
  await dialog.getByRole('button', { name: '保存新版本' }).click()
  await expect(answer).toContainText('本地单独规定')
  await expect(answer).toContainText('长春市')

  // Seen from the city it is told beside the city's, and its versions are one press away.
  await page.goto('/console/policies?q=督办件')
  await expect(answer).toContainText('3 个工作日')
  await answer.getByRole('button', { name: '绿园区督办件答复时限的版本' }).click()
  const versions = page.getByRole('dialog', { name: '督办件答复时限 · 绿园区' })
  await expect(versions.getByRole('listitem')).toHaveCount(1)
  await expect(versions).toContainText('现行')
  await page.keyboard.press('Escape')
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size)
    await page.goto('/console/policies')
    await look(page, 'console-policies')
    await accessible(page, `the policies at ${size.width} px`)
  }
  expect(heard).toEqual([])
})
