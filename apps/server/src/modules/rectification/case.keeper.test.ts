import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at as place } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'

let t: TestApp
let handler: Official
let city: Official
const at = (text: string) => new Date(`${text}+08:00`)

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  city = await official(t, 'city')
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

describe('lists', () => {
  it('go on after the last row of a page, by the time left, and count by clock', async () => {
    const all = await cases().list(city, {}, 1, 100)
    const walked: string[] = []
    let next: string | undefined
    do {
      const page = await cases().list(city, {}, 1, 3, next)
      walked.push(...page.items.map((row) => row.id))
      next = page.next ?? undefined
    } while (next)
    expect(walked).toEqual(all.items.map((row) => row.id))
    expect(all).toMatchObject({ totalCapped: false, total: walked.length })
    const dues = all.items.map((row) => row.dueAt)
    expect(dues).toEqual([...dues].sort())
    const counts = await cases().counts(city)
    expect(Object.values(counts.byClock).reduce((sum, n) => sum + n, 0)).toBe(counts.open)
    expect(counts.open).toBe(all.total)
    const signing = await cases().list(city, { clock: 'sign' }, 1, 100)
    expect(signing.total).toBe(counts.byClock.sign)
    const bad = (await signIn(t, 'handler-dh')).get('/api/v1/cases?after=bm9uc2Vuc2U')
    expect((await bad).json()).toMatchObject({ status: 422, code: 'cursor-unknown' })
  })

  it('let one event happen to many, each for itself', async () => {
    const browser = await signIn(t, 'handler-dh')
    const [mine, stale] = [await aCase(t), await aCase(t)]
    const other = await aCase(t, {}, place(XILING))
    const answer = await browser.post('/api/v1/cases/bulk', {
      event: 'sign',
      items: [
        { id: mine, version: 1 },
        { id: stale, version: 7 },
        { id: other, version: 1 },
      ],
      values: { verifier: handler.accountId },
    })
    expect(answer.json().items).toMatchObject([
      { id: mine, ok: true, version: 2, state: 'verifying' },
      { id: stale, ok: false, problem: { status: 409, code: 'case-stale' } },
      { id: other, ok: false, problem: { status: 404, code: 'case-unknown' } },
    ])
    expect((await journalOf(t, stale)).map((entry) => entry.kind)).toEqual(['case.opened'])
  })
})
