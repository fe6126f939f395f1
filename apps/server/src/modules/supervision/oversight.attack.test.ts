import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import {
  actOnAppeal,
  appeal,
  appealEvidence,
  citizenAnswers,
  oneMore,
  ratedHandler,
} from '../../../../../tests/support/appeals.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, type Username, XILING } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import { aClosedCase, inspected } from '../../../../../tests/support/supervision.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'

// Who is rated, who answers for them and who stands beside them try to see and to decide what is not theirs.

let t: TestApp
let handler: Official
let head: Official
let district: Official
let city: Official
const browsers = new Map<Username, Browser>()
const as = (username: Username) => browsers.get(username)!
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  head = await official(t, 'head-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
  for (const username of [
    'handler-dh',
    'head-dh',
    'window-dh',
    'district-dh',
    'handler-xl',
    'head-xl',
    'district-xl',
    'city',
  ] as const)
    browsers.set(username, await signIn(t, username))
})
afterAll(() => t.close())

const verdict = { outcome: 'mistaken', reason: '证据充分。' }
/** Somebody who got another post since: the same account, now at the authority of the district. */
const promoted = (who: Official, more: Partial<Official> = {}): Official => ({
  ...district,
  accountId: who.accountId,
  ...more,
})
/** A case of 东湖 that an organisation of 西岭 handles with it: both districts see it. */
async function aSharedCase() {
  const id = await aCase(t)
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, city, id, 'add_co_handler', { organization: XILING.department, note: '请协助核查' })
  expect((await as('head-xl').get(`/api/v1/cases/${id}`)).statusCode, 'is shared').toBe(200)
  return id
}

describe('P6, Q81: reports of retaliation', () => {
  it.each(['head-dh', 'window-dh', 'handler-dh', 'district-dh', 'district-xl'] as const)(
    '%s learns nothing by the id of a report, and cannot answer it',
    async (username) => {
      const id = await aCase(t)
      const rating = { evaluationId: id, organizationId: DONGHU.department, regionCode: DONGHU.region }
      t.clock.forward(1_000)
      await t.services.supervision.retaliation.report(rating, { statement: `被威胁 ${username}` })
      const { items } = await t.services.supervision.retaliation.list(city, undefined, 1, 1)
      const url = `/api/v1/retaliation-reports/${id}/${items[0]!.reportId}`
      const payload = { version: 1, outcome: 'not_confirmed', answer: '没有此事' }
      const answers = [
        await as(username).get(url),
        await as(username).post(`${url}/answer`, payload),
        await as(username).get('/api/v1/retaliation-reports'),
      ]
      expect(answers.map((answer) => answer.statusCode)).toEqual([403, 403, 403])
      expect((await as('city').get(url)).statusCode).toBe(200)
    },
  )

  it('one at the city authority who is meant themselves neither sees nor answers it', async () => {
    const id = await aCase(t)
    const rating = { evaluationId: id, organizationId: DONGHU.department, regionCode: DONGHU.region }
    await t.services.supervision.retaliation.report(rating, { statement: '就是他' })
    const meant: Official = { ...city, staffNumber: DONGHU.staff }
    const { retaliation } = t.services.supervision
    const found = (await retaliation.list(city, undefined, 1, 100)).items.find((one) => one.id === id)!
    expect((await retaliation.list(meant, undefined, 1, 100)).items).toEqual([])
    await expect(retaliation.detail(meant, id, found.reportId)).rejects.toMatchObject({ status: 404 })
    const answer = { version: 1, outcome: 'not_confirmed', answer: '没有' } as const
    await expect(retaliation.answer(meant, id, found.reportId, answer)).rejects.toMatchObject({ status: 404 })
  })
})

describe('R18, Q74: orders of another district', () => {
  it('are neither seen, answered nor given from next door, also where a case is shared', async () => {
    const id = await aSharedCase()
    const orderId = await t.services.supervision.orders.issue(district, id, {
      kind: 'supervise',
      demand: '限期查清',
    })
    for (const username of ['handler-xl', 'head-xl', 'district-xl'] as const) {
      const seen = await as(username).get(`/api/v1/cases/${id}/supervision`)
      expect(seen.json(), username).toMatchObject({ orders: [], findings: [] })
      expect(seen.body).not.toContain('限期查清')
      const answer = await as(username).post(
        `/api/v1/cases/${id}/supervision/orders/${orderId}/events/answer`,
        { version: 1, values: { answer: '不归我们管' } },
      )
      expect(answer.statusCode, username).toBe(404)
    }
    const given = await as('district-xl').post(`/api/v1/cases/${id}/supervision/orders`, {
      kind: 'urge',
      demand: '快一点',
    })
    expect([given.statusCode, given.json().code]).toEqual([404, 'case-unknown'])
    const { caseNumber } = await t.services.rectification.detail(district, id)
    const picked = await as('district-xl').post('/api/v1/spot-checks/picked', {
      title: '抽邻区',
      method: 'call',
      caseNumbers: [caseNumber],
    })
    expect([picked.statusCode, picked.json().field]).toEqual([422, 'caseNumbers'])
  })

  it('Q74: nobody judges their own answer, nor an order about themselves, nor gives one, whatever their post is now', async () => {
    const id = await aCase(t)
    const { orders } = t.services.supervision
    const orderId = await orders.issue(district, id, { kind: 'supervise', demand: '请答复' })
    const step = (by: Official, event: string, version: number, values = {}) =>
      orders.act(by, id, orderId, event, { version, values })
    await step(head, 'answer', 1, { answer: '已整改' })
    await expect(step(promoted(head), 'accept', 2)).rejects.toMatchObject({
      status: 403,
      detail: expect.stringContaining('您答复过'),
    })
    const rated = promoted(city, { staffNumber: DONGHU.staff })
    await expect(step(rated, 'withdraw', 2, { note: '不必了' })).rejects.toMatchObject({ status: 403 })
    await expect(orders.issue(rated, id, { kind: 'urge', demand: '快一点' })).rejects.toMatchObject({
      code: 'own-case',
    })
    await step(district, 'accept', 2)
  })
})

describe('R29, Q100: appeals', () => {
  it('Q100: whoever filed or backed an appeal does not decide it, whatever their post is now', async () => {
    const id = await aCase(t)
    await appeal(t, handler, id)
    await actOnAppeal(t, head, id, 'supplement', { statement: '补充' })
    await citizenAnswers(t, id)
    for (const party of [handler, head])
      await expect(actOnAppeal(t, promoted(party), id, 'decide', verdict)).rejects.toMatchObject({
        status: 403,
        detail: expect.stringContaining('您提出或参与提出了这件申诉'),
      })
    await actOnAppeal(t, district, id, 'decide', { ...verdict, outcome: 'upheld' })
    await actOnAppeal(t, handler, id, 'request_reexamination', { statement: '不服' })
    t.clock.forward(8 * 86_400_000)
    await expect(
      actOnAppeal(t, { ...city, accountId: head.accountId }, id, 'reexamine', verdict),
    ).rejects.toMatchObject({ status: 403 })
    t.clock.forward(-8 * 86_400_000)
  })

  it('Q100: who verified the case that a rating was joined to does not decide the appeal against that rating', async () => {
    const visit = {
      affairNumber: anAffairNumber(),
      servedAt: new Date(t.clock.now.getTime() - 60_000).toISOString(),
    }
    const main = (await rate(t, { level: 1 }, visit)).evaluationId
    await t.settle()
    const joined = (await rate(t, { level: 1 }, { ...visit, visitNumber: 2 })).evaluationId
    await t.settle()
    const verifier = await oneMore(t, 'verifier', { role: 'handler', organizationId: DONGHU.department })
    await act(t, handler, main, 'sign', { verifier: verifier.accountId })
    await appeal(t, handler, joined)
    await citizenAnswers(t, joined)
    await expect(actOnAppeal(t, promoted(verifier), joined, 'decide', verdict)).rejects.toMatchObject({
      status: 403,
      detail: expect.stringContaining('核实或办理过'),
    })
  })

  it('R29: of one district are closed to the next, with their files, also where a case is shared', async () => {
    const id = await aSharedCase()
    const fileId = await appealEvidence(t, handler, id)
    const filed = { claim: 'mistaken', statement: '监控里没有此事', evidence: [fileId] }
    await t.services.appeals.file(handler, id, filed)
    for (const username of ['handler-xl', 'head-xl', 'district-xl'] as const) {
      const answers = [
        await as(username).get(`/api/v1/appeals/${id}`),
        await as(username).get(`/api/v1/appeals/${id}/files/${fileId}`),
        await as(username).get(`/api/v1/appeals/${id}/files/${fileId}/preview?size=small`),
        await as(username).get(`/api/v1/cases/${id}/files/${fileId}`),
        await as(username).post(`/api/v1/appeals/${id}/events/decide`, { version: 1, values: verdict }),
      ]
      expect(
        answers.map((answer) => answer.statusCode),
        username,
      ).toEqual(
        // Handlers and heads may not decide anywhere; the appeal is not theirs to see in the first place.
        [404, 404, 404, 404, 404],
      )
      expect((await as(username).get('/api/v1/appeals?pageSize=100')).body).not.toContain(id)
    }
    expect((await as('district-dh').get(`/api/v1/appeals/${id}/files/${fileId}`)).statusCode).toBe(200)
  })

  it('R29: what is being gathered for an appeal is seen by who gathers it, until it is filed', async () => {
    const id = await aCase(t)
    const fileId = await appealEvidence(t, await official(t, 'window-dh'), id)
    const url = `/api/v1/appeals/${id}/files/${fileId}`
    expect((await as('window-dh').get(url)).statusCode).toBe(200)
    for (const username of ['handler-dh', 'head-dh', 'district-dh'] as const)
      expect((await as(username).get(url)).statusCode, username).toBe(404)
  })
})

describe('R18, Q71: evidence of a spot check', () => {
  const check = async (id: string) =>
    t.services.supervision.checks.pick(city, {
      title: '回头看',
      method: 'site',
      caseNumbers: [(await t.services.rectification.detail(city, id)).caseNumber],
    })

  it('Q71: is the inspector’s until the finding is recorded, then of all who may see it but never of who was rated', async () => {
    const id = await aClosedCase(t)
    const fileId = await inspected(t, city, id)
    const url = `/api/v1/cases/${id}/supervision/files/${fileId}`
    const status = async (username: Username, of = url) => (await as(username).get(of)).statusCode
    expect(await status('city')).toBe(200)
    for (const username of ['handler-dh', 'head-dh', 'district-dh'] as const) {
      expect(await status(username), username).toBe(404)
      expect(await status(username, `/api/v1/cases/${id}/files/${fileId}`), username).toBe(404)
    }
    const checkId = await check(id)
    const found = { version: 1, finding: 'none', note: '属实', evidence: [fileId] } as const
    await t.services.supervision.findings.record(city, checkId, id, { ...found, evidence: [fileId] })
    for (const username of ['handler-dh', 'head-dh', 'district-dh'] as const) {
      expect(await status(username), username).toBe(200)
      expect(await status(username, `${url}/preview?size=small`), username).toBe(200)
    }
    expect(await status('district-dh', `/api/v1/cases/${id}/files/${fileId}`), 'not of the case').toBe(404)
    expect(await status('district-xl')).toBe(404)
    expect(await status('window-dh')).toBe(403)
    await expect(
      t.services.supervision.findings.openFile(await ratedHandler(t), id, fileId),
    ).rejects.toMatchObject({ code: 'own-rating' })
  })

  it('Q71: becomes the case’s with the case that begins again on it', async () => {
    const id = await aClosedCase(t)
    const fileId = await inspected(t, city, id)
    const found = { version: 1, finding: 'false_report', note: '窗口仍未整改', evidence: [fileId] } as const
    const answer = await t.services.supervision.findings.record(city, await check(id), id, {
      ...found,
      evidence: [fileId],
    })
    expect(answer).toEqual({ reopened: true })
    const { timeline } = await t.services.rectification.detail(handler, id)
    expect(timeline.flatMap((entry) => entry.files.map((file) => file.fileId))).toContain(fileId)
    expect((await as('handler-dh').get(`/api/v1/cases/${id}/files/${fileId}`)).statusCode).toBe(200)
  })

  it('a handler cannot pass off a file of another room as evidence of theirs', async () => {
    const id = await aCase(t)
    const fileId = await inspected(t, city, id)
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    await expect(
      act(t, handler, id, 'propose_rejection', {
        finding: '查无此事',
        rejectionReason: 'mistaken',
        evidence: [fileId],
      }),
    ).rejects.toMatchObject({ errors: [{ field: 'evidence' }] })
  })

  it('nobody inspects what is about themselves, nor what only the neighbour leads', async () => {
    const id = await aSharedCase()
    const content = Buffer.from('x')
    const attach = (by: Official) =>
      t.services.supervision.findings.attach(by, id, { name: 'a.png', content })
    await expect(attach(promoted(district, { staffNumber: DONGHU.staff }))).rejects.toMatchObject({
      code: 'own-case',
    })
    await expect(attach(await official(t, 'district-xl'))).rejects.toMatchObject({ code: 'case-unknown' })
  })
})
