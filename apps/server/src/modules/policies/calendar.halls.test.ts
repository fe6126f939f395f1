import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { carryOut, entriesOf } from '../../../../../tests/support/calendar.ts'
import { aCase, act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { district as districtOf, testCity } from '../../../../../tests/support/longming.ts'
import { at } from '../../../../../tests/support/rating.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { HallDay } from './hall-days.ts'

let t: TestApp
let handler: Official
let district: Official
let own: string
let other: string
const end = (day: string) => new Date(`${day}T23:59:59.999+08:00`).toISOString()
const SHUT: HallDay = { day: '2026-11-26', open: false, note: '搬迁' }
const SATURDAY: HallDay = { day: '6', open: true, note: '周六延时服务' }
const halls = () => t.services.calendar.halls
const put = (days: HallDay[], more: Parameters<ReturnType<typeof halls>['put']>[3] = {}) =>
  halls().put(district, 'dh-hall', days, more)
const prolong = { running: 'prolong' as const, note: '大厅搬迁当日无法办理' }
const dueOf = async (by: Official, id: string) => (await t.services.rectification.detail(by, id)).dueAt
const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  // A Tuesday: fixing takes five working days, to the next Tuesday.
  t.clock.now = new Date('2026-11-24T10:00:00+08:00')
  own = await aCase(t)
  other = await aCase(t, {}, at(districtOf('xl')))
  await act(t, handler, own, 'sign', { verifier: handler.accountId })
})
afterAll(() => t.close())

describe('opening days of a hall change while its deadlines run (Q61)', () => {
  it('a hall that is open on no day of the week is refused: no deadline would ever come', async () => {
    const week = ['1', '2', '3', '4', '5'].map((day) => ({ day, open: false, note: '' }))
    await expect(put(week)).rejects.toMatchObject({ status: 422, code: 'never-open' })
    const rows = week.map(({ day }) => `dh-hall,周${'一二三四五'[Number(day) - 1]},否,`)
    const file = Buffer.from(['大厅编码,日期或星期,是否开放,说明', ...rows].join('\n'))
    const found = await halls().take(district, 'csv', file, false)
    expect(found).toMatchObject({ committed: false, rejected: [{ reason: expect.stringContaining('至少') }] })
    expect(await entriesOf(t, 'calendar.hall-changed')).toEqual([])
  })

  it('it is said first which deadlines of that hall would move, and nothing is kept', async () => {
    const found = await put([SHUT], { dryRun: true })
    expect(found).toMatchObject({ committed: false, changed: 1, deadlines: { later: 1, kept: 0 } })
    expect(found.deadlines.items).toMatchObject([
      { evaluationId: own, from: end('2026-12-01'), to: end('2026-12-02'), change: 'later' },
    ])
    expect(found.days).toEqual([])
    expect(await entriesOf(t, 'calendar.hall-changed')).toEqual([])
  })

  it('unless it is chosen, a deadline that was told stays; the choice stands in the journal', async () => {
    expect(await put([SHUT])).toMatchObject({ committed: true, days: [{ day: SHUT.day }] })
    await carryOut(t)
    expect(await dueOf(handler, own)).toBe(end('2026-12-01'))
    const [entry] = await entriesOf(t, 'calendar.corrected')
    expect(entry!.payload).toMatchObject({ halls: ['dh-hall'], running: 'keep', later: 1, kept: 0 })
    await put([])
  })

  it('made later by whoever keeps the hall it needs a reason; then the deadlines of that hall alone move', async () => {
    await expect(put([SHUT], { running: 'prolong' })).rejects.toMatchObject({
      status: 422,
      code: 'reason-missing',
      field: 'note',
    })
    expect((await halls().list(district)).find(({ code }) => code === 'dh-hall')!.days).toEqual([])
    const [before, xl] = [await journalOf(t, other), await official(t, 'handler-xl')]
    const told = await dueOf(xl, other)
    await put([SHUT], prolong)
    await carryOut(t)
    expect(await dueOf(handler, own)).toBe(end('2026-12-02'))
    expect((await journalOf(t, own)).at(-1)).toMatchObject({
      kind: 'case.deadline-recomputed',
      payload: { corrected: true, previousDueAt: end('2026-12-01') },
    })
    expect([await journalOf(t, other), await dueOf(xl, other)]).toEqual([before, told])
    const days = (await t.services.rectification.detail(handler, own)).clock!.days
    expect(days.find(({ date }) => date === SHUT.day)).toMatchObject({ counted: false })
    expect(await entriesOf(t, 'calendar.correction-applied')).toMatchObject([
      { payload: { halls: ['dh-hall'] } },
    ])
  })

  it('opened on Saturdays, nothing that was told becomes earlier, chosen or not', async () => {
    const found = await put([SHUT, SATURDAY], { dryRun: true })
    expect(found.deadlines).toMatchObject({ later: 0, kept: 1 })
    await put([SHUT, SATURDAY], { ...prolong, note: '周六起延时服务' })
    await carryOut(t)
    expect(await dueOf(handler, own)).toBe(end('2026-12-02'))
    await act(t, handler, own, 'explain', { finding: '已查', legalBasis: '《居民身份证法》第十一条' })
    const fresh = await aCase(t)
    await act(t, handler, fresh, 'sign', { verifier: handler.accountId })
    expect(await dueOf(handler, fresh)).toBe(end('2026-12-01'))
  })

  it('from a file it goes the same way: told before, decided with it', async () => {
    const file = Buffer.from('大厅编码,日期或星期,是否开放,说明\ndh-hall,2026-11-27,否,停电')
    const preview = await halls().take(district, 'csv', file, true)
    expect(preview).toMatchObject({ committed: false, changed: 1 })
    expect(preview.deadlines.later).toBeGreaterThan(0)
    await expect(halls().take(district, 'csv', file, false, { running: 'prolong' })).rejects.toMatchObject({
      code: 'reason-missing',
    })
    await halls().take(district, 'csv', file, false, { ...prolong, basis: preview.basis })
    await carryOut(t)
    for (const { evaluationId, label, to, change } of preview.deadlines.items) {
      const { clocks } = await t.services.rectification.detail(handler, evaluationId)
      const moved = clocks.find((clock) => clock.policy.label === label && clock.stoppedAt === null)
      if (change === 'later') expect(moved!.dueAt).toBe(to)
    }
  })

  it('R24: a note without days moves and decides nothing, and what was decided agrees with the journal', async () => {
    const decisions = (await entriesOf(t, 'calendar.corrected')).length
    const [renamed] = (await halls().list(district)).find(({ code }) => code === 'dh-hall')!.days
    expect(await put([{ ...renamed!, note: '线路检修' }])).toMatchObject({
      changed: 1,
      deadlines: { items: [] },
    })
    expect(await entriesOf(t, 'calendar.corrected')).toHaveLength(decisions)
    expect(await findings()).toEqual([])
    await t.asOwner("update calendar_correction set halls = '{xl-hall}' where halls <> '{}'")
    expect((await findings()).length).toBeGreaterThan(0)
  })
})
