import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { accessible, complaints, look } from './looks.ts'
import { act, caseOf, DESKTOP, desk, expect, officialApi, PHONE, rate, test, visit } from './world.ts'

const photograph = (background: string, width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer()

test('evidence: clear refusals before anything is sent, pictures to look at, and the case on paper', async ({
  browser,
}) => {
  const { evaluationId } = await rate((await visit()).token)
  const handler = await officialApi('jingban')
  await caseOf(handler, evaluationId)
  await act(handler, evaluationId, 'sign', { verifier: handler.accountId })
  await act(handler, evaluationId, 'fix_now', { finding: '情况属实。' })

  const page = await desk(browser, 'jingban')
  const heard = complaints(page)
  await page.goto(`/console/cases/${evaluationId}`)
  const panel = page.getByRole('region', { name: '下一步' })
  await panel.locator('button[data-event]', { hasText: '整改完成' }).click()
  await page.locator('input[type=file]').setInputFiles([
    { name: '整改前.jpg', mimeType: 'image/jpeg', buffer: await photograph('#c77', 1600, 1200) },
    { name: '整改后.jpg', mimeType: 'image/jpeg', buffer: await photograph('#7a7', 900, 1600) },
    { name: '全部材料.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') },
    { name: '很长的录像.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(11 * 1024 * 1024) },
    { name: '改了名的网页.png', mimeType: 'image/png', buffer: Buffer.from('<html></html>') },
  ])
  await expect(page.getByRole('button', { name: '不附 整改后.jpg' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(3)
  await expect(page.getByRole('alert').filter({ hasText: '超过每个文件 10 MB 的上限' })).toBeVisible()
  await expect(page.getByRole('alert').filter({ hasText: '不支持这种文件。可以上传：' })).toHaveCount(2)
  await expect.poll(() => page.locator('.mark img').evaluateAll((all) => all.length)).toBe(2)
  await look(page, 'case-files-refused')
  await page.setViewportSize(PHONE)
  await look(page, 'case-files-refused')
  await page.setViewportSize(DESKTOP)

  await page.getByLabel('整改内容').fill('已重新布置等候区。')
  await panel.locator('form button[type=submit]').click()
  await expect(page.getByText('已完成“整改完成”')).toBeVisible()
  await page.getByRole('button', { name: '查看 整改前.jpg' }).click()
  const box = page.getByRole('dialog', { name: '整改前.jpg' })
  await expect(box.getByRole('img', { name: '整改前.jpg' })).toHaveJSProperty('naturalWidth', 1600)
  await look(page, 'case-picture')
  await accessible(page, 'case-picture')
  // They stand in the order in which they arrived.
  const first = await box.getByRole('button', { name: '下一张' }).isEnabled()
  await page.keyboard.press(first ? 'ArrowRight' : 'ArrowLeft')
  await expect(page.getByRole('dialog', { name: '整改后.jpg' })).toBeVisible()
  await page.setViewportSize(PHONE)
  await look(page, 'case-picture')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await look(page, 'case-with-pictures')
  await page.setViewportSize(DESKTOP)
  await look(page, 'case-with-pictures')

  const [paper] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '打印案卷' }).click(),
  ])
  expect(paper.suggestedFilename()).toMatch(/^CP\d{8}-\w{8}\.pdf$/)
  expect(
    readFileSync(await paper.path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  // The browser complains of the refusal that was asked for, and of nothing else.
  expect(heard.filter((line) => !line.includes('status of 415'))).toEqual([])
})
