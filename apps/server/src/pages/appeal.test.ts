import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { actOnAppeal, appeal } from '../../../../tests/support/appeals.ts'
import { loadCalendar, official } from '../../../../tests/support/cases.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import { aCitizen, formFields, inputsOf, plain } from '../../../../tests/support/page.ts'
import { rate } from '../../../../tests/support/rating.ts'
import type { Official } from '../modules/identity/official.ts'

let t: TestApp
let handler: Official
let district: Official
let city: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
})
afterAll(() => t.close())

async function appealed() {
  const receipt = await rate(t, { level: 1, realName: false, words: '等了很久' })
  await t.settle()
  await appeal(t, handler, receipt.evaluationId)
  return receipt
}

describe('the appeal on the progress page (Q100: the citizen is heard)', () => {
  it('tells that there is one and until when to answer, and takes the answer without script', async () => {
    const { receiptToken, evaluationId } = await appealed()
    const citizen = aCitizen(t)
    const progress = (await citizen.open(`/p/${receiptToken}`)).body
    expect(progress).toContain('被评价单位提出申诉，您可以说明情况')
    expect(plain(progress)).toMatch(/您可以在 <b>2026年12月1日<\/b> 前说明情况/)
    const page = (await citizen.open(`/p/${receiptToken}/appeal`)).body
    expect(page).toContain('当日该窗口未受理过此事。')
    expect(formFields(page)).toEqual({ event: 'citizen_answer', words: '' })

    const empty = await citizen.send(`/p/${receiptToken}/appeal`, { event: 'citizen_answer', words: ' ' })
    expect([empty.statusCode, empty.body.includes('href="#words"')]).toEqual([422, true])
    const long = await citizen.send(`/p/${receiptToken}/appeal`, { words: '长'.repeat(1001) })
    expect(long.body).toContain('最多 1000 字，现有 1001 字。')

    const sent = await citizen.send(`/p/${receiptToken}/appeal`, {
      ...formFields(page),
      words: '我 <真的> 去过。',
    })
    expect([sent.statusCode, sent.headers.location]).toEqual([303, `/p/${receiptToken}`])
    const after = (await citizen.open(`/p/${receiptToken}/appeal`)).body
    expect(after).toContain('我 &lt;真的> 去过。')
    expect(inputsOf(after)).toEqual([])
    expect((await citizen.open(`/p/${receiptToken}`)).body).toContain('您已经说明了情况')
    const seen = await t.services.appeals.detail(district, evaluationId)
    expect(seen.timeline.at(-1)).toMatchObject({
      actorKind: 'citizen',
      texts: [{ text: '我 <真的> 去过。' }],
    })
  })

  it('shows the decision with its reasons, and leads to the city from there', async () => {
    const { receiptToken, evaluationId } = await appealed()
    const citizen = aCitizen(t)
    await citizen.send(`/p/${receiptToken}/appeal`, { event: 'citizen_answer', words: '我去过。' })
    await actOnAppeal(t, district, evaluationId, 'decide', {
      outcome: 'mistaken',
      reason: '监控未见评价人到场。',
    })
    const decided = (await citizen.open(`/p/${receiptToken}`)).body
    for (const words of ['申诉已有决定', '认定为误评', '监控未见评价人到场。', '申请市级主管部门复核'])
      expect(decided).toContain(words)
    const form = formFields((await citizen.open(`/p/${receiptToken}/appeal`)).body)
    expect(form.event).toBe('request_reexamination')
    const sent = await citizen.send(`/p/${receiptToken}/appeal`, { ...form, words: '我有小票。' })
    expect(sent.statusCode).toBe(303)
    await actOnAppeal(t, city, evaluationId, 'reexamine', { outcome: 'upheld', reason: '小票属实。' })
    const last = (await citizen.open(`/p/${receiptToken}`)).body
    expect(last).toContain('复核决定（最终）')
    expect(last).toContain('维持原评价')
    const late = await citizen.send(`/p/${receiptToken}/appeal`, { ...form, words: '再来。' })
    expect(late.statusCode).toBe(422)
  })

  it('is not there for a rating nobody appealed against, nor by a wrong link', async () => {
    const { receiptToken } = await rate(t, { level: 1 })
    expect((await aCitizen(t).open(`/p/${receiptToken}`)).body).not.toContain('申诉')
    for (const token of [receiptToken, 'A'.repeat(43)]) {
      const answer = await aCitizen(t).open(`/p/${token}/appeal`)
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
      expect((await aCitizen(t).send(`/p/${token}/appeal`, { words: 'x' })).statusCode).toBe(404)
    }
  })
})
