import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { loadCalendar, official } from '../../../../tests/support/cases.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import { aCitizen } from '../../../../tests/support/page.ts'
import { rate } from '../../../../tests/support/rating.ts'

let t: TestApp
let token: string
let evaluationId: string
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  const receipt = await rate(t, { level: 1 })
  token = receipt.receiptToken
  evaluationId = receipt.evaluationId
  await t.settle()
})
afterAll(() => t.close())

const open = async (path = '') => (await aCitizen(t).open(`/p/${token}${path}`)).body
const send = (fields: Record<string, string>) => aCitizen(t).send(`/p/${token}/retaliation`, fields)

describe('P6: a citizen reports retaliation', () => {
  it('finds the way to it on the progress page, and is told who will read it', async () => {
    expect(await open()).toContain(`href="/p/${token}/retaliation"`)
    const form = await open('/retaliation')
    expect(form).toContain('直接送到市级主管部门')
    expect(form).toContain('办理单位、被评价的人员和区县主管部门都看不到')
    expect(form).toContain(`action="/p/${token}/retaliation"`)
  })

  it('is not led to it on a tablet in the hall, where others look over the shoulder', async () => {
    expect(await open('?home=%2Fhall%2Fdh-hall%2Fdh-w1')).not.toContain('retaliation')
  })

  it('is told what is missing, and keeps what was written', async () => {
    const answer = await send({ statement: ' ', contact: '微信 a<b' })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('发生了什么：请填写。')
    expect(answer.body).toContain('微信 a&lt;b')
  })

  it('sends it without a script, and reads the answer on the progress page', async () => {
    const answer = await send({ statement: '让我撤回评价', contact: '' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/p/${token}`])
    expect(await open()).toContain('市级主管部门已收到')
    const city = await official(t, 'city')
    const { retaliation } = t.services.supervision
    const [report] = (await retaliation.list(city, undefined, 1, 20)).items
    expect(report).toMatchObject({ id: evaluationId })
    await retaliation.answer(city, evaluationId, report!.reportId, {
      version: 1,
      outcome: 'handed_over',
      answer: '已移送 <纪检> 处理。',
    })
    const shown = await open()
    expect(shown).toContain('已移送纪检监察机关')
    expect(shown).toContain('已移送 &lt;纪检> 处理。')
    // What was written is not shown again to whoever holds the link.
    expect(shown).not.toContain('让我撤回评价')
  })

  it('an unknown link opens no form', async () => {
    const answer = await aCitizen(t).open(`/p/${'A'.repeat(43)}/retaliation`)
    expect(answer.statusCode).toBe(404)
  })

  it('R19: what supervision found is public as counts', async () => {
    const { body } = await aCitizen(t).open('/supervision')
    expect(body).toContain('督办和抽查情况')
    expect(body).toContain('还没有挂牌督办和抽查结果')
  })
})
