import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { oneMore, ratedHandler } from '../../../../../tests/support/appeals.ts'
import {
  aCase,
  act,
  evidence,
  journalOf,
  loadCalendar,
  official,
  proposeRejection,
} from '../../../../../tests/support/cases.ts'
import { aComplaint } from '../../../../../tests/support/complaints.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'

let t: TestApp
let handler: Official
let head: Official
let rated: Official

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  head = await official(t, 'head-dh')
  rated = await ratedHandler(t)
})
afterAll(() => t.close())

const cases = () => t.services.rectification
const sign = (id: string, by = head, verifier = handler.accountId) => act(t, by, id, 'sign', { verifier })
async function proposed(): Promise<string> {
  const id = await aCase(t)
  await sign(id)
  await proposeRejection(t, handler, id)
  return id
}

describe('who may do what with a case', () => {
  it('R14: the verifier is a named person of the handling organisation', async () => {
    const id = await aCase(t)
    const stranger = await official(t, 'handler-xl')
    const window = await official(t, 'window-dh')
    for (const accountId of [stranger.accountId, window.accountId, 'somebody'])
      await expect(sign(id, head, accountId)).rejects.toMatchObject({ errors: [{ field: 'verifier' }] })
    expect((await cases().detail(head, id)).verifiers.map((v) => v.displayName)).toEqual([
      'handler-dh',
      'head-dh',
    ])
  })

  it('R14: of cases of several organisations, each is verified by its own people, and by nobody who was rated in it', async () => {
    const OTHER = 'lm-dh-zsj'
    const own = await aCase(t)
    const { windowCode: _, ...complaint } = aComplaint({ organizationId: OTHER })
    await t.services.complaints.report({ source: 'hotline' }, [complaint])
    await t.settle()
    const other = t.services.complaints.complaintId('hotline', complaint.number)
    const clerk = await oneMore(t, 'clerk', { role: 'handler', organizationId: OTHER })
    const above = await oneMore(t, 'above', { role: 'handler', organizationId: DONGHU.organization })
    const offered = async (by: Official) =>
      new Map((await cases().offered(by, [own, other])).verifiers.map((v) => [v.displayName, v.ids]))
    expect(await offered(above)).toEqual(
      new Map([
        ['handler-dh', [own]],
        ['head-dh', [own]],
        ['clerk', [other]],
      ]),
    )
    expect(await offered(clerk)).toEqual(new Map([['clerk', [other]]]))
  })

  it('R14, R29: the rated person is neither verifier nor has a hand in the case, and sees no name', async () => {
    const id = await aCase(t, { realName: true, phone: '13812345678' })
    await expect(sign(id, head, rated.accountId)).rejects.toMatchObject({
      errors: [{ field: 'verifier', message: expect.stringContaining('被评价人不能核实') }],
    })
    await expect(sign(id, rated)).rejects.toMatchObject({ status: 403, code: 'event-not-allowed' })
    await expect(evidence(t, rated, id)).rejects.toMatchObject({ status: 403 })
    const seen = await cases().detail(rated, id)
    expect(seen).toMatchObject({ actions: [], verifiers: [], evaluation: { evaluatorMasked: null } })
    expect(seen.affair).toMatchObject({ affairNumber: null, servedAt: null })
    await sign(id)
    await act(t, handler, id, 'record_contact', { result: 'reached', note: '赵小兰称等了两小时' })
    const [{ timeline }, fileId] = [await cases().detail(rated, id), await evidence(t, handler, id)]
    expect(JSON.stringify(timeline)).not.toContain('赵小兰')
    expect(JSON.stringify(timeline)).toContain('跑了三趟')
    await expect(cases().file(rated, id, fileId)).rejects.toMatchObject({ code: 'own-rating' })
    expect((await cases().detail(head, id)).evaluation?.evaluatorMasked).toMatchObject({
      phone: '138****5678',
    })
  })

  it('R14: the other district sees no case, no timeline and no evidence, and can do nothing', async () => {
    const id = await aCase(t)
    const fileId = await evidence(t, handler, id)
    for (const username of ['handler-xl', 'district-xl'] as const) {
      const other = await official(t, username)
      expect((await cases().list(other, {}, 1, 20)).items).toEqual([])
      expect((await cases().counts(other)).open).toBe(0)
      await expect(cases().detail(other, id)).rejects.toMatchObject({ code: 'case-unknown' })
      await expect(
        cases().act(other, id, 'sign', { version: 1, values: { verifier: other.accountId } }),
      ).rejects.toMatchObject({ code: 'case-unknown' })
      await expect(t.services.files.open(other, id, fileId, 'case')).rejects.toMatchObject({
        code: 'file-unknown',
      })
      expect(await cases().statesOf(other, [id])).toEqual(new Map())
    }
    const own = await official(t, 'district-dh')
    expect((await cases().statesOf(own, [id])).get(id)).toEqual({ state: 'to_sign', stateLabel: '待签收' })
  })

  it('R15: the organisation that proposed does not confirm, whoever signs in there', async () => {
    const id = await proposed()
    const ownManager = await oneMore(t, 'own-manager', {
      role: 'district_authority',
      organizationId: DONGHU.department,
    })
    for (const by of [handler, head, ownManager])
      await expect(act(t, by, id, 'confirm_rejection', { note: '同意' })).rejects.toMatchObject({
        status: 403,
        code: 'event-not-allowed',
      })
    expect((await journalOf(t, id)).at(-1)?.kind).toBe('case.propose_rejection')
  })

  it('R15: the city above the management body may confirm; who is placed at one bureau sees that bureau’s cases only', async () => {
    const id = await proposed()
    const bureau = await oneMore(t, 'bureau', { role: 'district_authority', organizationId: 'lm-dh-zsj' })
    await expect(cases().detail(bureau, id)).rejects.toMatchObject({ code: 'case-unknown' })
    const city = await official(t, 'city')
    expect((await act(t, city, id, 'confirm_rejection', { note: '属实' })).state).toBe('feeding_back')
  })

  it('R15: whoever was rated decides on nothing of their case, though they speak for the management body', async () => {
    const id = await proposed()
    const chief = await oneMore(t, 'rated-district', {
      role: 'district_authority',
      organizationId: DONGHU.organization,
      staffNumber: DONGHU.staff,
    })
    for (const event of ['confirm_rejection', 'refuse_rejection'])
      await expect(act(t, chief, id, event, { note: '同意' })).rejects.toMatchObject({
        status: 403,
        code: 'event-not-allowed',
      })
    expect((await t.services.rectification.detail(chief, id)).actions).toEqual([])
  })

  it('R14: auditors read, management bodies decide, neither handles', async () => {
    const id = await aCase(t)
    for (const username of ['auditor-dh', 'district-dh', 'city'] as const) {
      const by = await official(t, username)
      await expect(sign(id, by)).rejects.toMatchObject({ status: 403, code: 'event-not-allowed' })
    }
  })

  it('R17: no official answers for the citizen or for the clock', async () => {
    const id = await aCase(t)
    for (const event of ['answer_solved', 'answer_unsolved', 'object_rejection', 'close_unanswered'])
      await expect(act(t, head, id, event, {})).rejects.toMatchObject({ code: 'event-not-allowed' })
    await expect(act(t, head, id, 'delete', {})).rejects.toMatchObject({ code: 'event-unknown' })
  })

  it('of two officials who act at once on the same page, one acts and the other is told', async () => {
    const id = await aCase(t)
    const both = await Promise.allSettled(
      [head, handler].map((by) =>
        cases().act(by, id, 'sign', { version: 1, values: { verifier: handler.accountId } }),
      ),
    )
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      status: 409,
      code: 'case-stale',
    })
    expect((await journalOf(t, id)).map((entry) => entry.kind)).toEqual(['case.opened', 'case.sign'])
  })

  it('every field that is wrong is named, and nothing is written', async () => {
    const id = await aCase(t)
    await sign(id)
    await expect(
      act(t, handler, id, 'promise', {
        finding: ' ',
        plan: 'x'.repeat(1001),
        promisedOn: '2026-02-30',
        owner: '王',
      }),
    ).rejects.toMatchObject({
      status: 422,
      errors: [{ field: 'finding' }, { field: 'plan' }, { field: 'promisedOn' }],
    })
    await expect(act(t, handler, id, 'reply', { reply: '好' })).rejects.toMatchObject({
      detail: expect.stringContaining('差评件现在是“核实中”'),
    })
    expect(await journalOf(t, id)).toHaveLength(2)
  })

  it('over HTTP: list, page, act; what waits for one’s own hand comes first by the time left', async () => {
    const browser = await signIn(t, 'handler-dh')
    const id = await aCase(t)
    await aCase(t, {}, at(XILING))
    const list = (await browser.get('/api/v1/cases?mine=true&pageSize=100')).json()
    expect(list.items.every((row: { mine: boolean }) => row.mine)).toBe(true)
    const dues = list.items.map((row: { dueAt: string }) => row.dueAt)
    expect(dues).toEqual([...dues].sort())
    const counts = (await browser.get('/api/v1/cases/counts')).json()
    expect(counts.open).toBe(Object.values<number>(counts.byState).reduce((a, b) => a + b, 0))
    expect(counts.mine).toBe(list.total)
    const { caseNumber, version } = (await browser.get(`/api/v1/cases/${id}`)).json()
    const found = (await browser.get(`/api/v1/cases?q=${caseNumber.toLowerCase()}`)).json()
    expect(found.items).toMatchObject([{ id, caseNumber }])
    const sent = { version, values: { verifier: handler.accountId } }
    expect((await browser.post(`/api/v1/cases/${id}/events/sign`, sent)).json()).toMatchObject({
      state: 'verifying',
    })
    const stale = await browser.post(`/api/v1/cases/${id}/events/sign`, sent)
    expect([stale.statusCode, stale.json().code]).toEqual([409, 'case-stale'])
    const open = (await browser.get('/api/v1/cases?state=verifying&due=overdue')).json()
    expect(open.items).toEqual([])
    expect((await browser.get('/api/v1/cases?state=nowhere')).statusCode).toBe(422)
    expect((await (await signIn(t, 'window-dh')).get('/api/v1/cases')).statusCode).toBe(403)
  })
})
