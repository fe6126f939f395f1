import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { act, loadCalendar, official } from '../../../../tests/support/cases.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import { aCitizen, inputsOf } from '../../../../tests/support/page.ts'
import { rate } from '../../../../tests/support/rating.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
})
afterAll(() => t.close())

/** A bad rating whose case was worked up to the answer; gives its receipt. */
async function answered() {
  const receipt = await rate(t, { level: 1, realName: false })
  await t.settle()
  const handler = await official(t, 'handler-dh')
  const step = (event: string, values: Record<string, string>) =>
    act(t, handler, receipt.evaluationId, event, values)
  await step('sign', { verifier: handler.accountId })
  await step('explain', { finding: '已查', legalBasis: '规定' })
  await step('explained', { explanation: '说明' })
  await step('reply', { reply: '材料 <已> 减到两份。' })
  return receipt
}

describe('the receipt page', () => {
  it('shows number, QR code, what was said, and what happens next with whom and by when', async () => {
    const { receiptToken, receiptNumber } = await rate(t, {
      level: 1,
      optionCodes: ['115'],
      words: '<i>慢</i>',
    })
    const answer = await aCitizen(t).open(`/p/${receiptToken}`)
    expect(answer.statusCode).toBe(200)
    for (const text of [
      receiptNumber,
      '非常不满意',
      '服务态度差效率低',
      '&lt;i>慢',
      '东湖区公安局',
      '接下来',
    ])
      expect(answer.body).toContain(text)
    expect(answer.body).toMatch(/最晚 <b>2026\/11\/25/)
    expect(answer.body).toMatch(/class="qr"[^>]*><svg/)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
  })

  it('asks nothing more of someone content', async () => {
    const { receiptToken } = await rate(t, { level: 5 })
    const { body } = await aCitizen(t).open(`/p/${receiptToken}`)
    expect(body).not.toContain('负责处理的单位')
    expect(inputsOf(body)).toEqual([])
  })

  it('goes over to the case once there is one, and to the check once the rating is in the log', async () => {
    const { receiptToken } = await rate(t, { level: 2 })
    const before = (await aCitizen(t).open(`/p/${receiptToken}`)).body
    expect(before).toContain('正在写入公开账本')
    await t.settle()
    const after = (await aCitizen(t).open(`/p/${receiptToken}`)).body
    expect(after).toContain('处理进度')
    expect(after).toContain('差评件编号')
    expect(after, 'the day all of it is due does not vanish with the case').toMatch(/全部最晚 <b>2026\//)
    expect(after).toContain('已写入公开账本')
    expect(after).toContain(`/api/v1/receipts/${receiptToken}/proof`)
  })

  it('is not found for a link that is not right, in a page', async () => {
    for (const token of ['x', 'A'.repeat(43), '%00', '..%2f..%2fetc']) {
      const answer = await aCitizen(t).open(`/p/${token}`)
      expect(answer.statusCode).toBe(404)
      expect(answer.headers['content-type']).toContain('text/html')
    }
  })
})

describe('the re-survey on the receipt page (R17)', () => {
  it('comes with the reply; "not solved" sends the case round again', async () => {
    const { receiptToken } = await answered()
    const citizen = aCitizen(t)
    const page = await citizen.open(`/p/${receiptToken}`)
    expect(page.body).toContain('东湖区公安局的答复')
    expect(page.body.indexOf('您的问题解决了吗'), 'the question comes first').toBeLessThan(
      page.body.indexOf('回执编号'),
    )
    expect(page.body).toContain('材料 &lt;已> 减到两份。')
    const answers = inputsOf(page.body).filter((i) => i.name === 'answer')
    expect(answers.map((i) => [i.value, 'checked' in i])).toEqual([
      ['satisfied', false],
      ['basically', false],
      ['unsolved', false],
    ])
    const sent = await citizen.send(`/p/${receiptToken}/survey`, { answer: 'unsolved', words: '还是要三份' })
    expect([sent.statusCode, sent.headers.location]).toEqual([303, `/p/${receiptToken}`])
    const after = await citizen.open(`/p/${receiptToken}`)
    expect(after.body).toContain('处理进度：待上级复核')
    expect(inputsOf(after.body)).toEqual([])
  })

  it('answered "solved" closes the case; a second press changes nothing', async () => {
    const { receiptToken } = await answered()
    const citizen = aCitizen(t)
    expect((await citizen.send(`/p/${receiptToken}/survey`, { answer: 'satisfied' })).statusCode).toBe(303)
    const again = await citizen.send(`/p/${receiptToken}/survey`, { answer: 'unsolved' })
    expect(again.statusCode).toBe(409)
    expect(again.body).toContain('这次没有提交')
    expect(again.body).not.toContain('href="#survey-')
    expect((await citizen.open(`/p/${receiptToken}`)).body).toContain('处理进度：已办结')
  })

  it('is not asked before there is a reply', async () => {
    const { receiptToken } = await rate(t, { level: 1 })
    await t.settle()
    const early = await aCitizen(t).send(`/p/${receiptToken}/survey`, { answer: 'satisfied' })
    expect(early.statusCode).toBe(409)
    expect(inputsOf((await aCitizen(t).open(`/p/${receiptToken}`)).body)).toEqual([])
  })

  it('keeps what was written when no answer was chosen', async () => {
    const { receiptToken } = await rate(t, { level: 1 })
    await t.settle()
    const answer = await aCitizen(t).send(`/p/${receiptToken}/survey`, { words: '还是慢' })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('请选择问题是否解决')
    const long = await aCitizen(t).send(`/p/${receiptToken}/survey`, {
      answer: 'unsolved',
      words: '长'.repeat(501),
    })
    expect(long.statusCode).toBe(422)
    expect(long.body).toContain('现有 501 字')
  })
})
