import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, evidence, official, PNG } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { sm3 } from '../../platform/crypto/sm.ts'
import type { Official } from '../identity/official.ts'

let t: TestApp
let handler: Official
let id: string
beforeAll(async () => {
  t = await testCity()
  handler = await official(t, 'handler-dh')
  id = await aCase(t, {
    realName: true,
    words: '跑了三趟，材料清单每次都不一样。',
    name: '张三丰',
    phone: '13812345678',
  })
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'fix_now', { finding: '经核实，窗口告知不一次性。' })
  await act(t, handler, id, 'complete', {
    done: '已统一材料清单。',
    evidence: [await evidence(t, handler, id)],
  })
  await t.settle()
})
afterAll(() => t.close())

/** Every text of the document, in the order it is printed in. */
function textsOf(node: unknown): string {
  if (typeof node === 'string') return node
  if (Array.isArray(node)) return node.map(textsOf).join('\n')
  if (typeof node !== 'object' || node === null) return ''
  const { text, stack, columns, table } = node as Record<string, unknown>
  return [text, stack, columns, (table as { body?: unknown } | undefined)?.body].map(textsOf).join('\n')
}
const printed = async (by: Official) => textsOf((await t.services.caseFile.document(by, id)).content)

describe('the printed case file', () => {
  it('R24: holds every step with its number in the ledger and its hash there, and the checkpoint it was made against', async () => {
    const paper = await printed(handler)
    const { timeline } = await t.services.rectification.detail(handler, id)
    expect(timeline.length).toBeGreaterThanOrEqual(5)
    for (const entry of timeline) {
      const proof = await t.services.ledger.proofOf(id, entry.entryId)
      expect(paper).toContain(entry.label)
      expect(paper).toContain(`账本第 ${proof!.position + 1} 条　摘要 ${proof!.leafHash}`)
    }
    const checkpoint = await t.services.ledger.latest()
    for (const word of [`检查点第 ${checkpoint!.size} 条`, checkpoint!.root, checkpoint!.signature])
      expect(paper).toContain(word)
  })

  it('R14: holds what was said, found and done, the clocks with their arithmetic, and each file with its digest', async () => {
    const paper = await printed(handler)
    const { clocks, caseNumber } = await t.services.rectification.detail(handler, id)
    for (const text of [
      caseNumber,
      '跑了三趟，材料清单每次都不一样。',
      '经核实，窗口告知不一次性。',
      '已统一材料清单。',
      '整改照片.png',
      sm3(PNG).toString('hex'),
    ])
      expect(paper).toContain(text)
    for (const clock of clocks) {
      expect(paper).toContain(clock.label)
      for (const day of clock.days) expect(paper).toContain(day.date)
    }
    expect(paper).not.toMatch(/undefined|null|NaN|Invalid/)
  })

  it('R28: names the evaluator only masked', async () => {
    const paper = await printed(handler)
    expect(paper).toContain('138****5678')
    expect(paper).not.toMatch(/张三丰|13812345678/)
  })

  it('is a PDF with its own font, sent to whoever may see the case and to nobody else', async () => {
    const browser = await signIn(t, 'auditor-dh')
    const answer = await browser.get(`/api/v1/cases/${id}/file.pdf`)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf'])
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="CP[\w-]+\.pdf"$/)
    const bytes = answer.rawPayload.toString('latin1')
    expect(bytes.slice(0, 5)).toBe('%PDF-')
    expect(bytes).toMatch(/FontName \/\w+\+NotoSansSC/)
    const other = await signIn(t, 'handler-xl')
    expect((await other.get(`/api/v1/cases/${id}/file.pdf`)).statusCode).toBe(404)
  })
})
