import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { makeMatters } from '../../../../../tests/support/matters.ts'
import { aCitizen } from '../../../../../tests/support/page.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'
import { advance } from '../ledger/consumers.ts'

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

const { rateBadly, complainOf, reply, view, answer, kinds, findings } = makeMatters(
  () => t,
  () => handler,
)
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
  })

  it('R20: a call-back is offered once somebody left a name, not on what is anonymous', async () => {
    const affair = anAffairNumber()
    const id = await rateBadly(affair)
    await t.settle()
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    const offered = async () =>
      (await t.services.rectification.detail(handler, id)).actions.some(
        ({ event }) => event === 'record_contact',
      )
    const call = () => act(t, handler, id, 'record_contact', { result: 'reached', note: '已通话' })
    expect(await offered()).toBe(false)
    await expect(call()).rejects.toMatchObject({
      status: 422,
      detail: expect.stringContaining('没有可以回访的评价人'),
    })
    t.clock.forward(60_000)
    const named = await rateBadly(affair, 2, { realName: true, phone: '13700002222' })
    await t.settle()
    expect(await offered()).toBe(true)
    await call()
    expect(await t.services.rectification.detail(handler, id)).toMatchObject({
      persons: [{ id: named, contacted: true }],
    })
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
