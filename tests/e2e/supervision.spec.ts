import { accessible, complaints, look } from './looks.ts'
import {
  act,
  caseOf,
  DESKTOP,
  desk,
  expect,
  officialApi,
  PHONE,
  phone,
  rate,
  test,
  visit,
  workToReply,
} from './world.ts'

test('Q74: the city lists a case, the organisation answers, the city accepts, and the public reads the count', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const handler = await officialApi('jingban')
  const { evaluationId } = await rate((await visit()).token)
  await caseOf(handler, evaluationId)

  const city = await desk(browser, 'shiji')
  const heard = complaints(city)
  await city.goto(`/console/cases/${evaluationId}`)
  const panel = city.getByRole('region', { name: '督办和抽查' })
  await panel.getByRole('button', { name: '发出督办' }).click()
  const dialog = city.getByRole('dialog', { name: '发出督办' })
  await dialog.getByText('挂牌督办', { exact: true }).click()
  await dialog.getByRole('textbox', { name: '督办要求' }).fill('请查清排队原因并限期解决。')
  await look(city, 'supervision-order')
  await dialog.getByRole('button', { name: '发出', exact: true }).click()
  await expect(panel.getByText('待答复')).toBeVisible()

  const jingban = await desk(browser, 'jingban')
  await jingban.goto(`/console/cases/${evaluationId}`)
  const own = jingban.getByRole('region', { name: '督办和抽查' })
  await own.getByRole('button', { name: '答复督办' }).click()
  const answer = jingban.getByRole('dialog', { name: '答复督办' })
  await answer.getByRole('textbox', { name: '答复内容' }).fill('已增设窗口，等候降到十分钟。')
  await answer.getByRole('button', { name: '答复督办' }).click()
  await expect(own.getByText('待审核')).toBeVisible()

  await city.reload()
  await expect(panel.getByText('已增设窗口，等候降到十分钟。')).toBeVisible()
  await panel.getByRole('button', { name: '审核通过' }).click()
  await city.getByRole('dialog', { name: '审核通过' }).getByRole('button', { name: '审核通过' }).click()
  await expect(panel.getByText('已通过')).toBeVisible()
  await panel.scrollIntoViewIfNeeded()
  await look(city, 'supervision-case')
  await accessible(city, 'a case with an order')
  await city.goto('/console/supervision')
  await expect(city.getByText('挂牌督办办理中')).toBeVisible()
  await look(city, 'supervision-orders')
  expect(heard).toEqual([])

  const citizen = await (await phone(browser, { script: true })).newPage()
  await citizen.goto('/supervision')
  await expect(citizen.getByRole('heading', { name: '督办和抽查情况' })).toBeVisible()
  await look(citizen, 'public-supervision')
  await accessible(citizen, 'what the public reads of supervision')
})

test('R18, Q71: a round is planned, drawn, and a false report begins the case again', async ({ browser }) => {
  test.setTimeout(180_000)
  const handler = await officialApi('jingban')
  const { evaluationId } = await rate((await visit()).token)
  const { caseNumber } = await caseOf(handler, evaluationId)
  await workToReply(handler, evaluationId)

  const page = await desk(browser, 'shiji')
  const heard = complaints(page)
  await page.goto('/console/spot-checks')
  await page.getByRole('button', { name: '发起抽查' }).click()
  await page.getByLabel('名称').fill('十一月抽查')
  await look(page, 'spot-check-new')
  await accessible(page, 'planning a round')
  await page.getByRole('button', { name: '定下范围，下一步抽取' }).click()
  await page.getByRole('button', { name: '抽取', exact: true }).click()
  const sure = page.getByRole('dialog', { name: '现在抽取？' })
  const foreseen = /范围内 (\d+) 件，将抽 (\d+) 件/.exec((await sure.textContent()) ?? '')!
  await expect(page.getByText(`范围内现有 ${foreseen[1]} 件，将抽 ${foreseen[2]} 件`)).toBeVisible()
  await sure.getByRole('button', { name: '抽取' }).click()
  await expect(page.getByText(`${foreseen[1]} 件，下载名单`)).toBeVisible()
  await expect(page.getByRole('table', { name: '抽查的差评件' }).locator('tbody tr')).toHaveCount(
    Number(foreseen[2]),
  )
  await expect(page.getByText('检查中')).toBeVisible()
  await page.getByText('怎样自己重抽一遍').click()
  await expect(page.getByText('openssl dgst -sm3 -r')).toBeVisible()
  await page.getByText('怎样自己重抽一遍').click()
  await look(page, 'spot-check-drawn')
  await accessible(page, 'a round that was drawn')

  await page.goto('/console/spot-checks/new')
  await page.getByLabel('名称').fill('点名抽查')
  await page.getByText('按编号点名').click()
  await page.getByLabel('差评件编号').fill(caseNumber)
  await page.getByRole('button', { name: '开始检查' }).click()
  await page.getByRole('button', { name: '登记结果' }).click()
  const dialog = page.getByRole('dialog', { name: '登记检查结果' })
  await dialog.getByText('谎报', { exact: true }).click()
  await dialog.getByRole('textbox', { name: '检查情况' }).fill('回访群众，问题没有解决。')
  await dialog.locator('input[type=file]').setInputFiles({
    name: '回访记录.png',
    mimeType: 'image/png',
    buffer: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    ),
  })
  await expect(dialog.getByText('回访记录.png')).toBeVisible()
  await look(page, 'spot-check-finding')
  await dialog.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.getByText('已重新办理')).toBeVisible()
  await look(page, 'spot-check-found')
  expect((await caseOf(handler, evaluationId)).state).toBe('reopened')
  expect(heard).toEqual([])
})

test('P6: a citizen reports revenge without a script, and reads the city’s answer', async ({ browser }) => {
  test.setTimeout(120_000)
  const { receiptToken } = await rate((await visit()).token)
  const citizen = await (await phone(browser)).newPage()
  await citizen.goto(`/p/${receiptToken}`)
  await citizen.getByRole('link', { name: '直接向市级主管部门反映' }).click()
  await look(citizen, 'retaliation-form')
  await citizen.getByRole('button', { name: '交给市级主管部门' }).click()
  await citizen.getByLabel('发生了什么？').fill('窗口的人打电话让我撤回评价。')
  await citizen.getByRole('button', { name: '交给市级主管部门' }).click()
  await expect(citizen.getByText('市级主管部门已收到')).toBeVisible()
  await look(citizen, 'retaliation-progress')

  const city = await desk(browser, 'shiji')
  await city.goto('/console/inbox')
  await expect(city.getByText('收到打击报复反映').first()).toBeVisible()
  await look(city, 'retaliation-inbox')
  await city.getByText('收到打击报复反映').first().click()
  await expect(city).toHaveURL(/\/retaliation-reports$/)
  await city.getByRole('button', { name: '查看并答复' }).first().click()
  const dialog = city.getByRole('dialog', { name: '打击报复反映' })
  await expect(dialog.getByText('窗口的人打电话让我撤回评价。')).toBeVisible()
  await dialog.getByText('情况属实，已处理').click()
  await dialog.getByRole('textbox', { name: '答复内容' }).fill('已责令停止并作出处理。')
  await look(city, 'retaliation-console')
  await dialog.getByRole('button', { name: '答复评价人' }).click()
  await expect(dialog).toBeHidden()
  await citizen.reload()
  await expect(citizen.getByText('已责令停止并作出处理。')).toBeVisible()
  const auditor = await desk(browser, 'shenji')
  await auditor.goto('/console/retaliation-reports')
  await expect(auditor.getByRole('heading', { name: '没有这个页面' })).toBeVisible()
})

test('R20, Q73: the registers tell what is missing and give it as a file', async ({ browser }) => {
  const handler = await officialApi('jingban')
  const { evaluationId } = await rate((await visit()).token, { realName: true })
  await caseOf(handler, evaluationId)
  await act(handler, evaluationId, 'sign', { verifier: handler.accountId })
  const page = await desk(browser, 'fuzeren')
  for (const [path, heading, file] of [
    ['/console/registers/callbacks', '实名差评回访整改台账', '实名差评回访整改台账.xlsx'],
    ['/console/registers/commitments', '限期整改承诺台账', '限期整改承诺台账.xlsx'],
  ] as const) {
    await page.goto(path)
    await expect(page.getByRole('heading', { name: heading })).toBeVisible()
    await page.waitForLoadState('networkidle')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: '导出 Excel' }).click()
    expect((await saved).suggestedFilename()).toBe(file)
    for (const size of [DESKTOP, PHONE]) {
      await page.setViewportSize(size)
      await look(page, `register-${path.split('/').at(-1)}`)
    }
    await page.setViewportSize(DESKTOP)
    await accessible(page, heading)
  }
})
