import type { Locator, Page } from '@playwright/test'
import { accessible, complaints, look } from './looks.ts'
import {
  act,
  caseOf,
  desk,
  eventually,
  expect,
  HANDLING,
  officialApi,
  phone,
  rate,
  test,
  url,
  visit,
  workToReply,
} from './world.ts'

/** What a phone's camera makes of the QR code is the link; it is the same one that is beside it. */
const RECEIPT = /PJ\d{8}-[2-9A-HJ-NP-Z]{8}/

const textOf = async (where: Locator) => (await where.textContent()) ?? ''

/** Public pages are kept by the browser for a minute; this asks anew. */
async function fresh(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.reload()
}

/** Opens an action's form on the case page, fills it, and sends it. */
async function step(page: Page, label: string, fill: () => Promise<void>, next: string): Promise<void> {
  const panel = page.getByRole('region', { name: '下一步' })
  await panel.locator(`button[data-event]`, { hasText: label }).click()
  await fill()
  await panel.locator('form button[type=submit]').click()
  const question = page.locator('.el-message-box')
  const done = page.getByText(`已完成“${label}”`)
  await expect(question.or(done).first()).toBeVisible()
  if (await question.isVisible()) await question.getByRole('button', { name: label }).click()
  await expect(done).toBeVisible()
  await expect(page.locator('strong.state')).toHaveText(next)
}

test('the whole way: a visit, a bad rating without script, the case worked, confirmed solved, published, proven', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const invitation = await visit()
  expect(invitation.url).toBe(`${url.replace('127.0.0.1', 'localhost')}/r/${invitation.token}`)
  expect(invitation.qr).toContain('<svg')

  // The citizen, on a phone without script.
  const citizen = await (await phone(browser)).newPage()
  await citizen.goto(`/r/${invitation.token}?c=3`)
  await expect(citizen.getByText(HANDLING.itemName)).toBeVisible()
  await expect(citizen.locator('.for-2').first()).toBeHidden()
  await citizen.locator('label[for=level-2]').click()
  const options = citizen.locator('.for-2').first()
  await options.getByText('更多选项').click()
  await options.getByLabel('窗口人员业务不熟练').check()
  await citizen.locator('label[for=hallLevel-4]').click()
  await citizen.getByLabel('还想说些什么').fill('问了三个窗口，说法都不一样。')
  await citizen.locator('label[for=real]').click()
  await expect(citizen.getByText('将使用您办这件事时登记的姓名和电话')).toBeVisible()
  await citizen.getByRole('button', { name: '提交评价' }).click()

  await expect(citizen.getByRole('heading', { name: '评价已收到，谢谢您' })).toBeVisible()
  const receiptAddress = citizen.url()
  await expect(citizen.getByText(RECEIPT)).toBeVisible()
  await expect(citizen.getByRole('img', { name: /二维码/ })).toBeVisible()
  await expect(citizen.getByText('负责处理的单位')).toContainText('南关区人力资源和社会保障局')
  await expect(citizen.locator('main')).toContainText(/最晚 \d{4}\/\d{2}\/\d{2} \d{2}:\d{2} 前/)
  const caseNumber = await eventually(async () => {
    await citizen.reload()
    return /CP\d{8}-[2-9A-HJ-NP-Z]{8}/.exec(await textOf(citizen.locator('main')))?.[0]
  }, 'the case on the receipt')
  await expect(citizen.getByRole('heading', { name: '处理进度：待签收' })).toBeVisible()

  // The official of the handling organisation, at a desk.
  const page = await desk(browser, 'jingban')
  const heard = complaints(page)
  await page.getByRole('link', { name: '差评件' }).click()
  await page.getByRole('link', { name: new RegExp(caseNumber) }).click()
  await expect(page.getByRole('heading', { name: HANDLING.itemName })).toBeVisible()
  await expect(page.getByText('问了三个窗口，说法都不一样。').first()).toBeVisible()
  await expect(page.getByText('赵晓燕'), 'the name is masked until it is opened with a reason').toBeHidden()
  await step(page, '签收并指定核实人', () => page.getByRole('button', { name: '由我核实' }).click(), '核实中')
  await look(page, 'case-verifying')
  await accessible(page, 'case-verifying')
  await step(
    page,
    '登记回访',
    async () => {
      await page.getByText('已联系上', { exact: true }).click()
      await page.getByLabel('回访记录').fill('已通话，群众说明当时情况。')
    },
    '核实中',
  )
  await step(
    page,
    '立行立改',
    () => page.getByLabel('核实情况').fill('情况属实，新员工不熟悉流程。'),
    '立行立改',
  )
  await step(
    page,
    '整改完成',
    async () => {
      await page.getByLabel('整改内容').fill('已对窗口人员培训，并张贴流程图。')
      await page.locator('input[type=file]').setInputFiles({
        name: '培训记录.png',
        mimeType: 'image/png',
        buffer: Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          'base64',
        ),
      })
      await expect(page.getByRole('button', { name: '不附 培训记录.png' })).toBeVisible()
    },
    '待反馈',
  )
  await step(
    page,
    '答复评价人',
    () => page.getByLabel('答复内容').fill('已整改，流程图已张贴，欢迎监督。'),
    '待满意度测评',
  )
  await look(page, 'case-answered')
  await page.getByRole('link', { name: '返回差评件列表' }).click()
  await page.getByRole('navigation', { name: '待办分类' }).getByRole('button', { name: '归我办理' }).click()
  await expect(page).toHaveURL(/mine=true/)
  await page.goto(`${page.url()}&q=${caseNumber}`)
  await expect(page.getByRole('link', { name: new RegExp(caseNumber) })).toBeVisible()
  expect(heard).toEqual([])

  // The citizen again, still without script.
  await citizen.goto(receiptAddress)
  await expect(citizen.getByText('已整改，流程图已张贴，欢迎监督。')).toBeVisible()
  await citizen.locator('label[for=survey-satisfied]').click()
  await citizen.getByRole('button', { name: '提交' }).click()
  await expect(citizen.getByRole('heading', { name: '处理进度：已办结' })).toBeVisible()
  await expect(citizen.locator('main')).toContainText('评价人确认已解决')

  // The public, and the proof.
  const anyone = await (await phone(browser, { script: true })).newPage()
  const row = anyone.getByRole('row').filter({ hasText: caseNumber })
  await eventually(async () => {
    await fresh(anyone, '/cases')
    return row.isVisible()
  }, 'the case on the portal')
  await expect(row).toContainText('评价人确认已解决')
  await anyone.goto(`/cases/${caseNumber}`)
  await expect(anyone.locator('main')).toContainText('已对窗口人员培训，并张贴流程图。')
  await expect(anyone.locator('main')).not.toContainText('问了三个窗口')
  await expect(anyone.locator('main')).not.toContainText('赵晓燕')
  await anyone.goto(receiptAddress)
  await anyone.getByRole('button', { name: '开始核验' }).click()
  await expect(anyone.getByText('核验通过：这张回执的编号和评价等级原样在公开账本里')).toBeVisible()
})

test('“not solved” opens the case again: the district directs it anew, in a second round', async ({
  browser,
}) => {
  const handler = await officialApi('jingban')
  const receipt = await rate((await visit()).token)
  await caseOf(handler, receipt.evaluationId)
  await workToReply(handler, receipt.evaluationId)

  const citizen = await (await phone(browser)).newPage()
  await citizen.goto(`/p/${receipt.receiptToken}`)
  await expect(citizen.getByText('审核需要 5 个工作日')).toBeVisible()
  await citizen.getByRole('button', { name: '提交' }).click()
  await expect(citizen.getByRole('alert')).toContainText('请选择问题是否解决')
  await citizen.locator('label[for=survey-unsolved]').click()
  await citizen.getByLabel(/想补充的话/).fill('到期了还是没有收到短信。')
  await citizen.getByRole('button', { name: '提交' }).click()
  await expect(citizen.getByRole('heading', { name: '处理进度：待上级复核' })).toBeVisible()

  const district = await desk(browser, 'nanguan')
  await district.goto(`/console/cases/${receipt.evaluationId}`)
  await expect(district.getByText('到期了还是没有收到短信。').first()).toBeVisible()
  await look(district, 'case-reopened')
  await step(
    district,
    '复核后重新交办',
    () => district.getByLabel('复核意见和要求').fill('请当面核实，三日内答复。'),
    '待签收',
  )
  const page = await desk(browser, 'jingban')
  await page.goto(`/console/cases/${receipt.evaluationId}`)
  await expect(page.getByText('第 2 轮').first()).toBeVisible()
  await expect(page.getByText('请当面核实，三日内答复。').first()).toBeVisible()
  await step(page, '签收并指定核实人', () => page.getByRole('button', { name: '由我核实' }).click(), '核实中')
})

test('a rating found mistaken is not adopted only when the district confirms it, and is counted in public', async ({
  browser,
}) => {
  test.setTimeout(120_000)
  const handler = await officialApi('jingban')
  const receipt = await rate((await visit()).token, { level: 2 })
  const { caseNumber } = await caseOf(handler, receipt.evaluationId)
  await act(handler, receipt.evaluationId, 'sign', { verifier: handler.accountId })

  const mistaken = async (reader: Page) => {
    await fresh(reader, '/cases')
    const fact = reader.locator('.case-facts > div', { hasText: /不予采纳.误评/ })
    return Number(/(\d+) 件/.exec(await textOf(fact))?.[1])
  }
  const anyone = await (await phone(browser)).newPage()
  const before = await mistaken(anyone)

  const page = await desk(browser, 'jingban')
  await page.goto(`/console/cases/${receipt.evaluationId}`)
  await step(
    page,
    '提出不予采纳',
    async () => {
      await page.getByText('误评', { exact: true }).click()
      await page.getByLabel('核实情况').fill('评价人确认点错，当日服务正常。')
      await page.locator('input[type=file]').setInputFiles({
        name: '说明.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
      })
      await expect(page.getByRole('button', { name: '不附 说明.pdf' })).toBeVisible()
    },
    '拟不予采纳',
  )
  await expect(page.getByText('已报同级管理机构，等待其确认或退回。')).toBeVisible()

  const district = await desk(browser, 'nanguan')
  await district.goto(`/console/cases/${receipt.evaluationId}`)
  await step(
    district,
    '确认不予采纳',
    () => district.getByLabel('确认意见').fill('材料充分，同意不予采纳。'),
    '待反馈',
  )
  await act(handler, receipt.evaluationId, 'reply', { reply: '经核实为误评，按规定不计入统计。' })

  const citizen = await (await phone(browser)).newPage()
  await citizen.goto(`/p/${receipt.receiptToken}`)
  await expect(citizen.locator('main')).toContainText('误评')
  await citizen.locator('label[for=survey-satisfied]').click()
  await citizen.getByRole('button', { name: '提交' }).click()
  await expect(citizen.getByRole('heading', { name: '处理进度：已办结' })).toBeVisible()
  await eventually(async () => (await mistaken(anyone)) > before, 'the public count of mistaken ratings')
  await eventually(async () => {
    await fresh(anyone, `/cases/${caseNumber}`)
    return (await textOf(anyone.locator('main'))).includes('不予采纳（误评）')
  }, 'the case in public')
})
