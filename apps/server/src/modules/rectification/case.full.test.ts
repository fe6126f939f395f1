import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import {
  aCase,
  act,
  evidence,
  journalOf,
  loadCalendar,
  official,
} from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let handler: Official
let head: Official
let district: Official
let city: Official
const at = (text: string) => new Date(`${text}+08:00`)

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  head = await official(t, 'head-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
})
beforeEach(() => {
  t.clock.now = at('2026-11-24T10:00:00')
})
afterAll(() => t.close())

const cases = () => t.services.rectification
const realName = { realName: true, phone: '13812345678' }
const sign = (id: string, by = handler) => act(t, by, id, 'sign', { verifier: by.accountId })
const seen = (id: string, by = handler) => cases().detail(by, id)
const eventsOf = async (id: string, by: Official) =>
  (await seen(id, by)).actions.map((action) => action.event)
const keeper = async () => {
  for (const chore of cases().chores) await chore.run()
}
const call = (id: string, more: Record<string, string> = {}) =>
  act(t, handler, id, 'record_contact', { medium: 'phone', result: 'reached', note: '已联系', ...more })

describe('re-assignment', () => {
  const propose = (id: string, organization: string = XILING.department) =>
    act(t, handler, id, 'propose_transfer', { organization, reason: '不是本单位办理的' })

  it('Q62: is asked of the level above, whose clock runs while one’s own stands still', async () => {
    const id = await aCase(t)
    await sign(id)
    t.clock.now = at('2026-11-25T10:00:00')
    const proposed = await propose(id, 'lm-dh-zsj')
    expect(proposed).toMatchObject({
      state: 'transfer_proposed',
      actions: [],
      transferTo: { id: 'lm-dh-zsj', name: '东湖区政务服务局' },
      clock: { key: 'transfer', awaits: 'superior', policy: { key: 'transfer_decision' } },
    })
    expect(proposed.clocks.find((clock) => clock.key === 'fix')).toMatchObject({ paused: true, dueAt: null })
    expect(await eventsOf(id, district)).toEqual(['accept_transfer', 'refuse_transfer'])
    t.clock.now = at('2026-11-27T10:00:00')
    const back = await act(t, district, id, 'refuse_transfer', { note: '仍由你单位办理' })
    const fix = back.clocks.find((clock) => clock.key === 'fix')
    // Five working days from Tuesday are next Tuesday; Wednesday and Thursday it stood still.
    expect(fix).toMatchObject({ paused: false, dueAt: '2026-12-03T15:59:59.999Z' })
    expect(fix?.days.filter((day) => !day.counted).map((day) => day.reason)).toContain('暂停：拟改派')
    expect(back.state).toBe('verifying')
    await expect(propose(id, 'lm-dh-zsj')).rejects.toMatchObject({
      detail: expect.stringContaining('不能再次申请'),
    })
  })

  it('Q62: goes to nobody sideways, and beyond the district only by the city', async () => {
    const id = await aCase(t)
    await expect(propose(id, DONGHU.department)).rejects.toMatchObject({
      errors: [{ field: 'organization' }],
    })
    await expect(propose(id, 'nowhere')).rejects.toMatchObject({ errors: [{ field: 'organization' }] })
    await propose(id)
    await expect(act(t, district, id, 'accept_transfer', { note: '同意' })).rejects.toMatchObject({
      errors: [{ field: 'organization', message: expect.stringContaining('报上级主管部门决定') }],
    })
    const moved = await act(t, city, id, 'accept_transfer', { note: '同意' })
    expect(moved).toMatchObject({
      state: 'to_sign',
      organizationId: XILING.department,
      regionName: '西岭区',
      parties: [{ organizationId: DONGHU.department, kind: 'former', until: t.clock.now.toISOString() }],
    })
    expect(moved.clocks.map(({ key, stoppedAt }) => [key, stoppedAt === null])).toEqual([
      ['sign', false],
      ['transfer', false],
      ['sign', true],
    ])
    const theirs = await official(t, 'handler-xl')
    expect((await seen(id, theirs)).evaluation?.words, 'the rating comes with the case').toBe('跑了三趟')
    expect((await sign(id, theirs)).state).toBe('verifying')
    await expect(seen(id), 'whoever had it before has it no longer').rejects.toMatchObject({
      code: 'case-transferred',
    })
    expect((await journalOf(t, id)).map((entry) => entry.payload.organizationId)).toEqual([
      DONGHU.department,
      DONGHU.department,
      XILING.department,
      XILING.department,
    ])
  })
})

describe('the verifier', () => {
  it('R14, Q63: the verifier may be changed for a reason, to a named person of the organisation', async () => {
    const id = await aCase(t)
    await sign(id)
    const changed = await act(t, handler, id, 'change_verifier', { verifier: head.accountId, reason: '休假' })
    expect(changed).toMatchObject({ state: 'verifying', verifierName: 'head-dh' })
    await expect(
      act(t, handler, id, 'change_verifier', { verifier: district.accountId, reason: '休假' }),
    ).rejects.toMatchObject({ errors: [{ field: 'verifier' }] })
  })
})

describe('call-backs', () => {
  it('R20, Q61: are due a working day after signing, twice a day at most, in calling hours only', async () => {
    const id = await aCase(t, realName)
    const signed = await sign(id)
    expect(signed.clocks.find((clock) => clock.key === 'contact')).toMatchObject({
      label: '首次联系',
      dueAt: '2026-11-25T15:59:59.999Z',
    })
    await call(id, { result: 'not_reached' })
    const second = await call(id, { result: 'not_reached', contactedAt: '09:30' })
    await expect(call(id)).rejects.toMatchObject({
      errors: [{ field: 'result', message: expect.stringContaining('每天最多 2 次') }],
    })
    expect(second.attempts).toMatchObject([
      { mediumLabel: '电话', resultLabel: '未接通', contactedAt: '10:00', by: 'handler-dh' },
      { mediumLabel: '电话', resultLabel: '未接通', contactedAt: '09:30' },
    ])
    t.clock.now = at('2026-11-25T21:00:00')
    await expect(call(id)).rejects.toMatchObject({ errors: [{ field: 'contactedAt' }] })
    await expect(call(id, { contactedAt: '22:00' })).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('不能晚于现在') }],
    })
    expect(await call(id, { contactedAt: '19:30' })).toMatchObject({ state: 'verifying' })
  })

  it('R20: who does not want to be contacted is left in peace, and nobody waits for a call', async () => {
    const id = await aCase(t, { ...realName, doNotContact: true })
    const signed = await sign(id)
    expect(signed.clocks.map((clock) => clock.key)).toEqual(['sign', 'fix'])
    expect(await eventsOf(id, handler)).not.toContain('record_contact')
  })
})

describe('asking the citizen', () => {
  async function asked() {
    const id = await aCase(t)
    await sign(id)
    return act(t, handler, id, 'ask_citizen', { question: '哪个窗口？' })
  }

  it('R14: stops one’s own clock until they answer, or until their time is over', async () => {
    const { id, clock, clocks } = await asked()
    expect(clock).toMatchObject({ key: 'citizen_wait', awaits: 'citizen' })
    expect(clocks.find((each) => each.key === 'fix')).toMatchObject({ paused: true })
    expect(await cases().citizenView(id)).toMatchObject({ question: '哪个窗口？' })
    await cases().supply(id, '三号窗口')
    await expect(cases().supply(id, '三号窗口')).rejects.toMatchObject({ code: 'nothing-asked' })
    const supplied = await seen(id)
    expect(supplied).toMatchObject({ state: 'verifying', clock: { key: 'fix', paused: false } })
    expect(supplied.timeline.at(-1)?.texts).toEqual([{ label: '补充内容', text: '三号窗口' }])

    const { id: silent } = await asked()
    t.clock.now = at('2026-12-09T09:30:00')
    await keeper()
    expect(await seen(silent)).toMatchObject({ state: 'verifying', everOverdue: false })
    expect((await journalOf(t, silent)).at(-1)?.kind).toBe('case.resume_unanswered')
  })
})

describe('a promise', () => {
  async function promised() {
    const id = await aCase(t)
    await sign(id)
    const plan = { finding: '系统老旧', plan: '更换设备', owner: '王主任' }
    await act(t, handler, id, 'promise', { ...plan, promisedOn: '2026-12-04' })
    return id
  }
  const ask = (id: string, newDate: string) =>
    act(t, handler, id, 'request_extension', { newDate, reason: '设备未到货' })

  it('R15, Q65: gets a later day only by approval from above, and both days are shown', async () => {
    const id = await promised()
    await expect(ask(id, '2026-12-04')).rejects.toMatchObject({ errors: [{ field: 'newDate' }] })
    await expect(ask(id, '2027-03-01')).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('最长 15 个工作日') }],
    })
    const waiting = await ask(id, '2026-12-11')
    expect(waiting).toMatchObject({
      promisedOn: '2026-12-04',
      extension: { requestedDate: '2026-12-11', reason: '设备未到货', status: 'requested' },
      dueClock: 'extension',
    })
    expect((await cases().list(district, { turn: true }, 1, 50)).items.map((row) => row.id)).toContain(id)
    await expect(act(t, handler, id, 'approve_extension', { note: '同意' })).rejects.toMatchObject({
      status: 403,
    })
    const later = await act(t, district, id, 'approve_extension', { note: '同意' })
    expect(later).toMatchObject({
      promisedOn: '2026-12-11',
      dueAt: '2026-12-11T15:59:59.999Z',
      extension: { status: 'approved', statusLabel: '已批准', firstPromisedOn: '2026-12-04', approved: 1 },
    })
    expect((await journalOf(t, id)).at(-1)?.payload).toMatchObject({
      promisedOn: '2026-12-11',
      firstPromisedOn: '2026-12-04',
      extensions: 1,
    })
  })

  it('Q65: stays as it was where the extension is refused', async () => {
    const id = await promised()
    await ask(id, '2026-12-11')
    const refused = await act(t, district, id, 'refuse_extension', { note: '应按期完成' })
    expect(refused).toMatchObject({ promisedOn: '2026-12-04', extension: { status: 'refused' } })
    expect(await eventsOf(id, handler)).toContain('request_extension')
  })
})

describe('what is found not to hold', () => {
  async function replied(course: 'fixed' | 'rejected') {
    const id = await aCase(t)
    await sign(id)
    if (course === 'fixed') {
      await act(t, handler, id, 'fix_now', { finding: '已查' })
      await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
    } else {
      const proof = [await evidence(t, handler, id)]
      await act(t, handler, id, 'propose_rejection', {
        ...{ rejectionReason: 'mistaken', finding: '点错了' },
        evidence: proof,
      })
      await act(t, district, id, 'confirm_rejection', { note: '属实' })
    }
    await act(t, handler, id, 'reply', { reply: '处理结果如下。' })
    return id
  }

  it('Q67: a citizen may object to not being adopted, and the level above looks at it again', async () => {
    const id = await replied('rejected')
    await cases().answerSurvey(id, { answer: 'unsolved', words: '没有点错' })
    expect(await seen(id)).toMatchObject({ state: 'reopened', rejectionReasonLabel: null })
    expect((await journalOf(t, id)).at(-1)).toMatchObject({
      kind: 'case.object_rejection',
      payload: { rejected: false, round: 2 },
    })
  })

  it('R18: a closed case in which inspection finds a false report begins again, and it is held against the organisation', async () => {
    const id = await replied('fixed')
    await cases().answerSurvey(id, { answer: 'satisfied' })
    const found = { finding: '现场未整改', falseReport: 'yes' }
    await expect(evidence(t, handler, id)).rejects.toMatchObject({ code: 'case-closed' })
    const again = await act(t, district, id, 'reopen_by_inspection', {
      ...found,
      evidence: [await evidence(t, district, id)],
    })
    expect(again).toMatchObject({
      state: 'reopened',
      round: 2,
      outcome: null,
      closedAt: null,
      falseReports: 1,
    })
    expect(again.sources.map((source) => source.kind)).toEqual(['rating', 'reopened'])
    expect((await journalOf(t, id)).at(-1)?.payload).toMatchObject({ falseReport: 'yes', falseReports: 1 })
    expect((await cases().citizenView(id))?.steps[0]?.label).toBe('督查发现问题，重新办理（第 2 轮）')
    const given = await act(t, city, id, 'direct_again', {
      organization: XILING.department,
      instruction: '交西岭区公安局办理',
    })
    expect(given).toMatchObject({ organizationId: XILING.department, state: 'to_sign' })
  })
})

it('everything that happened fits what the ledger proves', async () => {
  await t.settle()
  expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
})
