import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers, oneMore } from '../../../../../tests/support/appeals.ts'
import { act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { aRating } from '../../../../../tests/support/rating.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import { anAffairNumber, aVisit } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'

// Two were rated over one affair: neither reads of the other's rating more than of their own. Whoever reads it raw
// would know who rated them.

const APPLICANT = { name: '赵小兰', idNumber: '990101199003072344', phone: '13812345678' }
const SECRETS = [...Object.values(APPLICANT), '小兰']
/** Whatever tells a minute of a day; only clocks' ends, at midnight, may be told. */
const MOMENTS = /T(?!15:59:59)\d\d:\d\d/

let t: TestApp
let handler: Official
let district: Official
let second: Official
let asSecond: Browser
let asHead: Browser

async function rated(affairNumber: string, visitNumber: number, staffNumber: string, level: 1 | 4 = 1) {
  const servedAt = new Date(t.clock.now.getTime() - 600_000).toISOString()
  const [answer] = await t.services.affairs.report({ source: 'hall' }, [
    aVisit({ affairNumber, visitNumber, servedAt, staffNumber, applicant: APPLICANT }),
  ])
  if (!answer || answer.status === 'refused') throw new Error('refused')
  const words = `我叫赵小兰，第 ${visitNumber} 次也没办成`
  const { evaluationId } = await t.services.evaluations.submit(
    answer.token,
    aRating({ level, realName: true, words }),
  )
  await t.settle()
  return evaluationId
}

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  second = await oneMore(t, 'second-rated', {
    role: 'organization_head',
    organizationId: DONGHU.department,
    staffNumber: DONGHU.colleague,
  })
  asSecond = await signIn(t, 'second-rated')
  asHead = await signIn(t, 'head-dh')
})
afterAll(() => t.close())

/** Affairs in which the colleague was rated too, each by another way; gives the rating of somebody else in it. */
const AFFAIRS: Record<string, () => Promise<string>> = {
  'joined to the same case': async () => {
    const affair = anAffairNumber()
    const first = await rated(affair, 1, DONGHU.staff)
    await rated(affair, 2, DONGHU.colleague)
    return first
  },
  'that another’s was joined to': async () => {
    const affair = anAffairNumber()
    await rated(affair, 1, DONGHU.colleague)
    return rated(affair, 2, DONGHU.staff)
  },
  'rated well, and so in no case': async () => {
    const affair = anAffairNumber()
    const first = await rated(affair, 1, DONGHU.staff)
    await rated(affair, 2, DONGHU.colleague, 4)
    return first
  },
  'of which the other was good': async () => {
    const affair = anAffairNumber()
    await rated(affair, 1, DONGHU.colleague)
    return rated(affair, 2, DONGHU.staff, 4)
  },
  'complained of over the same affair': async () => {
    const affairNumber = anAffairNumber()
    const first = await rated(affairNumber, 1, DONGHU.staff)
    await complain(t, { affairNumber, staffNumber: DONGHU.colleague, receivedAt: t.clock.now.toISOString() })
    await t.settle()
    return first
  },
}

describe.each(Object.entries(AFFAIRS))('R28, R29: the rating of another, %s', (_, make) => {
  let id: string
  beforeAll(async () => {
    id = await make()
  })

  it('is read as one’s own is: no name, no number, no minute, no place in the ledger', async () => {
    const answer = await asSecond.get(`/api/v1/evaluations/${id}`)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      redacted: true,
      submittedAt: null,
      evaluatorMasked: null,
      affair: { affairNumber: null, servedAt: null },
      proof: { position: null },
      words: expect.stringContaining('也没办成'),
    })
    for (const secret of SECRETS) expect(answer.body).not.toContain(secret)
    expect(answer.body).not.toMatch(MOMENTS)
  })

  it('nor in the list of ratings, nor may the person be opened', async () => {
    const list = await asSecond.get('/api/v1/evaluations?pageSize=100')
    const { items } = list.json<{ items: { evaluationId: string; submittedAt: string | null }[] }>()
    expect(items.find((item) => item.evaluationId === id)).toMatchObject({
      submittedAt: null,
      receiptNumber: expect.stringMatching(/\*{8}$/),
    })
    const opened = await asSecond.post(`/api/v1/evaluations/${id}/identity`, { reason: '需要回访核实' })
    expect([opened.statusCode, opened.json().code]).toEqual([403, 'own-rating'])
  })

  it('nor in a case of the affair, in which they have no hand', async () => {
    const cases = await t.services.cases.casesOf(handler, [id])
    const caseId = cases.get(id)?.caseId
    if (caseId === undefined) return
    for (const more of ['', '/sources', '/supervision']) {
      const answer = await asSecond.get(`/api/v1/cases/${caseId}${more}`)
      expect(answer.statusCode).toBe(200)
      for (const secret of SECRETS) expect(answer.body, more).not.toContain(secret)
      expect(answer.body, more).not.toMatch(MOMENTS)
    }
    const { items } = await t.services.registers.callbacks(second, {})
    const lines = items.filter((line) => line.id === caseId)
    expect(lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(lines)).not.toMatch(MOMENTS)
    const file = await evidence(t, handler, caseId)
    for (const room of [`/api/v1/cases/${caseId}/files`, `/api/v1/cases/${caseId}/supervision/files`])
      expect((await asSecond.get(`${room}/${file}`)).json().code, room).toBe('own-rating')
    const { verifiers } = await t.services.rectification.detail(handler, caseId)
    expect(verifiers.map((person) => person.accountId)).not.toContain(second.accountId)
    await expect(act(t, handler, caseId, 'sign', { verifier: second.accountId })).rejects.toMatchObject({
      errors: [{ field: 'verifier' }],
    })
    expect((await t.services.rectification.detail(second, caseId)).actions).toEqual([])
    await expect(act(t, second, caseId, 'sign', { verifier: handler.accountId })).rejects.toMatchObject({
      code: 'event-not-allowed',
    })
  })

  it('while their head and the district read it whole', async () => {
    const answer = await asHead.get(`/api/v1/evaluations/${id}`)
    expect(answer.json()).toMatchObject({ redacted: false, evaluatorMasked: { name: expect.any(String) } })
    expect(answer.json().words).toContain('赵小兰')
    expect((await t.services.views.detail(district, id)).words).toContain('赵小兰')
    const opened = await asHead.post(`/api/v1/evaluations/${id}/identity`, { reason: '需要回访核实' })
    expect(opened.json()).toMatchObject({ name: APPLICANT.name })
  })
})

describe('R28, R29: of an affair in which one was rated', () => {
  it('the complaint is read as one’s own is, and nobody opened', async () => {
    const affairNumber = anAffairNumber()
    await rated(affairNumber, 1, DONGHU.colleague)
    const person = { name: APPLICANT.name, phone: APPLICANT.phone }
    const text = '我叫赵小兰，没人理我'
    const about = { affairNumber, staffNumber: DONGHU.staff, person, text }
    const { id } = await complain(t, { ...about, receivedAt: t.clock.now.toISOString() })
    await t.settle()
    const seen = await asSecond.get(`/api/v1/complaints/${id}`)
    expect(seen.json()).toMatchObject({ redacted: true, personMasked: null, affairNumber: null })
    for (const secret of SECRETS) expect(seen.body).not.toContain(secret)
    expect(seen.body).not.toMatch(MOMENTS)
    expect(
      (await asSecond.post(`/api/v1/complaints/${id}/identity`, { reason: '需要回访核实' })).json(),
    ).toMatchObject({ code: 'own-rating' })
    expect((await asHead.get(`/api/v1/complaints/${id}`)).json()).toMatchObject({
      redacted: false,
      words: text,
    })
  })

  it('Q100: nobody decides on the appeal against the rating of another, whatever their post is now', async () => {
    const affair = anAffairNumber()
    const id = await rated(affair, 1, DONGHU.staff)
    await rated(affair, 2, DONGHU.colleague)
    await appeal(t, handler, id)
    await citizenAnswers(t, id)
    const promoted: Official = { ...district, staffNumber: DONGHU.colleague }
    const seen = await t.services.appeals.detail(promoted, id)
    expect(seen).toMatchObject({
      redacted: true,
      rating: { redacted: true },
      party: expect.any(String),
      actions: [],
    })
    for (const secret of SECRETS) expect(JSON.stringify(seen)).not.toContain(secret)
    const verdict = { outcome: 'mistaken', reason: '查无此事。' }
    await expect(actOnAppeal(t, promoted, id, 'decide', verdict)).rejects.toMatchObject({
      status: 403,
      detail: expect.stringContaining('同一件事'),
    })
    expect(await actOnAppeal(t, district, id, 'decide', verdict)).toMatchObject({ outcome: 'mistaken' })
  })

  it('is only this one: of another affair with the same two they read what every official reads', async () => {
    await rated(anAffairNumber(), 1, DONGHU.colleague)
    const other = await rated(anAffairNumber(), 1, DONGHU.staff)
    expect((await asSecond.get(`/api/v1/evaluations/${other}`)).json()).toMatchObject({ redacted: false })
  })
})
