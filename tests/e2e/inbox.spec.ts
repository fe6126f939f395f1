import { accessible, look } from './looks.ts'
import { caseOf, desk, eventually, expect, officialApi, phone, rate, test, visit } from './world.ts'

test('P7, R14: an official finds a new case in the inbox; the citizen says how they want to be told', async ({
  browser,
}) => {
  test.setTimeout(120_000)
  const { token } = await visit()
  const receipt = await rate(token, { realName: true })
  const handler = await officialApi('jingban')
  const found = await caseOf(handler, receipt.evaluationId)

  const page = await desk(browser, 'jingban')
  await page.getByRole('link', { name: /^消息，\d+ 条未读$/ }).click()
  await expect(page.getByRole('heading', { name: '消息', level: 1 })).toBeVisible()
  const notice = page.getByRole('link', { name: new RegExp(found.caseNumber) })
  await eventually(async () => {
    await page.reload()
    return notice.first().isVisible()
  }, 'the notice of the new case')
  await expect(notice.first()).toContainText('未读')
  await look(page, 'inbox')
  await accessible(page, 'inbox')
  await notice.first().click()
  await expect(page).toHaveURL(/\/cases\//)

  const citizen = await (await phone(browser, { script: true })).newPage()
  await citizen.goto(`/p/${receipt.receiptToken}`)
  await citizen.getByRole('link', { name: /怎样通知我/ }).click()
  await expect(citizen.getByText('138****0001')).toBeVisible()
  await accessible(citizen, 'contact')
  await citizen.getByRole('button', { name: '不再接收消息' }).click()
  await expect(citizen.getByText('您已关闭消息')).toBeVisible()
  await citizen.getByRole('button', { name: '恢复接收消息' }).click()
  await expect(citizen.getByText('138****0001')).toBeVisible()
})
