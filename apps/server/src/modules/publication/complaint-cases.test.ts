import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { makeMatters } from '../../../../../tests/support/matters.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'
import { rebuild } from '../ledger/consumers.ts'

// A case that no rating opened is handled as any other, so it is published and counted as any other.

let t: TestApp
let handler: Official
let district: Official
let city: Official
const NOW = '2026-11-24T10:00:00+08:00'
const said = '打电话反映：经办人李明态度恶劣，我叫周大福，电话 13987654321。'
/** closed cases, each by what opened it */
const closed: Record<'complaint' | 'opinion' | 'refused' | 'rating', string> = {
  complaint: '',
  opinion: '',
  refused: '',
  rating: '',
}

const { rateBadly, complainOf, reply, view, answer, findings } = makeMatters(
  () => t,
  () => handler,
)
const numberOf = async (id: string) => (await view(id))?.caseNumber ?? ''
const told = { text: said, receivedAt: NOW, person: { name: '周大福', phone: '13987654321' } }

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
  closed.complaint = (await complain(t, told)).id
  closed.opinion = (await complain(t, { ...told, kind: 'opinion', medium: 'opinion_box' })).id
  closed.refused = (await complain(t, { ...told, doNotContact: true })).id
  const affair = anAffairNumber()
  closed.rating = await rateBadly(affair)
  await t.settle()
  await complainOf(affair, { person: { name: '钱多多', phone: '13700009999' } })
  const open = (await complain(t, told)).id
  await t.settle()
  await reply(closed.complaint)
  await answer(closed.complaint, 'satisfied')
  await reply(closed.opinion)
  t.clock.forward(8 * 86_400_000)
  for (const chore of t.services.rectification.chores) await chore.run()
  await act(t, handler, closed.refused, 'sign', { verifier: handler.accountId })
  await act(t, handler, closed.refused, 'propose_rejection', {
    ...{ rejectionReason: 'malicious', finding: '经核实，周大福与李明素不相识' },
    evidence: [await evidence(t, handler, closed.refused)],
  })
  await act(t, district, closed.refused, 'confirm_rejection', { note: '属实' })
  await act(t, handler, closed.refused, 'reply', { reply: '周大福您好，已核实。' })
  t.clock.forward(8 * 86_400_000)
  for (const chore of t.services.rectification.chores) await chore.run()
  t.clock.now = new Date('2026-12-11T10:00:00+08:00')
  await act(t, handler, closed.rating, 'sign', { verifier: handler.accountId })
  await act(t, handler, closed.rating, 'record_contact', { result: 'reached', note: '已联系' })
  await act(t, handler, closed.rating, 'explain', { finding: '钱多多来电反映排队', legalBasis: '规定' })
  await act(t, handler, closed.rating, 'explained', { explanation: '说明' })
  await act(t, handler, closed.rating, 'reply', { reply: '钱多多您好，已说明。' })
  t.clock.forward(8 * 86_400_000)
  for (const chore of t.services.rectification.chores) await chore.run()
  await t.settle()
  expect(await view(open)).toMatchObject({ state: 'to_sign' })
})
afterAll(() => t.close())

describe('a case that a complaint or an opinion opened', () => {
  it('R19: stands among the closed cases of the public, under what it came from', async () => {
    const { rows, total } = await t.services.publication.cases({}, 1, 20)
    expect(total).toBe(4)
    const byNumber = new Map(rows.map((row) => [row.caseNumber, row]))
    expect(byNumber.get(await numberOf(closed.complaint))).toMatchObject({
      ...{ sourceKind: 'complaint', level: null, hallLevel: null, options: [], itemCode: '' },
      ...{ outcome: 'solved', organizationId: DONGHU.department, rejectionReason: null },
    })
    expect(byNumber.get(await numberOf(closed.opinion))).toMatchObject({
      sourceKind: 'opinion',
      outcome: 'no_answer',
    })
    expect(byNumber.get(await numberOf(closed.refused))).toMatchObject({
      sourceKind: 'complaint',
      outcome: 'not_adopted',
      rejectionReason: 'malicious',
    })
    expect(byNumber.get(await numberOf(closed.rating))).toMatchObject({ sourceKind: 'rating', level: 1 })
    expect(await findings()).toEqual([])
  })

  it('R23: says nothing of who complained or of their words, and masks every name, of the joined ones, too', async () => {
    const page = async (url: string) => (await t.server.inject({ method: 'GET', url })).body
    for (const id of Object.values(closed)) {
      const body = await page(`/cases/${await numberOf(id)}`)
      expect(body).toContain('办理经过')
      for (const secret of ['周大福', '钱多多', '13987654321', '态度恶劣'])
        expect(body, secret).not.toContain(secret)
    }
    expect(await page(`/cases/${await numberOf(closed.complaint)}`)).toContain('投诉')
    expect(await page(`/cases/${await numberOf(closed.complaint)}`)).toContain('未指明事项')
    expect(await page(`/cases/${await numberOf(closed.refused)}`)).toContain('周**与李*素不相识')
    expect(await page(`/cases/${await numberOf(closed.rating)}`)).toContain('钱**来电反映排队')
    const list = await page('/cases')
    for (const words of ['由评价产生', '由投诉产生', '由意见建议产生', '综合点评'])
      expect(list).toContain(words)
  })

  it('R19, R20: is counted with the others, on the day it came, and by what opened it; call-backs by person', async () => {
    const { cases, indices, evaluations } = await t.services.statistics.dashboard(city, {
      from: '2026-11-24',
      to: '2026-12-31',
    })
    expect(cases).toMatchObject({
      ...{ opened: 5, bySource: { rating: 1, complaint: 3, opinion: 1 }, closed: 4, open: 1 },
      ...{ solved: 1, noAnswer: 2, closedNotAdopted: 1, adopted: 4 },
      // Ratings that are not adopted; the complaint moves no rate of ratings.
      notAdopted: { mistaken: 0, malicious: 0 },
    })
    expect(evaluations).toBe(1)
    const callBack = indices.find(({ key }) => key === 'call_back_rate')
    // Three were called; one is in the case that is open, and one asked not to be.
    expect(callBack).toMatchObject({ numerator: 3, denominator: 4 })
  })

  it('R19: is written and counted the same when all is made again from the first entry', async () => {
    const all = async () => [
      (await t.asOwner('select * from publication_case order by case_number')).rows,
      (await t.asOwner('select * from statistic_daily order by 1, 2, 3, 4, 5, 6, 7, 8, 9')).rows,
    ]
    const before = await all()
    await rebuild(t.app, t.services.publication.consumer)
    await rebuild(t.app, t.services.statistics.consumer)
    expect(await all()).toEqual(before)
  })
})
