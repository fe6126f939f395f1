import { look } from './looks.ts'
import { caseOf, desk, ELSEWHERE, expect, officialApi, rate, test, visit } from './world.ts'

const FIRST = 'Kuancheng-first-1'
const OWN = 'Kuancheng-own-2!'

test('an official of another district sees nothing of a case: no page, no row, no answer', async ({
  browser,
}) => {
  const receipt = await rate((await visit()).token)
  const { caseNumber } = await caseOf(await officialApi('jingban'), receipt.evaluationId)
  const administrator = await officialApi('guanli')
  const username = `kuancheng-${Date.now()}`
  const created = await administrator.call('POST', '/api/v1/accounts', {
    username,
    displayName: '宽城经办 示例',
    role: 'handler',
    organizationId: ELSEWHERE.organizationId,
    password: FIRST,
  })
  expect(created.status, await created.text()).toBe(201)

  // The first thing an account demands is a password that only its owner knows.
  const page = await (await browser.newContext({ baseURL: process.env.E2E_URL ?? '' })).newPage()
  const enter = async (password: string) => {
    await page.goto('/console/')
    await page.getByLabel('用户名').fill(username)
    await page.getByLabel('密码', { exact: true }).fill(password)
    await page.getByRole('button', { name: '登录' }).click()
  }
  await enter(FIRST)
  await expect(page.getByRole('heading', { name: '修改密码' })).toBeVisible()
  await look(page, 'console-first-password')
  await page.getByLabel(/^当前密码/).fill(FIRST)
  await page.getByLabel('新密码', { exact: true }).fill(OWN)
  await page.getByLabel('再输入一次新密码').fill(OWN)
  await page.getByRole('button', { name: '修改密码' }).click()
  await expect(page.getByText('密码已修改')).toBeVisible()
  await enter(OWN)
  await expect(page.getByRole('heading', { name: '差评件' })).toBeVisible()

  await page.goto(`/console/cases/${receipt.evaluationId}`)
  await expect(page.getByText(/没有这个差评件/)).toBeVisible()
  await page.goto(`/console/cases?q=${caseNumber}`)
  await expect(page.getByRole('link', { name: new RegExp(caseNumber) })).toBeHidden()
  await expect(page.getByText(/没有/).first()).toBeVisible()
  const direct = await page.request.get(`/api/v1/cases/${receipt.evaluationId}`)
  expect(direct.status()).toBe(404)

  const own = await desk(browser, 'nanguan')
  await own.goto(`/console/cases?q=${caseNumber}`)
  await expect(own.getByRole('link', { name: new RegExp(caseNumber) })).toBeVisible()
})
