import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { aCitizen } from '../../../../../tests/support/page.ts'
import { aRating } from '../../../../../tests/support/rating.ts'
import { anAffairNumber, aVisit } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'
import { advance } from '../ledger/consumers.ts'
import { verifyLedger } from '../ledger/verify.ts'

// One chain for each matter: whatever comes of the same affair is one case, answered to everybody.

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

/** A bad rating of one visit of an affair. */
async function rateBadly(affairNumber: string, visitNumber = 1): Promise<string> {
  const servedAt = new Date(t.clock.now.getTime() - 600_000).toISOString()
  const [answer] = await t.services.affairs.report({ source: 'hall' }, [
    aVisit({ affairNumber, visitNumber, servedAt }),
  ])
  if (!answer || answer.status === 'refused') throw new Error('refused')
  const receipt = await t.services.evaluations.submit(
    answer.token,
    aRating({ level: 1, words: `第 ${visitNumber} 次也没办成` }),
  )
  return receipt.evaluationId
}
const complainOf = async (affairNumber: string, number?: string) =>
  (await complain(t, { affairNumber, receivedAt: t.clock.now.toISOString(), ...(number && { number }) })).id

async function reply(id: string): Promise<void> {
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  const { realName } = await t.services.rectification.detail(handler, id)
  if (realName)
    await act(t, handler, id, 'record_contact', { medium: 'phone', result: 'reached', note: '已说明' })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
  await act(t, handler, id, 'explained', { explanation: '说明' })
  await act(t, handler, id, 'reply', { reply: '情况说明如下。' })
}
const cases = async (affairNumber: string) =>
  (
    await t.asOwner('select * from rectification_case where matter_id = $1 order by opened_at', [
      t.services.affairs.matterId('hall', affairNumber),
    ])
  ).rows
const sources = async (id: string) =>
  (
    await t.asOwner(
      'select kind, source_evaluation_id from case_source where evaluation_id = $1 order by at, kind',
      [id],
    )
  ).rows.map((row) => [row.kind, row.source_evaluation_id])
const view = (id: string) => t.services.rectification.citizenView(id)
const answer = (id: string, said: 'satisfied' | 'basically' | 'unsolved') =>
  t.services.rectification.answerSurvey(id, { answer: said })
const kinds = async (id: string) => (await journalOf(t, id)).map((entry) => entry.kind)
const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings

describe('one chain for each matter', () => {
  it('R14: a complaint opens a case at the handling organisation, and its progress page shows how it stands', async () => {
    const { id, token } = await complain(t)
    await t.settle()
    const detail = await t.services.rectification.detail(handler, id)
    expect(detail).toMatchObject({ state: 'to_sign', organizationName: '东湖区公安局', realName: true })
    expect(await view(id)).toMatchObject({ caseNumber: detail.caseNumber, state: 'to_sign' })
    expect((await aCitizen(t).open(`/p/${token}`)).body).toContain(detail.caseNumber)
    expect(await findings()).toEqual([])
  })

  it('R14, Q60: the same affair rated badly twice, and complained about by hotline, is one case with three entries', async () => {
    const affair = anAffairNumber()
    const first = await rateBadly(affair)
    await t.settle()
    const second = await rateBadly(affair, 2)
    const complaint = await complainOf(affair)
    await t.settle()
    expect(await cases(affair)).toHaveLength(1)
    expect(new Map((await sources(first)).map(([kind, id]) => [id, kind]))).toEqual(
      new Map([
        [first, 'rating'],
        [second, 'rating'],
        [complaint, 'complaint'],
      ]),
    )
    const { caseNumber } = await t.services.rectification.detail(handler, first)
    for (const id of [first, second, complaint]) expect(await view(id)).toMatchObject({ caseNumber })
    const heads = await t.services.complaintViews.detail(handler, complaint)
    expect(heads.case).toMatchObject({ caseId: first, caseNumber })
    expect((await kinds(first)).filter((kind) => kind === 'case.joined')).toHaveLength(2)
    expect(await findings()).toEqual([])
  })

  it('Q60: three entries that arrive in one batch are one case, too', async () => {
    const affair = anAffairNumber()
    const [one, two] = [await rateBadly(affair), await rateBadly(affair, 2)]
    const complaint = await complainOf(affair)
    await t.settle()
    const [row, ...more] = await cases(affair)
    expect(more).toEqual([])
    const joined = (await sources(row.evaluation_id)).map(([, id]) => id)
    expect(joined.sort()).toEqual([one, two, complaint].sort())
  })

  it('Q60: workers side by side open one case and join the rest, none lost and none twice', async () => {
    const affairs = Array.from({ length: 6 }, anAffairNumber)
    const all: string[] = []
    for (const affair of affairs)
      all.push(await rateBadly(affair), await rateBadly(affair, 2), await complainOf(affair))
    await t.services.ledger.seal()
    const [opener] = t.services.consumers
    const runs = await Promise.all(Array.from({ length: 4 }, () => advance(t.app, opener!)))
    expect(runs.reduce((n, count) => n + count, 0)).toBeGreaterThanOrEqual(all.length)
    const found = (await Promise.all(affairs.map(cases))).flat()
    expect(found).toHaveLength(affairs.length)
    const joined = (await Promise.all(found.map((row) => sources(row.evaluation_id))))
      .flat()
      .map(([, id]) => id)
    expect(joined.sort()).toEqual(all.sort())
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('another affair, and a complaint without one, are matters of their own', async () => {
    const one = await rateBadly(anAffairNumber())
    const two = (await complain(t)).id
    const three = (await complain(t)).id
    await t.settle()
    for (const id of [one, two, three]) expect(await sources(id)).toHaveLength(1)
  })
})

describe('what comes when the case has been answered or closed', () => {
  it('R14: while it is closed and not long ago, it is opened again for the level above to direct', async () => {
    const affair = anAffairNumber()
    const first = await rateBadly(affair)
    await t.settle()
    await reply(first)
    await answer(first, 'satisfied')
    t.clock.forward(3 * DAY)
    const complaint = await complainOf(affair)
    await t.settle()
    expect(await view(first)).toMatchObject({ state: 'reopened' })
    expect(await view(complaint)).toMatchObject({ state: 'reopened' })
    await act(t, district, first, 'direct_again', { instruction: '请重新核实。' })
    expect(await view(complaint)).toMatchObject({ state: 'to_sign' })
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('R14: while the citizen is asked, what comes has no answer yet: it begins again', async () => {
    const affair = anAffairNumber()
    const first = await rateBadly(affair)
    await t.settle()
    await reply(first)
    const second = await rateBadly(affair, 2)
    await t.settle()
    expect(await view(second)).toMatchObject({ state: 'reopened' })
  })

  it('R14: long after closing it is a new case that says which there was before', async () => {
    const affair = anAffairNumber()
    const first = await rateBadly(affair)
    await t.settle()
    await reply(first)
    await answer(first, 'satisfied')
    t.clock.forward(31 * DAY)
    const second = await rateBadly(affair, 2)
    await t.settle()
    expect(await view(first)).toMatchObject({ state: 'closed' })
    expect(await view(second)).toMatchObject({ state: 'to_sign' })
    expect(await sources(second)).toEqual([
      ['rating', second],
      ['reopened', first],
    ])
    expect(await findings()).toEqual([])
  })

  it('Q70: a follow-up that is still bad begins the case again; one that is good leaves it closed', async () => {
    const affair = anAffairNumber()
    const [bad, good] = [await rateBadly(affair), await rateBadly(anAffairNumber())]
    await t.settle()
    for (const id of [bad, good]) {
      await reply(id)
      await answer(id, 'satisfied')
    }
    const followUp = (id: string, level: number) =>
      t.services.followUps.submit(t.services.invitations.receiptToken(id), {
        level,
        optionCodes: [],
        channel: 2,
        submissionId: randomUUID(),
      })
    await followUp(bad, 2)
    await followUp(good, 4)
    await t.settle()
    expect(await view(bad)).toMatchObject({ state: 'reopened' })
    expect(await view(good)).toMatchObject({ state: 'closed' })
    expect(await sources(bad)).toEqual(expect.arrayContaining([['follow_up', bad]]))
    expect(await findings()).toEqual([])
  })

  it('Q60: joined while it is being closed, it is either in the case before or opens it again: never lost', async () => {
    for (let i = 0; i < 5; i++) {
      const affair = anAffairNumber()
      const first = await rateBadly(affair)
      await t.settle()
      await reply(first)
      const second = await rateBadly(affair, 2)
      await t.services.ledger.seal()
      await Promise.allSettled([advance(t.app, t.services.consumers[0]!), answer(first, 'satisfied')])
      await t.settle()
      expect(await cases(affair)).toHaveLength(1)
      expect((await sources(first)).map(([, id]) => id)).toContain(second)
      expect(await view(second)).toMatchObject({ state: 'reopened' })
    }
    expect(await findings()).toEqual([])
  })
})

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
