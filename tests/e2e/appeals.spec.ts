import { accessible, complaints, look } from './looks.ts'
import { caseOf, desk, eventually, expect, HANDLING, officialApi, phone, rate, test, visit } from './world.ts'

interface Dashboard {
  cases: { notAdopted: { mistaken: number } }
}

test('R29: the staff member appeals, the citizen answers without script, the district decides, the figures follow', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const district = await officialApi('nanguan')
  const handler = await officialApi('jingban')
  const mistaken = async () => {
    const answer = await district.call('GET', `/api/v1/dashboard?organization=${HANDLING.organizationId}`)
    return ((await answer.json()) as Dashboard).cases.notAdopted.mistaken
  }
  const receipt = await rate((await visit()).token, {
    words: '我叫赵晓燕，电话13843100001，等了一个上午。',
    realName: true,
  })
  await caseOf(handler, receipt.evaluationId)
  const before = await mistaken()

  // Whoever was rated, at the window.
  const page = await desk(browser, 'chuangkou')
  const heard = complaints(page)
  await page.goto(`/console/evaluations/${receipt.evaluationId}`)
  await page.getByRole('button', { name: '提出申诉' }).click()
  await page.getByText('这是误评', { exact: true }).click()
  await page.getByLabel('申诉理由').fill('当日该窗口叫号记录中没有这位办事人。')
  await page.getByRole('button', { name: '提出申诉' }).click()
  await page.locator('.el-message-box').getByRole('button', { name: '提出申诉' }).click()
  await expect(page.getByText('至少上传一份证据')).toBeVisible()
  await page.locator('input[type=file]').setInputFiles({
    name: '叫号记录.png',
    mimeType: 'image/png',
    buffer: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  })
  await expect(page.getByRole('button', { name: '不附 叫号记录.png' })).toBeVisible()
  await look(page, 'appeal-filing')
  await page.getByRole('button', { name: '提出申诉' }).click()
  await page.locator('.el-message-box').getByRole('button', { name: '提出申诉' }).click()
  await expect(page).toHaveURL(/\/console\/appeals\//)
  await expect(page.locator('strong.state')).toHaveText('待审理')
  const shown = await page.locator('main').textContent()
  for (const secret of ['赵晓燕', '13843100001', receipt.receiptNumber]) expect(shown).not.toContain(secret)
  expect(shown).toContain('等了一个上午')
  await accessible(page, 'appeal-appellant')
  await look(page, 'appeal-appellant')
  expect(heard.filter((line) => !line.includes('422'))).toEqual([])

  // The citizen, on a phone without script.
  const citizen = await (await phone(browser)).newPage()
  await citizen.goto(`/p/${receipt.receiptToken}`)
  await expect(
    citizen.getByRole('heading', { name: '被评价的工作人员提出申诉，您可以说明情况' }),
  ).toBeVisible()
  await look(citizen, 'appeal-progress')
  await citizen.getByRole('link', { name: '看申诉理由，说明情况' }).click()
  await expect(citizen.getByText('当日该窗口叫号记录中没有这位办事人。')).toBeVisible()
  await look(citizen, 'appeal-citizen')
  await citizen.getByLabel('情况说明').fill('我是在隔壁窗口办的，可能评错了窗口。')
  await citizen.getByRole('button', { name: '提交说明' }).click()
  await expect(citizen.getByText('您已经说明了情况。')).toBeVisible()

  // One level up.
  const decider = await desk(browser, 'nanguan')
  await decider.goto('/console/appeals')
  await look(decider, 'appeals-to-decide')
  await accessible(decider, 'appeals-to-decide')
  await decider.goto(`/console/appeals/${receipt.evaluationId}`)
  await expect(decider.getByText('我是在隔壁窗口办的，可能评错了窗口。')).toBeVisible()
  await decider.getByRole('button', { name: '作出决定' }).click()
  await decider.getByText('认定为误评', { exact: true }).click()
  await decider.getByLabel('理由', { exact: true }).fill('评价人自述评错窗口，叫号记录相符。')
  await look(decider, 'appeal-decider')
  await decider.locator('form').getByRole('button', { name: '作出决定' }).click()
  await decider.locator('.el-message-box').getByRole('button', { name: '作出决定' }).click()
  await expect(decider.locator('strong.state')).toHaveText('已决定')
  await look(decider, 'appeal-decided')

  // What it did.
  await eventually(async () => (await mistaken()) === before + 1, 'the figures to follow the decision')
  await citizen.reload()
  await expect(citizen.getByText('评价人自述评错窗口，叫号记录相符。')).toBeVisible()
  await look(citizen, 'appeal-decided-citizen')
  await decider.goto(`/console/cases/${receipt.evaluationId}`)
  await expect(decider.getByRole('link', { name: /的申诉：认定为误评/ })).toBeVisible()
})
