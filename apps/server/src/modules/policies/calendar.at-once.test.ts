import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { carryOut, entriesOf, noticeOf } from '../../../../../tests/support/calendar.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { makeServices } from '../../services.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let city: Official
let district: Official
let id: string
/** another copy of the program on the same database, with its own memory of the calendar */
let beside: ReturnType<typeof makeServices>
const at = (text: string) => new Date(`${text}+08:00`)
const end = (day: string) => at(`${day}T23:59:59.999`)
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  district = await official(t, 'district-dh')
  beside = makeServices(t.app)
  t.clock.now = at('2026-12-07T10:00:00')
  id = await aCase(t)
})
afterAll(() => t.close())
beforeEach(() => t.clock.forward(1_000))

const TUESDAY = '2026-12-08,holiday,哀悼日'
const WEDNESDAY = '2026-12-09,holiday,哀悼日'
const keep = { running: 'keep' as const, note: '期限已另行告知' }
const prolong = { running: 'prolong' as const, note: '' }
const daysOf = async () =>
  (await entriesOf(t, 'calendar.corrected')).map(({ payload }) =>
    (payload.days as { day: string; from: string | null; to: string | null }[])
      .map(({ day, from, to }) => `${day.slice(5)} ${from}>${to}`)
      .join(' '),
  )

describe('two who correct the calendar at the same time (Q61)', () => {
  it('the second sees what the first has made of the days: each entry holds what its correction changed', async () => {
    const [one, two] = [await noticeOf(t, 2026, [TUESDAY]), await noticeOf(t, 2026, [WEDNESDAY])]
    // Both have asked what is loaded a moment ago, so that each remembers the calendar from before.
    await Promise.all([t.services.policies.calendar(), beside.policies.calendar()])
    const both = await Promise.all([
      t.services.calendar.loadYear(city, one, false, prolong),
      beside.calendar.loadYear(city, two, false, prolong),
    ])
    expect(both.map(({ committed }) => committed)).toEqual([true, true])
    const [first, second] = await daysOf()
    // Whichever was first: the other one takes its day out again, and says so.
    expect([first, second].sort()).toEqual(
      first!.startsWith('12-08')
        ? ['12-08 null>holiday', '12-08 holiday>null 12-09 null>holiday'].sort()
        : ['12-09 null>holiday', '12-08 null>holiday 12-09 holiday>null'].sort(),
    )
    await carryOut(t)
    const { rows } = await t.asOwner('select due_at from rectification_case where evaluation_id = $1', [id])
    // By one of the two it was told to be a day later; nobody brings it forward again.
    expect([end('2026-12-08'), end('2026-12-09')]).toContainEqual(rows[0].due_at)
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })

  it('a preview that the other has made stale is not saved, and the second is told to look again', async () => {
    const entries = (await daysOf()).length
    const without = ['2026-12-08', '2026-12-09']
    const one = await noticeOf(t, 2026, ['2026-12-10,holiday,哀悼日'], without)
    const two = await noticeOf(t, 2026, ['2026-12-11,holiday,哀悼日'], without)
    const { basis } = await t.services.calendar.loadYear(city, one, true)
    expect((await beside.calendar.loadYear(city, two, true)).basis).toBe(basis)
    const both = await Promise.allSettled([
      t.services.calendar.loadYear(city, one, false, { ...keep, basis }),
      beside.calendar.loadYear(city, two, false, { ...keep, basis }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find((each) => each.status === 'rejected')
    expect(refused?.reason).toMatchObject({
      status: 409,
      code: 'calendar-stale',
      detail: expect.stringContaining('请重新预览'),
    })
    expect(await daysOf()).toHaveLength(entries + 1)
    const again = both[0]!.status === 'fulfilled' ? two : one
    const fresh = await t.services.calendar.loadYear(city, again, true)
    const saved = await t.services.calendar.loadYear(city, again, false, { ...keep, basis: fresh.basis })
    expect(saved).toMatchObject({ committed: true, days: fresh.days })
  })

  it('also of the opening days of one hall', async () => {
    const day = (date: string) => [{ day: date, open: false, note: '' }]
    const { basis } = await t.services.calendar.halls.put(district, 'dh-hall', day('2026-12-15'), {
      dryRun: true,
    })
    const both = await Promise.allSettled([
      t.services.calendar.halls.put(district, 'dh-hall', day('2026-12-15'), { basis }),
      beside.calendar.halls.put(district, 'dh-hall', day('2026-12-16'), { basis }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((each) => each.status === 'rejected')?.reason).toMatchObject({ code: 'calendar-stale' })
    expect(await entriesOf(t, 'calendar.hall-changed')).toHaveLength(1)
  })
})
