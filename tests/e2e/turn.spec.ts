import { accessible, complaints, look } from './looks.ts'
import {
  act,
  caseOf,
  DESKTOP,
  desk,
  ELSEWHERE,
  eventually,
  expect,
  officialApi,
  PHONE,
  rate,
  test,
  visit,
} from './world.ts'

test('R14, Q62: a handler begins with what waits for their own hand; what went elsewhere says where to', async ({
  browser,
}) => {
  test.setTimeout(120_000)
  const [handler, city] = [await officialApi('jingban'), await officialApi('shiji')]
  const [mine, asked, lost] = await Promise.all(
    [1, 2, 3].map(async () => caseOf(handler, (await rate((await visit()).token)).evaluationId)),
  )
  const { id, caseNumber } = mine!
  for (const one of [id, asked!.id]) await act(handler, one, 'sign', { verifier: handler.accountId })
  await act(handler, asked!.id, 'ask_citizen', { question: '请问是哪个窗口？' })
  await act(handler, lost!.id, 'propose_transfer', {
    organization: ELSEWHERE.organizationId,
    reason: '由宽城区办理的事项。',
  })
  await act(city, lost!.id, 'accept_transfer', { note: '同意改派。' })

  const page = await desk(browser, 'jingban')
  const heard = complaints(page)
  const tabs = page.getByRole('navigation', { name: '待办分类' })
  const line = (number: string) => page.getByRole('link', { name: new RegExp(number) })
  await expect(page).toHaveURL(/\/cases\?turn=me$/)
  await expect(tabs.getByRole('button', { name: '现在该我办' })).toHaveAttribute('aria-current', 'true')
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size)
    await look(page, 'console-queue-turn')
    await accessible(page, `what waits for the own hand at ${size.width} px`)
  }
  await page.setViewportSize(DESKTOP)

  // Narrowed with the other filters: the case at work is there, the one that waits for the citizen is not.
  await page.goto(`/console/cases?turn=me&q=${caseNumber}`)
  await expect(line(caseNumber)).toBeVisible()
  await page.goto(`/console/cases?turn=me&q=${asked!.caseNumber}`)
  await expect(page.getByText('没有符合条件的差评件。')).toBeVisible()
  await tabs.getByRole('button', { name: '归我办理' }).click()
  await expect(line(asked!.caseNumber)).toBeVisible()
  await tabs.getByRole('button', { name: '全部在办' }).click()
  await expect(page).toHaveURL(/turn=all/)
  await expect(tabs.getByRole('button', { name: '全部在办' })).toHaveAttribute('aria-current', 'true')
  await expect(line(asked!.caseNumber)).toBeVisible()
  await page.reload()
  await expect(line(asked!.caseNumber), 'all that are open stay on the screen').toBeVisible()
  await page.getByRole('link', { name: '差评件', exact: true }).click()
  await expect(page, 'the navigation leads to the own turn').toHaveURL(/\/cases\?turn=me$/)

  // Back from a case one stands in the same view.
  await page.goto(`/console/cases?turn=me&q=${caseNumber}`)
  await line(caseNumber).click()
  await page.getByRole('link', { name: '返回差评件列表' }).click()
  await expect(page).toHaveURL(/turn=me/)

  // The one that was transferred: a notice of its own kind, and at its address where it went.
  await page.goto('/console/inbox?kind=inbox_moved')
  const notice = page.getByRole('link', { name: new RegExp(lost!.caseNumber) })
  await eventually(async () => {
    await page.reload()
    return notice.isVisible()
  }, 'the notice of the transfer')
  await expect(page.getByRole('combobox', { name: '消息类别' })).toBeVisible()
  await expect(page.locator('.kind')).toContainText('差评件已改派')
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size)
    await look(page, 'console-inbox-kind')
    await accessible(page, `the inbox of one kind at ${size.width} px`)
  }
  await notice.click()
  await expect(page.getByRole('alert')).toContainText(
    /^这个差评件已于 \d{4}-\d\d-\d\d 由.*改派给宽城区.*办理/,
  )
  await look(page, 'console-case-lost')
  expect(heard.filter((words) => !words.includes('403'))).toEqual([])
})
