import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { appeal } from '../../../../../tests/support/appeals.ts'
import { carryOut, entriesOf, noticeOf } from '../../../../../tests/support/calendar.ts'
import { aCase, act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let city: Official
let handler: Official
let head: Official
let district: Official
let ordered: string
const at = (text: string) => new Date(`${text}+08:00`)
const end = (day: string) => at(`${day}T23:59:59.999`).toISOString()

const notice = (more: string[], without: string[] = []) => noticeOf(t, 2026, more, without)
const calendar = () => t.services.calendar
const clockOf = async (id: string, wanted: string) =>
  (await t.services.rectification.detail(handler, id)).clocks.find(({ key }) => key === wanted)!
const order = (id: string) =>
  t.services.supervision.orders.issue(district, id, { kind: 'supervise', demand: '请尽快答复' })
async function promise(id: string, promisedOn: string) {
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'promise', { finding: '属实', plan: '更换叫号机', owner: '李科长', promisedOn })
}

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  handler = await official(t, 'handler-dh')
  head = await official(t, 'head-dh')
  district = await official(t, 'district-dh')
  // A Monday: a case is to be signed for on Tuesday the 8th.
  t.clock.now = at('2026-12-07T10:00:00')
  await appeal(t, head, await aCase(t), 'partly')
  ordered = await aCase(t)
  await order(ordered)
})
afterAll(() => t.close())

const HOLIDAY = '2026-12-08,holiday,哀悼日'

describe('a known year is corrected, as the State Council did with 2020 (Q61)', () => {
  it('before it is saved it is said which running deadlines of cases, appeals and orders become later', async () => {
    const found = await calendar().loadYear(city, await notice([HOLIDAY]), true)
    expect(found).toMatchObject({
      committed: false,
      corrected: 1,
      days: [{ day: '2026-12-08', from: null, to: { kind: 'holiday' } }],
      deadlines: { later: 5, kept: 0, settled: 0, moved: 0 },
    })
    const { items } = found.deadlines
    expect(items.map(({ kind, change }) => `${kind} ${change}`).toSorted()).toEqual([
      'appeal later',
      'appeal later',
      'case later',
      'case later',
      'order later',
    ])
    expect(items[0]).toMatchObject({ label: '签收时限', from: end('2026-12-08'), to: end('2026-12-09') })
    expect((await clockOf(ordered, 'sign')).dueAt).toBe(end('2026-12-08'))
  })

  it('kept as they are, the running ones need a reason, which the journal holds, and none moves', async () => {
    const keep = (note: string) => ({ running: 'keep' as const, note })
    const days = async () => (await t.services.policies.calendarYear(2026)).days.map(({ day }) => day)
    await expect(calendar().loadYear(city, await notice([HOLIDAY]), false, keep(''))).rejects.toMatchObject({
      code: 'reason-missing',
      field: 'note',
    })
    expect(await days()).not.toContain('2026-12-08')
    await calendar().loadYear(city, await notice([HOLIDAY]), false, keep('补录安排，期限已另行告知'))
    await carryOut(t)
    expect((await clockOf(ordered, 'sign')).dueAt).toBe(end('2026-12-08'))
    const [decided] = await entriesOf(t, 'calendar.corrected')
    expect(decided!.payload).toMatchObject({ year: 2026, running: 'keep', firstDay: '2026-12-08', later: 5 })
    expect(await entriesOf(t, 'calendar.correction-applied')).toEqual([])
    await calendar().loadYear(city, await notice([], ['2026-12-08']), false, keep('更正补录的错误'))
  })

  it('prolonged, each moves to what the preview said, with an entry of its own, and its days show the holiday', async () => {
    const preview = await calendar().loadYear(city, await notice([HOLIDAY]), true)
    const saved = await calendar().loadYear(city, await notice([HOLIDAY]), false)
    expect(saved).toMatchObject({ committed: true, deadlines: preview.deadlines })
    await carryOut(t)
    const { days, dueAt } = await clockOf(ordered, 'sign')
    expect(dueAt).toBe(end('2026-12-09'))
    expect(days[0]).toEqual({ date: '2026-12-08', counted: false, reason: '哀悼日放假' })
    expect((await journalOf(t, ordered)).at(-1)).toMatchObject({
      kind: 'case.deadline-recomputed',
      actor: 'system',
      payload: { corrected: true, previousDueAt: end('2026-12-08'), clock: { dueAt: end('2026-12-09') } },
    })
    for (const { kind, evaluationId, label, to } of preview.deadlines.items) {
      const table = { case: 'rectification_case', appeal: 'appeal', order: 'supervision_order' }[kind]
      const column = label === '评价人说明情况期限' ? 'answer_until' : 'due_at'
      const { rows } = await t.asOwner(`select ${column} as due from ${table} where evaluation_id = $1`, [
        evaluationId,
      ])
      expect(rows.map((row) => row.due.toISOString())).toEqual([to])
    }
    expect(await entriesOf(t, 'appeal.deadline_recomputed')).toHaveLength(1)
    expect(await entriesOf(t, 'supervision.deadline-recomputed')).toHaveLength(1)
    expect(await entriesOf(t, 'calendar.correction-applied')).toHaveLength(1)
    expect((await calendar().loadYear(city, await notice([]), true)).deadlines.items).toEqual([])
  })

  it('a holiday taken back brings none forward: it stays where it was told to be, and the days say so', async () => {
    const back = await notice([], ['2026-12-08'])
    const { deadlines } = await calendar().loadYear(city, back, true)
    expect(deadlines).toMatchObject({ later: 0, kept: 5 })
    expect(deadlines.items[0]).toMatchObject({ from: end('2026-12-09'), to: end('2026-12-08') })
    await calendar().loadYear(city, back, false)
    await carryOut(t)
    const { days, dueAt } = await clockOf(ordered, 'sign')
    expect(dueAt).toBe(end('2026-12-09'))
    expect(days.map(({ reason }) => reason)).toEqual(['周二', '日历更正前已告知的期限，不提前'])
  })

  it('a promised day stays the promised day', async () => {
    await promise(ordered, '2026-12-11')
    const friday = await notice(['2026-12-11,holiday,哀悼日'])
    const { deadlines } = await calendar().loadYear(city, friday, true)
    expect(deadlines.items.map(({ label }) => label)).not.toContain('限期整改最长时限')
    await calendar().loadYear(city, friday, false)
    await carryOut(t)
    expect((await clockOf(ordered, 'promised')).dueAt).toBe(end('2026-12-11'))
  })

  it('agrees with the journal, and a correction that was made away with is found', async () => {
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await findings()).toEqual([])
    const changed = Array(3).fill({ what: expect.stringContaining('was changed') })
    // Decided a moment later or earlier, ended earlier, of other days, of halls nobody decided about.
    for (const [attack, undo] of [
      [
        "decided_at = decided_at + interval '1 microsecond'",
        "decided_at = decided_at - interval '1 microsecond'",
      ],
      ["done_at = done_at - interval '1 hour'", "done_at = done_at + interval '1 hour'"],
      ['last_day = last_day + 1', 'last_day = last_day - 1'],
      ["year = null, halls = '{dh-hall}'", "year = 2026, halls = '{}'"],
    ]) {
      await t.asOwner(`update calendar_correction set ${attack}`)
      expect(await findings(), attack).toMatchObject(changed)
      await t.asOwner(`update calendar_correction set ${undo}`)
      expect(await findings(), undo).toEqual([])
    }
    await t.asOwner('update calendar_correction set done_at = null')
    expect(await findings()).toMatchObject(changed)
    await t.asOwner('delete from calendar_correction')
    expect(await findings()).toMatchObject(Array(3).fill({ what: expect.stringContaining('was deleted') }))
  })
})

it('a missing year is counted by all that waits for it: cases, appeals, orders and promises', async () => {
  t.clock.now = at('2026-12-29T10:00:00')
  const [waiting, promised] = [await aCase(t), await aCase(t)]
  await appeal(t, head, waiting, 'partly')
  await order(waiting)
  await promise(promised, '2027-01-12')
  t.clock.now = at('2026-12-31T10:00:00')
  await aCase(t)
  // Whoever asks is told what was counted half a minute ago at most; the directory changing makes it count anew.
  await t.services.catalog.changing(async () => {})
  expect(await calendar().missing()).toEqual([
    { year: 2027, why: 'next', cases: 1, appeals: 1, orders: 1, commitments: 1 },
  ])
})
