import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let handler: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())

const cases = () => t.services.rectification
async function replied(): Promise<string> {
  const id = await aCase(t)
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
  await act(t, handler, id, 'explained', { explanation: '说明' })
  await act(t, handler, id, 'reply', { reply: '情况说明如下。' })
  return id
}
const citizenEntries = async (id: string) =>
  (await journalOf(t, id)).filter((entry) => entry.actor === 'citizen')

describe('the citizen’s side of a case', () => {
  it('R16: what the receipt says before the case exists is what the case’s clock then says', async () => {
    const receipt = await rate(t, { level: 1, words: '慢' })
    const view = await t.services.evaluations.receiptView(receipt.receiptToken)
    expect(await cases().citizenView(receipt.evaluationId)).toBeNull()
    const expected = await cases().expected(view)
    await t.settle()
    const found = await cases().citizenView(receipt.evaluationId)
    expect(found).toMatchObject({
      organizationName: expected.organizationName,
      dueAt: expected.signBy,
      canAnswer: false,
    })
    expect(expected.answerBy).toEqual(new Date('2026-12-02T15:59:59.999Z'))
    expect(found?.steps.map((step) => step.done)).toEqual([true, false, false, false, false])
  })

  it('R16: the reply and each step are shown on the progress page', async () => {
    const id = await replied()
    const found = await cases().citizenView(id)
    expect(found).toMatchObject({ reply: '情况说明如下。', replyAt: t.clock.now, canAnswer: true })
    expect(found?.steps.map((step) => step.done)).toEqual([true, true, true, true, false])
  })

  it('R17: before the reply there is nothing to answer', async () => {
    const id = await aCase(t)
    await expect(cases().answerSurvey(id, { answer: 'satisfied' })).rejects.toMatchObject({
      status: 409,
      code: 'survey-not-open',
    })
  })

  it('R17: an answer sent twice, or twice at once, counts once', async () => {
    const solved = await replied()
    await Promise.all([1, 2, 3].map(() => cases().answerSurvey(solved, { answer: 'satisfied', words: '好' })))
    await cases().answerSurvey(solved, { answer: 'satisfied' })
    expect(await citizenEntries(solved)).toMatchObject([
      { kind: 'case.answer_solved', payload: { surveyLevel: 'satisfied', outcome: 'solved' } },
    ])
    const unsolved = await replied()
    await Promise.all([1, 2].map(() => cases().answerSurvey(unsolved, { answer: 'unsolved' })))
    expect(await citizenEntries(unsolved)).toMatchObject([
      { kind: 'case.answer_unsolved', payload: { round: 2 } },
    ])
    const view = await cases().citizenView(unsolved)
    expect(view).toMatchObject({ stateLabel: '待上级复核' })
    expect(view?.steps[0]?.label).toBe('您表示没有解决，重新办理（第 2 轮）')
  })

  it('R17: an answer given is not changed by another', async () => {
    const id = await replied()
    await cases().answerSurvey(id, { answer: 'satisfied' })
    for (const answer of ['basically', 'unsolved'] as const)
      await expect(cases().answerSurvey(id, { answer })).rejects.toMatchObject({ code: 'survey-answered' })
  })

  it.each([
    ['its state', `set state = 'closed', closed_at = now()`, /\(to\)/],
    ['its deadline', `set due_at = due_at + interval '1 day'`, /\(clock\)/],
    ['the days counted for it', `set clocks = jsonb_set(clocks, '{0,days}', '[]')`, /\(clocksDigest\)/],
    ['that it was late', 'set ever_overdue = not ever_overdue', /\(everOverdue\)/],
    ['its verifier', 'set verifier_id = null', /\(verifierId\)/],
    ['its outcome', `set outcome = 'solved'`, /\(outcome\)/],
  ])('R24: %s changed with the power of the database owner is found', async (_what, change, where) => {
    const id = await replied()
    await t.settle()
    const { rows } = await t.asOwner('select * from rectification_case where evaluation_id = $1', [id])
    await t.asOwner(`update rectification_case ${change} where evaluation_id = $1`, [id])
    const { findings } = await verifyLedger(t.app, t.services.rowChecks)
    expect(findings).toMatchObject([
      { where: expect.stringContaining(id), what: expect.stringMatching(where) },
    ])
    const { state, closed_at, due_at, clocks, ever_overdue, verifier_id, outcome } = rows[0]
    await t.asOwner(
      `update rectification_case set state = $2, closed_at = $3, due_at = $4, clocks = $5, ever_overdue = $6,
        verifier_id = $7, outcome = $8 where evaluation_id = $1`,
      [id, state, closed_at, due_at, JSON.stringify(clocks), ever_overdue, verifier_id, outcome],
    )
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })

  it('R24: a case whose row was deleted is missed', async () => {
    const id = await aCase(t)
    await t.asOwner('delete from rectification_case where evaluation_id = $1', [id])
    const { findings } = await verifyLedger(t.app, t.services.rowChecks)
    expect(findings).toEqual([{ where: `case of ${id}`, what: 'is in the journal but its row was deleted' }])
  })
})
