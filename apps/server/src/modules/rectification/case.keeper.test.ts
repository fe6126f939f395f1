import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'

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
const seen = (id: string) => cases().detail(handler, id)
const keeper = async () => {
  for (const chore of cases().chores) await chore.run()
}

describe('the clock-keeper', () => {
  const alarms = async (id: string) =>
    (await journalOf(t, id))
      .filter(({ kind }) => kind === 'case.warned' || kind === 'case.escalated')
      .map(({ payload }) => [payload.clock, payload.mark, payload.toOrganization ?? null])

  it('R14, R15: warns at half and four fifths, then tells organisation, district and city, each once', async () => {
    const id = await aCase(t)
    for (const now of ['2026-11-25T03:00:00', '2026-11-25T12:00:00']) {
      t.clock.now = at(now)
      await keeper()
    }
    expect(await alarms(id)).toEqual([])
    t.clock.now = at('2026-11-25T14:00:00')
    await keeper()
    await keeper()
    expect(await alarms(id)).toEqual([['sign', 50, null]])
    t.clock.now = at('2026-11-26T00:30:00')
    await keeper()
    expect(await alarms(id), 'nobody is told at night').toHaveLength(1)
    expect(await seen(id), 'but late is late').toMatchObject({ overdue: true, everOverdue: true })
    for (const day of ['26', '27', '28', '29', '30']) {
      t.clock.now = at(`2026-11-${day}T09:30:00`)
      await keeper()
      await keeper()
    }
    expect(await alarms(id)).toEqual([
      ['sign', 50, null],
      ['sign', 80, null],
      ['sign', '100', DONGHU.department],
      ['sign', 'district', 'lm-dh'],
      ['sign', 'city', 'lm'],
    ])
    const { timeline } = await seen(id)
    expect(timeline.find((entry) => entry.kind === 'case.escalated')).toMatchObject({
      label: '超期上报',
      facts: [
        { label: '时限', value: '签收' },
        { label: '提醒', value: '时限已到，报责任单位' },
        { label: '报送', value: '东湖区公安局' },
      ],
    })
  })

  it('R17: gives no alarm for what waits for the citizen, and none once a case is closed', async () => {
    const id = await aCase(t)
    await sign(id)
    await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, id, 'explained', { explanation: '说明' })
    await act(t, handler, id, 'reply', { reply: '说明如下。' })
    t.clock.now = at('2026-12-02T09:30:00')
    await keeper()
    expect(await seen(id)).toMatchObject({ state: 'closed', outcome: 'no_answer', everOverdue: false })
    const { rows } = await t.asOwner(
      'select next_alarm_at, next_due_at, missing_years from rectification_case where evaluation_id = $1',
      [id],
    )
    expect(rows).toEqual([{ next_alarm_at: null, next_due_at: null, missing_years: [] }])
    expect(await alarms(id)).toEqual([])
  })
})
