import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { aClosedCase } from '../../../../../tests/support/supervision.ts'
import { csvFile, system } from '../catalog/longming.fixture.ts'

const DAY = 86_400_000
let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
})
afterAll(() => t.close())

const guide = (limit: string) =>
  t.services.catalog.importAll(
    [
      csvFile(
        'guides',
        `item_code,accepting_body,channels,conditions,materials,process,time_limit,fee_basis,fee_standard,evaluation_channels
${DONGHU.item},东湖区公安局,窗口,本区户籍,户口簿,受理、制证,${limit},无,不收费,扫码`,
      ),
    ],
    system,
  )

describe('what stands beside a case: history and guide (R2, R14)', () => {
  it('R2: the guide as it was in force at the visit, though it was changed since, or written only later', async () => {
    const handler = await official(t, 'handler-dh')
    const guideOf = (id: string) => t.services.caseHistory.guide(handler, id)
    const before = await aCase(t)
    expect(await guideOf(before)).toEqual({ itemCode: DONGHU.item, guide: null })
    t.clock.forward(DAY)
    await guide('二十日')
    t.clock.forward(DAY)
    const between = await aCase(t)
    t.clock.forward(DAY)
    await guide('十日')
    expect((await guideOf(between)).guide).toMatchObject({
      guide: { timeLimit: '二十日', materials: '户口簿' },
      version: 1,
      changedSince: true,
      later: false,
    })
    expect((await guideOf(before)).guide).toMatchObject({ guide: { timeLimit: '二十日' }, later: true })
    t.clock.forward(DAY)
    const now = await aCase(t)
    expect((await guideOf(now)).guide).toMatchObject({
      guide: { timeLimit: '十日' },
      changedSince: false,
      later: false,
    })
  })

  it('R14: earlier cases of the item and the person, counted with what they are a part of, within 90 days', async () => {
    const handler = await official(t, 'handler-dh')
    const id = await aCase(t)
    const closed = await aClosedCase(t)
    await rate(t, { level: 5 })
    const other = await aCase(t, {}, { staffNumber: DONGHU.colleague })
    await t.settle()
    const seen = await t.services.caseHistory.history(handler, id)
    expect(seen.period).toMatchObject({ days: 90 })
    expect(seen.similar.length).toBe(5)
    expect(seen.similar).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: closed,
          sameItem: true,
          samePerson: true,
          outcomeLabel: '评价人确认已解决',
        }),
        expect.objectContaining({ id: other, sameItem: true, samePerson: false }),
      ]),
    )
    expect(seen.similar.map((each) => each.id)).not.toContain(id)
    expect(seen.item).toMatchObject({ code: DONGHU.item, name: '身份证补领', ratings: 7, cases: 6 })
    expect(seen.window).toMatchObject({ code: DONGHU.window, hallCode: DONGHU.hall, ratings: 7, cases: 6 })
    expect(seen.staff).toMatchObject({ name: '李明', ratings: 6, cases: 5 })
    t.clock.forward(100 * DAY)
    const later = await aCase(t)
    expect(await t.services.caseHistory.history(handler, later)).toMatchObject({
      similar: [],
      item: { ratings: 1, cases: 1 },
    })
  })

  it('R30: the other cases of the same matter, however old', async () => {
    const affairNumber = 'LM2026SAMEMATTER0001'
    const handler = await official(t, 'handler-dh')
    const first = await aCase(t, {}, { affairNumber })
    await act(t, handler, first, 'sign', { verifier: handler.accountId })
    await act(t, handler, first, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, first, 'explained', { explanation: '已说明' })
    await act(t, handler, first, 'reply', { reply: '情况已说明。' })
    await t.services.rectification.answerSurvey(first, { answer: 'satisfied' })
    await t.settle()
    t.clock.forward(200 * DAY)
    const second = await aCase(t, {}, { affairNumber, visitNumber: 2 })
    const seen = await t.services.caseHistory.history(handler, second)
    expect(seen.matter.map((each) => each.id)).toEqual([first])
  })

  it('R28: nothing of another place, neither a case nor a count', async () => {
    const abroad = await aCase(t, {}, at(XILING))
    for (const what of ['history', 'guide'])
      expect((await (await signIn(t, 'handler-dh')).get(`/api/v1/cases/${abroad}/${what}`)).statusCode).toBe(
        404,
      )
    const handler = await official(t, 'handler-xl')
    const seen = await t.services.caseHistory.history(handler, abroad)
    expect(seen).toMatchObject({ similar: [], matter: [], item: { ratings: 1, cases: 1 } })
  })
})
