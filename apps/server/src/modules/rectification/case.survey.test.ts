import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { makeMatters } from '../../../../../tests/support/matters.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'

// Who is asked whether it is solved, who is called back before, and what their answers make of the case.

let t: TestApp
let handler: Official
let district: Official
const DAY = 86_400_000
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
})
afterAll(() => t.close())

const { rateBadly, complainOf, reply, view, answer, kinds, findings } = makeMatters(
  () => t,
  () => handler,
)

describe('the re-survey of a case with several evaluators', () => {
  async function joint() {
    const affair = anAffairNumber()
    const first = await rateBadly(affair)
    await t.settle()
    const [second, complaint] = [await rateBadly(affair, 2), await complainOf(affair)]
    await t.settle()
    await reply(first)
    return { first, second, complaint }
  }

  it('R17: each reads the reply and is asked; it closes as solved once all have said so', async () => {
    const { first, second, complaint } = await joint()
    for (const id of [first, second, complaint])
      expect(await view(id)).toMatchObject({ canAnswer: true, reply: '情况说明如下。' })
    await answer(second, 'satisfied')
    await answer(second, 'satisfied')
    await answer(complaint, 'basically')
    expect(await view(second)).toMatchObject({ state: 'resurvey', canAnswer: false, awaitsOthers: true })
    expect(await view(first)).toMatchObject({ state: 'resurvey', canAnswer: true })
    await expect(answer(second, 'unsolved')).rejects.toMatchObject({ code: 'survey-answered' })
    await answer(first, 'satisfied')
    expect(await view(complaint)).toMatchObject({ state: 'closed', outcomeLabel: '评价人确认已解决' })
    expect((await kinds(first)).filter((kind) => kind === 'case.note_answer')).toHaveLength(2)
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('R17: "not solved" of any of them opens it again, whatever the others said', async () => {
    const { first, second, complaint } = await joint()
    await answer(first, 'satisfied')
    await answer(complaint, 'unsolved')
    expect(await view(second)).toMatchObject({ state: 'reopened', canAnswer: false })
    await act(t, district, first, 'direct_again', { instruction: '请重新核实。' })
    await reply(first)
    // A new round: all are asked again.
    for (const id of [first, second, complaint]) expect(await view(id)).toMatchObject({ canAnswer: true })
  })

  it('R17: all at once, nobody’s answer is lost', async () => {
    const { first, second, complaint } = await joint()
    await Promise.all([first, second, complaint].map((id) => answer(id, 'satisfied')))
    expect(await view(first)).toMatchObject({ state: 'closed', outcomeLabel: '评价人确认已解决' })
  })

  it('R17: one who says nothing leaves it without an answer, never as satisfied', async () => {
    const { first, second } = await joint()
    await answer(second, 'satisfied')
    t.clock.forward(30 * DAY)
    for (const chore of t.services.rectification.chores) await chore.run()
    expect(await view(first)).toMatchObject({ state: 'closed', outcomeLabel: '未收到评价人答复' })
  })
})

describe('the re-survey by telephone', () => {
  it('Q70: the level above records what was said; the handling organisation cannot vouch for itself', async () => {
    t.clock.now = new Date('2026-12-30T10:00:00+08:00')
    const { id } = await complain(t, { receivedAt: t.clock.now.toISOString() })
    await t.settle()
    await reply(id)
    const spoken = { surveyLevel: 'satisfied', note: '电话 10:00，反映人说已解决' }
    await expect(act(t, handler, id, 'record_solved', spoken)).rejects.toMatchObject({ status: 403 })
    await act(t, district, id, 'record_solved', spoken)
    expect(await view(id)).toMatchObject({ state: 'closed', outcomeLabel: '评价人确认已解决' })
    const last = (await journalOf(t, id)).at(-1)
    expect(last).toMatchObject({
      kind: 'case.record_solved',
      actor: `account:${district.accountId}`,
      payload: { answeredBy: id, contactedAt: '10:00' },
    })
  })

  it('Q70: with several evaluators only the last one can be recorded', async () => {
    const affair = anAffairNumber()
    const first = await rateBadly(affair)
    await t.settle()
    const complaint = await complainOf(affair)
    await t.settle()
    await reply(first)
    await expect(act(t, district, first, 'record_unsolved', { note: '说没有解决' })).rejects.toMatchObject({
      code: 'invalid',
    })
    await answer(first, 'satisfied')
    await act(t, district, first, 'record_unsolved', { note: '说没有解决' })
    expect(await view(complaint)).toMatchObject({ state: 'reopened' })
  })
})

describe('the call-back of a case with several who left a name', () => {
  const mine = { realName: true, phone: '13700001111' }
  const hers = { person: { name: '孙丽', phone: '13700002222' } }
  const seen = (id: string) => t.services.rectification.detail(handler, id)
  const call = (id: string, evaluator: string, result = 'reached') =>
    act(t, handler, id, 'record_contact', { evaluator, result, note: '电话联系' })
  const send = (id: string) => act(t, handler, id, 'reply', { reply: '情况说明如下。' })

  /** A case of two persons, ready to be answered but for the calls. */
  async function ofTwo(more: { doNotContact?: boolean } = {}) {
    t.clock.now = new Date('2026-11-24T10:00:00+08:00')
    const affair = anAffairNumber()
    const first = await rateBadly(affair, 1, mine)
    await t.settle()
    const second = await complainOf(affair, { ...hers, ...more })
    await t.settle()
    await act(t, handler, first, 'sign', { verifier: handler.accountId })
    await act(t, handler, first, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, first, 'explained', { explanation: '说明' })
    return { first, second }
  }

  it('R20: each of them is called back before the reply is out, and it is told whom each call was to', async () => {
    const { first, second } = await ofTwo()
    expect((await seen(first)).persons).toMatchObject([
      { id: first, label: '评价人 1（差评，2026-11-24）', contacted: false },
      { id: second, label: '评价人 2（投诉，2026-11-24）', contacted: false },
    ])
    await expect(call(first, '')).rejects.toMatchObject({
      errors: [{ field: 'evaluator', message: expect.stringContaining('选择这次联系的是哪一位') }],
    })
    await call(first, first)
    await expect(send(first)).rejects.toMatchObject({ detail: expect.stringContaining('每一位都要回访') })
    const called = await call(first, second)
    expect(called.attempts.map((attempt) => attempt.evaluator)).toEqual([
      '评价人 1（差评，2026-11-24）',
      '评价人 2（投诉，2026-11-24）',
    ])
    expect(await send(first)).toMatchObject({ state: 'resurvey' })
    expect((await journalOf(t, first)).at(-1)?.payload).toMatchObject({
      contacted: true,
      persons: [
        { id: first, contacted: true, attempts: 1 },
        { id: second, contacted: true, attempts: 1 },
      ],
    })
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('R20, Q69: the two tries of a day are each person’s own, and two in vain are enough of one', async () => {
    const { first, second } = await ofTwo()
    for (const id of [first, first, second]) await call(first, id, 'not_reached')
    await expect(call(first, first, 'not_reached')).rejects.toMatchObject({
      errors: [{ field: 'result', message: expect.stringContaining('今天已联系 2 次') }],
    })
    await expect(send(first)).rejects.toMatchObject({ code: 'invalid' })
    await call(first, second, 'not_reached')
    expect(await send(first)).toMatchObject({ state: 'resurvey' })
  })

  it('R20: who asked not to be contacted is left in peace, the other is called all the same', async () => {
    const { first, second } = await ofTwo({ doNotContact: true })
    await expect(call(first, second)).rejects.toMatchObject({ errors: [{ field: 'evaluator' }] })
    await expect(send(first)).rejects.toMatchObject({ code: 'invalid' })
    await call(first, '')
    expect(await send(first)).toMatchObject({ state: 'resurvey', realName: true, doNotContact: false })
    // Neither are they called for the re-survey.
    await answer(first, 'satisfied')
    await expect(
      act(t, district, first, 'record_solved', { surveyLevel: 'satisfied', note: '电话' }),
    ).rejects.toMatchObject({ detail: expect.stringContaining('不愿被联系') })
    await answer(second, 'satisfied')
    expect(await view(first)).toMatchObject({ state: 'closed' })
  })

  it('R20: whoever is joined when all others were called is called, too, within a working day', async () => {
    const { first } = await ofTwo()
    const { persons } = await seen(first)
    for (const person of persons) await call(first, person.id)
    const clock = async () => (await seen(first)).clocks.findLast((each) => each.key === 'contact')
    expect(await clock()).toMatchObject({ stoppedAt: t.clock.now.toISOString() })
    t.clock.now = new Date('2026-11-25T10:00:00+08:00')
    const { matter_id: matter } = (
      await t.asOwner('select matter_id from rectification_case where evaluation_id = $1', [first])
    ).rows[0]
    const affair = (await t.asOwner('select affair_number from visit where evaluation_id = $1', [first]))
      .rows[0].affair_number
    const third = await complainOf(affair, { person: { name: '吴刚', phone: '13700003333' } })
    await t.settle()
    expect(matter).not.toBeNull()
    expect(await clock()).toMatchObject({ stoppedAt: null, dueAt: '2026-11-26T15:59:59.999Z' })
    await expect(send(first)).rejects.toMatchObject({ code: 'invalid' })
    await call(first, third)
    expect(await send(first)).toMatchObject({ state: 'resurvey' })
  })

  it('R20: who rated badly and rang up from the same telephone is one person, called once', async () => {
    const affair = anAffairNumber()
    const first = await rateBadly(affair, 1, mine)
    await t.settle()
    const second = await complainOf(affair, { person: { name: '周大福', phone: mine.phone } })
    await t.settle()
    expect((await seen(first)).persons).toMatchObject([{ id: first }])
    await reply(first)
    // Each of what they said has a link of its own, and may be answered.
    for (const id of [first, second]) expect(await view(id)).toMatchObject({ canAnswer: true })
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('R20: a wish not to be contacted that is told later holds from then on, and no call is waited for', async () => {
    t.clock.now = new Date('2026-11-24T10:00:00+08:00')
    const affair = anAffairNumber()
    const first = await rateBadly(affair, 1, mine)
    await t.settle()
    await act(t, handler, first, 'sign', { verifier: handler.accountId })
    const waiting = async () =>
      (await seen(first)).clocks.some((clock) => clock.key === 'contact' && clock.stoppedAt === null)
    expect(await waiting()).toBe(true)
    await complainOf(affair, { person: { name: '周大福', phone: mine.phone }, doNotContact: true })
    await t.settle()
    expect(await waiting()).toBe(false)
    expect(await seen(first)).toMatchObject({
      doNotContact: true,
      persons: [{ id: first, doNotContact: true }],
    })
    await expect(call(first, first)).rejects.toMatchObject({
      detail: expect.stringContaining('不愿被联系'),
    })
    await act(t, handler, first, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, first, 'explained', { explanation: '说明' })
    expect(await send(first)).toMatchObject({ state: 'resurvey' })
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('R17, R20: one solved and one not is not solved: it begins again, and both are called anew', async () => {
    const { first, second } = await ofTwo()
    for (const id of [first, second]) await call(first, id)
    await send(first)
    await answer(first, 'satisfied')
    await answer(second, 'unsolved')
    expect(await seen(first)).toMatchObject({
      state: 'reopened',
      persons: [
        { contacted: false, attempts: 0 },
        { contacted: false, attempts: 0 },
      ],
    })
    await act(t, district, first, 'direct_again', { instruction: '请重新核实。' })
    await reply(first)
    for (const id of [first, second]) await answer(id, 'satisfied')
    expect(await view(second)).toMatchObject({ state: 'closed', outcomeLabel: '评价人确认已解决' })
  })
})
