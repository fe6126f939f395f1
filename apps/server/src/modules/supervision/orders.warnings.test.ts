import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTestYear as at, keeperAt as keeperOf, warned } from '../../../../../tests/support/alarms.ts'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, PASSWORD, testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let district: Official
let handler: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  await t.services.identity.createAccount('system', {
    username: 'rated-handler',
    displayName: '被评价人',
    role: 'handler',
    organizationId: DONGHU.department,
    staffNumber: DONGHU.staff,
    password: PASSWORD,
    demo: true,
  })
  district = await official(t, 'district-dh')
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())

const keeperAt = (moment: string) => keeperOf(t, moment, t.services.supervision)
const alarms = async (id: string) =>
  (
    await t.asOwner(
      `select kind, payload ->> 'mark' as mark from journal_entry
       where subject_id = $1 and kind in ('supervision.warned', 'supervision.escalated', 'supervision.overdue')
       order by (payload ->> 'version')::int`,
      [id],
    )
  ).rows.map(({ kind, mark }) => `${kind.slice('supervision.'.length)}${mark ? ` ${mark}` : ''}`)
const told = (id: string) => warned(t, `/cases/${id}`)
const give = (by: Official, id: string) =>
  t.services.supervision.orders.issue(by, id, { kind: 'supervise', demand: '请三日内查清并答复。' })
async function step(by: Official, id: string, event: string, values: Record<string, string>) {
  const [order] = (await t.services.supervision.ofCase(by, id)).orders
  await t.services.supervision.orders.act(by, id, order!.orderId, event, { version: order!.version, values })
}

describe('R18, Q74: an order warns before it is late', () => {
  it('R18: whoever may answer at 50 % and 80 %, the level above at 100 %; each once, in working hours only', async () => {
    t.clock.now = at('11-24T10:00')
    const id = await aCase(t)
    await give(district, id)
    await keeperAt('11-26T12:59')
    expect(await alarms(id)).toEqual([])
    await keeperAt('11-26T13:00')
    expect(await alarms(id)).toEqual(['warned 50'])
    await keeperAt('11-27T12:12')
    expect(await alarms(id)).toEqual(['warned 50', 'warned 80'])
    // Saturday: that it is late is noted at any hour, nobody is told before Monday morning.
    await keeperAt('11-28T10:00')
    await keeperAt('11-30T08:59')
    expect(await alarms(id)).toEqual(['warned 50', 'warned 80', 'overdue'])
    await keeperAt('11-30T09:00')
    await keeperAt('12-04T09:00')
    expect(await alarms(id)).toEqual(['warned 50', 'warned 80', 'overdue', 'escalated 100'])
    const counts = Object.entries(Object.groupBy(await told(id), (line) => line)).map(
      ([line, all]) => `${all!.length} ${line}`,
    )
    const half = '督办答复期限已到50%：身份证补领'
    const most = '督办答复期限已到80%：身份证补领'
    const late = '督办答复期限已超期：身份证补领'
    expect(counts.sort()).toEqual(
      [
        ...[half, most, late].flatMap((title) => [`1 handler-dh: ${title}`, `1 head-dh: ${title}`]),
        `1 district-dh: ${late}`,
      ].sort(),
    )
  })

  it('not once it is answered; sent back, the new time warns anew', async () => {
    t.clock.now = at('11-24T10:00')
    const id = await aCase(t)
    await give(district, id)
    await keeperAt('11-26T13:00')
    await step(handler, id, 'answer', { answer: '已办结' })
    await keeperAt('12-02T10:00')
    expect(await alarms(id)).toEqual(['warned 50'])
    await step(district, id, 'return', { note: '没有说明原因' })
    await keeperAt('12-04T13:00')
    expect(await alarms(id)).toEqual(['warned 50', 'warned 50'])
  })

  it('a keeper that was away gives every alarm it owes, each once', async () => {
    t.clock.now = at('11-24T10:00')
    const id = await aCase(t)
    await give(await official(t, 'city'), id)
    await keeperAt('12-07T10:00')
    expect(await alarms(id)).toEqual(['overdue', 'warned 50', 'warned 80', 'escalated 100'])
    expect((await told(id)).filter((line) => line.includes('超期')).sort()).toEqual([
      'city: 督办答复期限已超期：身份证补领',
      'district-dh: 督办答复期限已超期：身份证补领',
      'handler-dh: 督办答复期限已超期：身份证补领',
      'head-dh: 督办答复期限已超期：身份证补领',
    ])
  })

  it('an order of before there were warnings is looked at until its first one', async () => {
    t.clock.now = at('11-24T10:00')
    const id = await aCase(t)
    await give(district, id)
    await t.asOwner(`update supervision_order set next_alarm_at = issued_at where evaluation_id = $1`, [id])
    await keeperAt('11-25T10:00')
    expect(await alarms(id)).toEqual([])
    await keeperAt('11-26T13:00')
    expect(await alarms(id)).toEqual(['warned 50'])
    const { rows } = await t.asOwner(`select next_alarm_at from supervision_order where evaluation_id = $1`, [
      id,
    ])
    expect(rows).toEqual([{ next_alarm_at: at('11-27T12:12') }])
  })

  it('R24: an order whose alarms were switched off is found', async () => {
    await t.settle()
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await findings()).toEqual([])
    await t.asOwner(`update supervision_order set next_alarm_at = null where next_alarm_at is not null`)
    expect((await findings())[0]?.what).toContain('nextAlarmAt')
  })
})
