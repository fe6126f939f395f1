import { desk, expect, test } from './world.ts'

// The city keeps the calendar (Q61): what a year would change is seen before it is saved; a hall has days of its own.
test('the city sees what a year changes before saving it, and gives a hall its Saturdays', async ({
  browser,
}) => {
  const page = await desk(browser, 'shiji')
  await page.goto('/console/calendar?year=2026')
  await page.getByRole('button', { name: '录入节假日安排' }).click()
  const dialog = page.getByRole('dialog', { name: '录入节假日安排' })
  await dialog.getByLabel('年度').fill('2028')
  await dialog.getByLabel('依据文件').fill('国务院办公厅关于2028年部分节假日安排的通知')
  const file = (content: string) => ({ name: '2028.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
  const input = dialog.locator('input[type=file]')
  await input.setInputFiles(file('日期,类型,名称\n2027-05-01,放假,劳动节'))
  await expect(dialog.getByText('2028 年的安排里不应有这一天')).toBeVisible()
  await expect(dialog.getByRole('button', { name: '保存这一年' })).toBeDisabled()
  await input.setInputFiles(file('日期,类型,名称\n2028-05-01,放假,劳动节\n2028-05-06,上班,调休'))
  await expect(dialog.getByText('5月1日（周一）：按星期 → 放假（劳动节）')).toBeVisible()
  await dialog.getByRole('button', { name: '保存这一年' }).click()
  await expect(page).toHaveURL(/year=2028/)
  await expect(page.getByText('劳动节：5月1日')).toBeVisible()

  await page.getByRole('button', { name: /^显示全部/ }).click()
  await page.getByRole('button', { name: '修改南关区政务服务中心的开放日' }).click()
  const hall = page.getByRole('dialog', { name: '南关区政务服务中心的开放日' })
  await hall.getByText('每周', { exact: true }).click()
  await hall.locator('.el-select').click()
  await page.getByRole('option', { name: '每周六' }).click()
  await hall.getByText('开放', { exact: true }).click()
  await hall.getByLabel('说明').fill('周六延时服务')
  await hall.getByRole('button', { name: '增加' }).click()
  await hall.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('cell', { name: '每周六 开放 周六延时服务' })).toBeVisible()
  await page.context().close()
})
