import { accessible, complaints, look } from './looks.ts'
import { act, caseOf, DESKTOP, desk, expect, officialApi, PHONE, rate, test, visit } from './world.ts'

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
  await page.getByRole('button', { name: '修改朝阳区政务服务中心的开放日' }).click()
  const hall = page.getByRole('dialog', { name: '朝阳区政务服务中心的开放日' })
  await hall.getByText('每周', { exact: true }).click()
  await hall.locator('.el-select').click()
  await page.getByRole('option', { name: '每周六' }).click()
  await hall.getByText('开放', { exact: true }).click()
  await hall.getByLabel('说明').fill('周六延时服务')
  await hall.getByRole('button', { name: '增加' }).click()
  await hall.getByRole('button', { name: '保存' }).click()
  // Whether what the demo left running reaches over a Saturday depends on the day the test runs.
  const confirm = hall.getByRole('button', { name: '确认保存' })
  await expect(confirm.or(page.getByText('开放日已保存')).first()).toBeVisible()
  if (await confirm.isVisible()) await confirm.click()
  await expect(page.getByRole('cell', { name: '每周六 开放 周六延时服务' })).toBeVisible()
  await page.context().close()
})

// A hall shuts on a day that deadlines were counted by: whoever keeps its days sees them first, and needs a reason.
test('a district shuts a hall for a day: told deadlines stay, unless it says why they become later', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const handler = await officialApi('jingban')
  const { evaluationId } = await rate((await visit()).token)
  await caseOf(handler, evaluationId)
  await act(handler, evaluationId, 'sign', { verifier: handler.accountId })
  type Clock = { dueAt: string; days: { date: string }[] }
  const fixing = async () => {
    const answer = await handler.call('GET', `/api/v1/cases/${evaluationId}`)
    return ((await answer.json()) as { clock: Clock }).clock
  }
  const { dueAt, days } = await fixing()
  const page = await desk(browser, 'nanguan')
  const heard = complaints(page)
  await page.goto('/console/calendar')
  const change = page.getByRole('button', { name: '修改南关区政务服务中心的开放日' })
  await expect(change.or(page.getByRole('button', { name: /^显示全部/ })).first()).toBeVisible()
  if (!(await change.isVisible())) await page.getByRole('button', { name: /^显示全部/ }).click()
  await change.click()
  const hall = page.getByRole('dialog', { name: '南关区政务服务中心的开放日' })
  const day = hall.getByRole('combobox', { name: '日期' })
  await day.fill(days.at(-1)!.date)
  await day.press('Enter')
  await hall.getByLabel('说明').fill('整体搬迁')
  await hall.getByRole('button', { name: '增加' }).click()
  await hall.getByRole('button', { name: '保存' }).click()
  await expect(hall.getByText(/个已告知的期限按更正应当推迟，本次不顺延/)).toBeVisible()
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size)
    await look(page, 'hall-days')
  }
  await page.setViewportSize(DESKTOP)
  await accessible(page, 'opening days of a hall')
  await hall.getByText('顺延：不开放的日子增加的').click()
  await hall.getByRole('button', { name: '确认保存' }).click()
  await expect(hall.getByText('请写明理由（至少 4 个字）')).toBeVisible()
  await hall.getByLabel('顺延的理由').fill('整体搬迁，当日无法办理')
  await hall.getByRole('button', { name: '确认保存' }).click()
  await expect(hall).toBeHidden()
  // The keeper of the calendar comes by once a minute.
  await expect.poll(async () => (await fixing()).dueAt > dueAt, { timeout: 150_000 }).toBe(true)
  await page.goto(`/console/cases/${evaluationId}`)
  await page.getByRole('button', { name: /^逐日算法/ }).hover()
  await expect(page.getByText(/大厅不开放（整体搬迁）/)).toBeVisible()
  // The refusal without a reason.
  expect(heard.filter((line) => !line.includes('422'))).toEqual([])
})

// What the State Council did with 2020: a day that was a working day becomes a holiday, while cases run over it.
test('the city corrects a known year: what runs becomes later, and the case tells why', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const handler = await officialApi('jingban')
  const { evaluationId } = await rate((await visit()).token)
  await caseOf(handler, evaluationId)
  type Clocks = { clocks: { key: string; dueAt: string; days: { date: string }[] }[] }
  const signing = async () => {
    const answer = await handler.call('GET', `/api/v1/cases/${evaluationId}`)
    return ((await answer.json()) as Clocks).clocks.find(({ key }) => key === 'sign')!
  }
  const { dueAt, days } = await signing()
  const [day] = days.slice(-1).map(({ date }) => date)
  const year = day!.slice(0, 4)
  const known = await handler.call('GET', `/api/v1/calendar/${year}`)
  type Day = { day: string; kind: string; name: string }
  // In the last days of December the case reaches into a year that is not published: then it is loaded first.
  const before = known.ok
    ? ((await known.json()) as { days: Day[] }).days
    : [{ day: `${year}-12-31`, kind: 'holiday', name: '年末' }]
  const lines = (more: string[]) => [
    '日期,类型,名称',
    ...before.map((one) => `${one.day},${one.kind === 'holiday' ? '放假' : '上班'},${one.name}`),
    ...more,
  ]

  const page = await desk(browser, 'shiji')
  const heard = complaints(page)
  const dialog = page.getByRole('dialog', { name: '录入节假日安排' })
  async function preview(more: string[]) {
    await page.goto(`/console/calendar?year=${year}`)
    await page.getByRole('button', { name: '录入节假日安排' }).click()
    await dialog.getByLabel('年度').fill(year)
    await dialog.getByLabel('依据文件').fill(`国务院办公厅关于调整${year}年放假安排的通知`)
    const buffer = Buffer.from(lines(more).join('\n'))
    await dialog.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer })
    await expect(dialog.getByText('办理中的期限（差评件、申诉、督办）')).toBeVisible()
  }
  if (!known.ok) {
    await preview([])
    await dialog.getByRole('button', { name: '保存这一年' }).click()
    await expect(dialog).toBeHidden()
  }
  await preview([`${day},放假,哀悼日`])
  await expect(dialog.getByText('这是对已录入年度的更正')).toBeVisible()
  await expect(dialog.getByText(/个已告知的期限顺延/)).toBeVisible()
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size)
    await look(page, 'calendar-correction')
  }
  await page.setViewportSize(DESKTOP)
  await dialog.getByText('不顺延：').click()
  await expect(dialog.getByLabel('不顺延的理由')).toBeVisible()
  await accessible(page, 'correcting a year')
  await dialog.getByText('顺延：新增放假的').click()
  await dialog.getByRole('button', { name: '保存这一年' }).click()
  await expect(dialog).toBeHidden()
  // The keeper of the calendar comes by once a minute.
  await expect.poll(async () => (await signing()).dueAt > dueAt, { timeout: 150_000 }).toBe(true)
  await page.goto(`/console/cases/${evaluationId}`)
  await page.getByRole('button', { name: /^逐日算法/ }).hover()
  await expect(page.getByText('哀悼日放假')).toBeVisible()
  await expect(page.getByText('放假安排更正后重新计算')).toBeVisible()
  await look(page, 'case-corrected')

  await preview([])
  await expect(dialog.getByText(/已告知的期限不提前，仍按原期限/)).toBeVisible()
  await dialog.getByRole('button', { name: '保存这一年' }).click()
  await expect(dialog).toBeHidden()
  expect(heard).toEqual([])
})
