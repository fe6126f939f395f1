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
import { testCity } from '../../../../../tests/support/longming.ts'
import { csvFile, system } from '../catalog/longming.fixture.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let handler: Official
const at = (text: string) => new Date(`${text}+08:00`)

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
beforeEach(() => {
  t.clock.now = at('2026-11-24T10:00:00')
})
afterAll(() => t.close())

const cases = () => t.services.rectification
const sign = (id: string) => act(t, handler, id, 'sign', { verifier: handler.accountId })
const chores = async () => {
  for (const chore of cases().chores) await chore.run()
}
/** What happened to a case but for the alarms, which have tests of their own. */
const kinds = async (id: string) =>
  (await journalOf(t, id))
    .map((entry) => entry.kind)
    .filter((kind) => kind !== 'case.warned' && kind !== 'case.escalated')
const overdues = async (id: string) => (await kinds(id)).filter((kind) => kind === 'case.overdue').length

/** A case that waits for the citizen's answer. */
async function answered(): Promise<string> {
  const id = await aCase(t)
  await sign(id)
  await act(t, handler, id, 'fix_now', { finding: '已查' })
  await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
  await act(t, handler, id, 'reply', { reply: '已改。' })
  return id
}

describe('the clocks of a case', () => {
  it('R15: a case is late from the first moment after its deadline, and is counted late once for each clock', async () => {
    const id = await aCase(t)
    t.clock.now = at('2026-11-25T23:59:59')
    await chores()
    expect(await cases().detail(handler, id)).toMatchObject({ overdue: false, remainingWorkingDays: 0 })
    t.clock.now = at('2026-11-26T00:00:00')
    await chores()
    await chores()
    expect(await cases().detail(handler, id)).toMatchObject({
      overdue: true,
      everOverdue: true,
      remainingWorkingDays: -1,
    })
    expect(await overdues(id)).toBe(1)
    const signed = await sign(id)
    expect(signed).toMatchObject({ overdue: false, everOverdue: true })
    t.clock.now = at('2026-12-04T09:00:00')
    await chores()
    expect(await overdues(id), 'the second clock ran out too').toBe(2)
    expect(
      (await act(t, handler, id, 'fix_now', { finding: '已查' })).overdue,
      'the same clock runs on',
    ).toBe(true)
    await chores()
    expect(await overdues(id)).toBe(2)
  })

  it('R15: whoever comes late is counted late although the clock-keeper was not there in between', async () => {
    const id = await aCase(t)
    t.clock.now = at('2026-11-27T09:00:00')
    await sign(id)
    expect(await kinds(id)).toEqual(['case.opened', 'case.overdue', 'case.sign'])
    expect((await cases().detail(handler, id)).everOverdue).toBe(true)
  })

  it('R17: unanswered, a case closes as "no answer", never as solved, and nobody was late', async () => {
    const id = await answered()
    t.clock.now = at('2026-12-01T23:59:00')
    await chores()
    expect((await cases().detail(handler, id)).state).toBe('resurvey')
    t.clock.now = at('2026-12-02T00:01:00')
    expect((await cases().detail(handler, id)).overdue, 'it is the citizen’s time that ran').toBe(false)
    await chores()
    expect(await cases().detail(handler, id)).toMatchObject({
      state: 'closed',
      outcome: 'no_answer',
      outcomeLabel: '未收到评价人答复',
      everOverdue: false,
    })
    await expect(cases().answerSurvey(id, { answer: 'unsolved' })).rejects.toMatchObject({
      code: 'survey-closed',
    })
  })

  it('R17: an answer that comes before anybody closed the case still counts', async () => {
    const id = await answered()
    t.clock.now = at('2026-12-02T08:00:00')
    await cases().answerSurvey(id, { answer: 'unsolved' })
    expect((await cases().detail(handler, id)).state).toBe('reopened')
  })

  it('R4: a case keeps the number its deadline was made with, the next clock takes the new one', async () => {
    const id = await aCase(t)
    await t.services.policies.change(await official(t, 'city'), {
      key: 'fix',
      regionCode: '990100000000',
      value: 3,
      validFrom: '2026-11-24',
    })
    const signed = await sign(id)
    expect(signed.clock).toMatchObject({ policy: { key: 'fix', value: 3, version: 1, regionName: '长明市' } })
    await t.services.policies.change(await official(t, 'district-dh'), {
      key: 'fix',
      regionCode: '990101000000',
      value: 2,
      validFrom: '2026-11-24',
    })
    expect((await cases().detail(handler, id)).clock?.policy.value).toBe(3)
    const next = await aCase(t)
    expect((await sign(next)).clock?.policy).toMatchObject({ value: 2, regionName: '东湖区' })
  })

  it('R15: a deadline across a year without published holidays is provisional, and moves once they are loaded', async () => {
    t.clock.now = at('2026-12-31T10:00:00')
    const id = await aCase(t)
    const before = await cases().detail(handler, id)
    expect(before).toMatchObject({
      dueAt: '2027-01-01T15:59:59.999Z',
      dueProvisional: true,
      clock: { provisional: true, missingYears: [2027] },
    })
    await chores()
    expect(await kinds(id), 'nothing is known yet').toEqual(['case.opened'])
    await t.services.catalog.importAll(
      [
        csvFile('calendar-years', 'year,source\n2027,测试用安排'),
        csvFile('calendar', 'day,kind,name,year\n2027-01-01,holiday,元旦,2027'),
      ],
      system,
    )
    await chores()
    await chores()
    const after = await cases().detail(handler, id)
    expect(after).toMatchObject({
      dueAt: '2027-01-04T15:59:59.999Z',
      dueProvisional: false,
      version: before.version + 1,
      clock: { missingYears: [], policy: before.clock!.policy },
    })
    expect(await kinds(id)).toEqual(['case.opened', 'case.deadline-recomputed'])
    expect(after.timeline.at(-1)?.facts).toEqual([{ label: '本环节期限', value: '2027-01-04 23:59' }])
    await t.settle()
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
