import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import {
  aCase,
  act,
  evidence,
  journalOf,
  loadCalendar,
  official,
} from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let handler: Official
let head: Official
let district: Official

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  ;[handler, head, district] = [
    await official(t, 'handler-dh'),
    await official(t, 'head-dh'),
    await official(t, 'district-dh'),
  ]
})
afterAll(() => t.close())

const cases = () => t.services.rectification
const sign = (id: string) => act(t, head, id, 'sign', { verifier: handler.accountId })
const call = (id: string) =>
  act(t, handler, id, 'record_contact', { result: 'reached', note: '已电话了解情况' })
const answer = (id: string, given: 'satisfied' | 'basically' | 'unsolved', words?: string) =>
  cases().answerSurvey(id, { answer: given, ...(words && { words }) })
const realName = { realName: true, phone: '13812345678' }

describe('the life of a case', () => {
  it('R14: a negative rating opens a case at the handling organisation, whose clock started with the rating', async () => {
    const id = await aCase(t)
    const found = await cases().detail(handler, id)
    expect(found).toMatchObject({
      state: 'to_sign',
      stateLabel: '待签收',
      level: 1,
      organizationId: 'lm-dh-gaj',
      organizationName: '东湖区公安局',
      openedAt: '2026-11-24T02:00:00.000Z',
      // one working day: Wednesday, end of day
      dueAt: '2026-11-25T15:59:59.999Z',
      remainingWorkingDays: 1,
      overdue: false,
      dueProvisional: false,
      verifierName: null,
    })
    expect(found.caseNumber).toMatch(/^CP20261124-[2-9A-HJ-NP-Z]{8}$/)
    expect(found.clock?.policy).toMatchObject({
      key: 'sign',
      value: 1,
      unit: 'working_day',
      regionName: '长明市',
    })
    expect(found.clock?.days).toEqual([{ date: '2026-11-25', counted: true, reason: '周三' }])
    expect(found.actions.map((action) => action.event)).toEqual(['sign', 'propose_transfer'])
    expect(found.clocks.map((clock) => clock.key)).toEqual(['sign'])
    expect(found.sources).toMatchObject([{ kind: 'rating', kindLabel: '差评', evaluationId: id }])
    expect(found.evaluation?.words).toBe('跑了三趟')
  })

  it('R9: a bad word for the hall alone opens a case too, and a good rating opens none', async () => {
    const hall = await aCase(t, { level: 5, hallLevel: 2, words: '大厅太挤' })
    expect((await cases().detail(handler, hall)).level).toBe(2)
    const good = await aCase(t, { level: 3, words: '' })
    await expect(cases().detail(handler, good)).rejects.toMatchObject({ code: 'case-unknown' })
  })

  it('R14: following the log again opens no second case', async () => {
    const id = await aCase(t)
    await t.asOwner(`update consumer_cursor set position = 0 where consumer = 'rectification'`)
    await t.settle()
    expect((await journalOf(t, id)).map((entry) => entry.kind)).toEqual(['case.opened'])
  })

  it('R15: what can be fixed at once is fixed, answered, and closed by the citizen as solved', async () => {
    const id = await aCase(t, realName)
    const signed = await sign(id)
    expect(signed).toMatchObject({ state: 'verifying', verifierName: 'handler-dh', round: 1 })
    expect(signed, 'the call-back is due before the fix').toMatchObject({ dueClock: 'contact' })
    await call(id)
    const fixing = await act(t, handler, id, 'fix_now', { finding: '窗口少开了一个' })
    expect(fixing.clock?.dueAt, 'verifying and fixing share one clock').toBe(signed.clock?.dueAt)
    expect(fixing).toMatchObject({ dueClock: 'fix', dueAt: signed.clock?.dueAt })
    const photo = await evidence(t, handler, id)
    const done = await act(t, handler, id, 'complete', { done: '已加开窗口', evidence: [photo] })
    expect(done).toMatchObject({ state: 'feeding_back', clock: { policy: { key: 'reply' } } })
    expect(done.timeline.at(-1)?.files).toMatchObject([{ fileId: photo, name: '整改照片.png' }])
    const replied = await act(t, handler, id, 'reply', { reply: '已加开窗口，抱歉让您久等。' })
    expect(replied).toMatchObject({ state: 'resurvey', reply: '已加开窗口，抱歉让您久等。' })
    expect(replied.dueAt, 'seven calendar days').toBe('2026-12-01T15:59:59.999Z')
    expect(replied.actions, 'now it is the citizen’s turn').toEqual([])
    await answer(id, 'satisfied', '谢谢')
    const closed = await cases().detail(handler, id)
    expect(closed).toMatchObject({
      state: 'closed',
      outcome: 'solved',
      outcomeLabel: '评价人确认已解决',
      dueAt: null,
      clock: null,
    })
    expect(closed.timeline.map((entry) => [entry.label, entry.actorKind])).toEqual([
      ['提交评价', 'citizen'],
      ['差评件生成，转办理单位', 'system'],
      ['签收并指定核实人', 'official'],
      ['登记回访', 'official'],
      ['立行立改', 'official'],
      ['整改完成', 'official'],
      ['答复评价人', 'official'],
      ['评价人确认已解决', 'citizen'],
    ])
    const entries = await journalOf(t, id)
    expect(entries.map((entry) => entry.payload.version)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(entries[4]?.payload).toMatchObject({
      event: 'complete',
      from: 'fixing',
      to: 'feeding_back',
      evidence: [{ fileId: photo, digest: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      contacted: true,
      clock: { policyKey: 'reply', policyValue: 2, policyRegion: '990100000000' },
    })
    expect(JSON.stringify(entries), 'no free text and no phone in the journal').not.toMatch(
      /窗口|谢谢|13812345678/,
    )
  })

  it('R15: what is complex is promised by a day, and the clock runs to that day', async () => {
    const id = await aCase(t)
    await sign(id)
    const promise = (promisedOn: string) =>
      act(t, handler, id, 'promise', { finding: '系统老旧', plan: '更换设备', owner: '王主任', promisedOn })
    await expect(promise('2026-11-24')).rejects.toMatchObject({
      status: 422,
      errors: [{ field: 'promisedOn', message: expect.stringContaining('应晚于今天') }],
    })
    await expect(promise('2026-12-16')).rejects.toMatchObject({
      errors: [{ field: 'promisedOn', message: expect.stringContaining('最晚 2026-12-15') }],
    })
    const promised = await promise('2026-12-15')
    expect(promised).toMatchObject({
      state: 'promised',
      promisedOn: '2026-12-15',
      dueAt: '2026-12-15T15:59:59.999Z',
      clock: { policy: { key: 'promised', value: 15 } },
    })
    expect(promised.clock?.days.filter((day) => day.counted)).toHaveLength(15)
    await act(t, handler, id, 'complete', { done: '设备已更换', evidence: [await evidence(t, handler, id)] })
  })

  it('R15: what has no legal basis is explained', async () => {
    const id = await aCase(t)
    await sign(id)
    await act(t, handler, id, 'explain', { finding: '材料不全', legalBasis: '《居民身份证法》第十条' })
    const explained = await act(t, handler, id, 'explained', { explanation: '按规定须本人到场' })
    expect(explained.state).toBe('feeding_back')
    await act(t, handler, id, 'reply', { reply: '按法律规定须本人到场，敬请理解。' })
    await answer(id, 'basically')
    expect(await cases().detail(handler, id)).toMatchObject({ outcome: 'solved' })
  })

  it('R15: a mistaken rating is not adopted once the management body of the same level confirms it', async () => {
    const id = await aCase(t)
    await sign(id)
    const propose = async () =>
      act(t, handler, id, 'propose_rejection', {
        rejectionReason: 'mistaken',
        finding: '评价人称点错了',
        evidence: [await evidence(t, handler, id)],
      })
    expect(await propose()).toMatchObject({
      state: 'rejection_proposed',
      rejectionReasonLabel: '误评',
      actions: [],
      clock: { policy: { key: 'confirm' } },
      clocks: [
        { key: 'sign', stoppedAt: expect.any(String) },
        { key: 'fix', paused: true, dueAt: null },
        { key: 'confirm', paused: false },
      ],
    })
    const back = await act(t, district, id, 'refuse_rejection', { note: '请补充录音' })
    expect(back).toMatchObject({ state: 'verifying', rejectionReasonLabel: null })
    await propose()
    const confirmed = await act(t, district, id, 'confirm_rejection', { note: '属实' })
    expect(confirmed.timeline.at(-1)).toMatchObject({ actorKind: 'management', actorLabel: 'district-dh' })
    expect((await journalOf(t, id)).at(-1)?.payload).toMatchObject({
      rejected: true,
      rejectionReason: 'mistaken',
    })
    await act(t, handler, id, 'reply', { reply: '经核实属误评，不予采纳。' })
    await answer(id, 'satisfied')
    expect(await cases().detail(handler, id)).toMatchObject({ state: 'closed', outcome: 'not_adopted' })
  })

  it('R17, R18: "not solved" is believed: the level above directs it again, and it is called back anew', async () => {
    const id = await aCase(t, realName)
    await sign(id)
    await call(id)
    const fix = async () => {
      await act(t, handler, id, 'fix_now', { finding: '已查' })
      await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
    }
    await fix()
    await act(t, handler, id, 'reply', { reply: '已改。' })
    await answer(id, 'unsolved', '还是一样')
    const again = await cases().detail(handler, id)
    expect(again).toMatchObject({
      state: 'reopened',
      round: 2,
      outcome: null,
      actions: [],
      clock: { key: 'review', awaits: 'superior', policy: { key: 'transfer_decision' } },
    })
    expect(again.timeline.at(-1)).toMatchObject({
      actorKind: 'citizen',
      texts: [{ label: '补充说明', text: '还是一样' }],
    })
    expect((await cases().detail(district, id)).actions.map((a) => a.event)).toEqual(['direct_again'])
    const directed = await act(t, district, id, 'direct_again', { instruction: '请负责人到场核实' })
    expect(directed).toMatchObject({ state: 'to_sign', round: 2, verifierName: null })
    expect(directed.timeline.at(-1)).toMatchObject({ actorKind: 'management' })
    await sign(id)
    await fix()
    await expect(act(t, handler, id, 'reply', { reply: '再次整改。' })).rejects.toMatchObject({
      code: 'invalid',
      detail: expect.stringContaining('实名差评须先回访并登记'),
    })
    await expect(call(id), 'two calls a day; the first was this morning').resolves.toBeDefined()
    await act(t, handler, id, 'reply', { reply: '再次整改。' })
    await answer(id, 'satisfied')
    const done = await cases().detail(handler, id)
    expect(done).toMatchObject({ round: 2, outcome: 'solved' })
    expect(done.sources.map((source) => source.kind)).toEqual(['rating', 'reopened'])
  })

  it('R20: who asked not to be contacted is not called, and answered all the same', async () => {
    const id = await aCase(t, { ...realName, doNotContact: true })
    await sign(id)
    await expect(call(id)).rejects.toMatchObject({ detail: expect.stringContaining('不愿被联系') })
    await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, id, 'explained', { explanation: '说明' })
    expect((await act(t, handler, id, 'reply', { reply: '说明如下。' })).state).toBe('resurvey')
  })

  it('everything that happened fits what the ledger proves', async () => {
    await t.settle()
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
