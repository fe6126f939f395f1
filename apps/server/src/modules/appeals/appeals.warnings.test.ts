import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTestYear as at, keeperAt as keeperOf, warned } from '../../../../../tests/support/alarms.ts'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers } from '../../../../../tests/support/appeals.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let handler: Official
let district: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
})
afterAll(() => t.close())

const keeperAt = (moment: string) => keeperOf(t, moment, t.services.appeals)
/** Who was told of what, oldest first. */
const told = async (id: string) => (await warned(t, `/appeals/${id}`)).map((line) => line.split('：')[0])
const anAppeal = async () => {
  t.clock.now = at('11-24T10:00')
  const id = await aCase(t)
  await appeal(t, handler, id)
  return id
}

describe('R29, Q100: an appeal warns before its decision is late', () => {
  it('R29: whoever decides at 50 % and 80 %, the city too at 100 %; each once, in working hours only', async () => {
    const id = await anAppeal()
    // Ten working days from Wednesday: half are gone on Tuesday evening, four fifths eight days after the first.
    await keeperAt('12-01T16:59')
    expect(await told(id)).toEqual([])
    await keeperAt('12-02T09:00')
    expect(await told(id)).toEqual(['district-dh: 申诉处理期限已到50%'])
    await keeperAt('12-05T11:00')
    await keeperAt('12-07T08:59')
    expect(await told(id)).toHaveLength(1)
    await keeperAt('12-07T09:00')
    expect(await told(id)).toEqual(['district-dh: 申诉处理期限已到50%', 'district-dh: 申诉处理期限已到80%'])
    await keeperAt('12-09T08:00')
    expect(await told(id)).toHaveLength(2)
    await keeperAt('12-09T09:00')
    await keeperAt('12-11T09:00')
    expect((await told(id)).slice(2).sort()).toEqual([
      'city: 申诉处理期限已超期',
      'district-dh: 申诉处理期限已超期',
    ])
  })

  it('not once it is decided; the re-examination warns the city by its own clock', async () => {
    const id = await anAppeal()
    await citizenAnswers(t, id)
    t.clock.now = at('11-25T10:00')
    await actOnAppeal(t, district, id, 'decide', { outcome: 'upheld', reason: '经核对。' })
    await keeperAt('11-30T10:00')
    t.clock.now = at('11-30T10:00')
    await actOnAppeal(t, handler, id, 'request_reexamination', { statement: '证据没有看全' })
    await keeperAt('12-31T10:00')
    expect((await told(id)).sort()).toEqual([
      'city: 申诉复核期限已到50%',
      'city: 申诉复核期限已到80%',
      'city: 申诉复核期限已超期',
    ])
    const { timeline } = await t.services.appeals.detail(handler, id)
    expect(timeline.map((entry) => entry.label)).toEqual(
      expect.arrayContaining(['期限预警', '超期报告上级', '超过审理期限']),
    )
  })

  it('R24: an appeal whose alarms were switched off is found', async () => {
    await anAppeal()
    await t.settle()
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await findings()).toEqual([])
    await t.asOwner(`update appeal set next_alarm_at = null where next_alarm_at is not null`)
    expect((await findings())[0]?.what).toContain('nextAlarmAt')
  })
})
