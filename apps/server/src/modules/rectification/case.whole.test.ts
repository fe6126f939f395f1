import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers, ratedHandler } from '../../../../../tests/support/appeals.ts'
import { loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { aRepliedCase, inspected } from '../../../../../tests/support/supervision.ts'
import type { Official } from '../identity/official.ts'
import type { TimelineEntry } from '../ledger/timeline.ts'

const DEMAND = '请三日内查清排队原因。'
const ANSWER = '已增设窗口。'
const FOUND = '回访群众，问题没有解决。'
const STATEMENT = '当日该窗口未受理过此事。'
const REASON = '证据不足，维持原评价。'
const MINUTE = 60_000

let t: TestApp
let id: string
let handler: Official
let district: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  id = await aRepliedCase(t)
  const later = () => t.clock.forward(MINUTE)
  const { orders, checks, findings, ofCase } = t.services.supervision
  later()
  const orderId = await orders.issue(district, id, { kind: 'supervise', demand: DEMAND })
  later()
  const [order] = (await ofCase(handler, id)).orders
  await orders.act(handler, id, orderId, 'answer', { version: order!.version, values: { answer: ANSWER } })
  later()
  await appeal(t, handler, id)
  later()
  await citizenAnswers(t, id)
  later()
  await actOnAppeal(t, district, id, 'decide', { outcome: 'upheld', reason: REASON })
  later()
  const { caseNumber } = await t.services.rectification.detail(handler, id)
  const checkId = await checks.pick(district, { title: '抽查', method: 'call', caseNumbers: [caseNumber] })
  const evidence = [await inspected(t, district, id)]
  await findings.record(district, checkId, id, {
    version: 1,
    finding: 'false_report',
    note: FOUND,
    evidence,
  })
  await t.settle()
})
afterAll(() => t.close())

const timelineFor = async (by: Official) => (await t.services.wholeCase.detail(by, id)).timeline
const kindsOf = (timeline: TimelineEntry[]) => timeline.map((entry) => entry.kind)
const textsOf = (timeline: TimelineEntry[]) =>
  timeline.flatMap((entry) => entry.texts.map(({ text }) => text)).join('\n')

describe('one timeline of all that happened to a case (R18, R24, R29)', () => {
  it('R24: holds the steps of the case, of orders, appeals and spot checks in the order they were taken', async () => {
    for (const by of [handler, district, await official(t, 'auditor-dh')]) {
      const timeline = await timelineFor(by)
      const kinds = kindsOf(timeline)
      expect(kinds.indexOf('case.reply')).toBeLessThan(kinds.indexOf('supervision.ordered'))
      const others = kinds.filter((kind) => /^(?:supervision|appeal)\./.test(kind))
      expect(others).toEqual([
        'supervision.ordered',
        'supervision.answered',
        'appeal.filed',
        'appeal.citizen_answered',
        'appeal.decided',
        'supervision.item_found',
      ])
      expect(kinds.indexOf('case.reopen_by_inspection')).toBeLessThan(kinds.indexOf('supervision.item_found'))
      const times = timeline.map((entry) => entry.at)
      expect(times).toEqual(times.toSorted())
      for (const entry of timeline) expect(entry.position).toEqual(expect.any(Number))
      for (const text of [DEMAND, ANSWER, STATEMENT, REASON, FOUND]) expect(textsOf(timeline)).toContain(text)
    }
  })

  it('R24: is what the page of the case is sent, also by what an official does with it', async () => {
    const browser = await signIn(t, 'district-dh')
    const seen = (await browser.get(`/api/v1/cases/${id}`)).json()
    expect(kindsOf(seen.timeline)).toContain('appeal.decided')
    const done = await browser.post(`/api/v1/cases/${id}/events/direct_again`, {
      version: seen.version,
      values: { instruction: '请重新办理。' },
    })
    expect(done.statusCode).toBe(200)
    expect(kindsOf(done.json().timeline)).toEqual(
      expect.arrayContaining(['appeal.decided', 'supervision.ordered', 'case.direct_again']),
    )
  })

  it('R18, R29: whoever may not see an appeal or what was said of an order does not see it here', async () => {
    const without: Official = {
      ...district,
      permissions: district.permissions.filter((each) => each !== 'appeals.read'),
    }
    const unread = await timelineFor(without)
    expect(kindsOf(unread).filter((kind) => kind.startsWith('appeal.'))).toEqual([])
    expect(kindsOf(unread)).toContain('supervision.ordered')
    const rated = await timelineFor(await ratedHandler(t))
    expect(kindsOf(rated)).toContain('supervision.ordered')
    expect(kindsOf(rated)).not.toContain('supervision.item_found')
    for (const text of [DEMAND, ANSWER, FOUND]) expect(textsOf(rated)).not.toContain(text)
    for (const entry of rated) {
      expect(entry.at).toMatch(/^\d{4}-\d\d-\d\d$/)
      expect(entry.position).toBeNull()
    }
    await expect(timelineFor(await official(t, 'district-xl'))).rejects.toMatchObject({
      code: 'case-unknown',
    })
  })

  it('R24: the parties to an appeal read which body decided, whoever stands above who it was', async () => {
    const decided = async (by: Official) =>
      (await timelineFor(by)).find((entry) => entry.kind === 'appeal.decided')
    expect(await decided(district)).toMatchObject({ actorKind: 'decider', actorLabel: 'district-dh' })
    expect((await decided(handler))?.actorLabel).not.toBe('district-dh')
  })
})
