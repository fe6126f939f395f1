import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers, ratedHandler } from '../../../../../tests/support/appeals.ts'
import { aCase, act, evidence, official, PNG } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { sm3 } from '../../platform/crypto/sm.ts'
import type { Official } from '../identity/official.ts'

let t: TestApp
let handler: Official
let id: string
const DEMAND = '请三日内查清排队原因。'
const ANSWER = '已统一清单并培训窗口。'
const REASON = '证据不足，维持原评价。'
const FOUND = '回访群众，情况属实。'
beforeAll(async () => {
  t = await testCity()
  handler = await official(t, 'handler-dh')
  id = await aCase(t, {
    realName: true,
    words: '跑了三趟，材料清单每次都不一样。',
    name: '张三丰',
    phone: '13812345678',
  })
  t.clock.forward(300_000)
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'fix_now', { finding: '经核实，窗口告知不一次性。' })
  await act(t, handler, id, 'complete', {
    done: '已统一材料清单。',
    evidence: [await evidence(t, handler, id)],
  })
  const district = await official(t, 'district-dh')
  const { orders, checks, findings, ofCase } = t.services.supervision
  const orderId = await orders.issue(district, id, { kind: 'listed', demand: DEMAND })
  const [order] = (await ofCase(handler, id)).orders
  await orders.act(handler, id, orderId, 'answer', { version: order!.version, values: { answer: ANSWER } })
  await appeal(t, handler, id)
  await citizenAnswers(t, id)
  await actOnAppeal(t, district, id, 'decide', { outcome: 'upheld', reason: REASON })
  const { caseNumber } = await t.services.rectification.detail(handler, id)
  const checkId = await checks.pick(district, { title: '抽查', method: 'call', caseNumbers: [caseNumber] })
  await findings.record(district, checkId, id, { version: 1, finding: 'none', note: FOUND })
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
    const { timeline } = await t.services.wholeCase.detail(handler, id)
    expect(timeline.length).toBeGreaterThanOrEqual(11)
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

  it('R18, R29: holds the order and its answer, the appeal with its evidence and decision, and what a spot check found', async () => {
    const paper = await printed(handler)
    for (const text of [DEMAND, ANSWER, '挂牌督办：待审核', FOUND, '抽查结果', '未发现问题'])
      expect(paper).toContain(text)
    for (const text of ['第 1 次申诉', '当日该窗口未受理过此事。', '监控截图.png', REASON, '维持原评价'])
      expect(paper).toContain(text)
    const own = await t.services.rectification.detail(handler, id)
    expect(paper.indexOf('五、办理过程')).toBeLessThan(paper.indexOf(DEMAND))
    expect(own.timeline.map((entry) => entry.kind)).not.toContain('appeal.filed')
  })

  it('R29: of the rated person’s own case neither moments nor places in the ledger, by which the citizen could be told', async () => {
    const paper = await printed(await ratedHandler(t))
    expect(paper).toContain('2026-11-24')
    expect(paper).not.toContain('2026-11-24 10:00')
    expect(await printed(handler)).toContain('2026-11-24 10:00')
    expect(paper).not.toMatch(/账本第 \d+ 条/)
    for (const text of [DEMAND, ANSWER, FOUND, '整改照片.png', '138****5678'])
      expect(paper).not.toContain(text)
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
