import { CASE_STATES, isWorkday } from '@haochaping/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../tests/support/app.ts'
import { verifyLedger } from '../modules/ledger/verify.ts'
import { DEMO_ORGANIZATION, DEMO_PASSWORD, MAIN_ACCOUNTS } from './accounts.ts'
import { makeAgenda } from './agenda.ts'
import { makeDemoServices } from './demo.service.ts'
import { setDemoState } from './demo.store.ts'
import { demoPlaces } from './places.ts'
import { prepareDemo } from './prepare.ts'
import { makeRandom } from './random.ts'
import { plannedRating } from './ratings.ts'
import { visitsOfDay } from './visits.ts'
import { afterOfficeMinutes, workingDayFrom } from './worktime.ts'

describe('a small demonstration', () => {
  let t: TestApp
  const size = { days: 3, ratings: 60, seed: 7 }
  beforeAll(async () => {
    t = await testApp()
    t.clock.now = new Date('2026-11-26T16:00:00+08:00')
    expect(await prepareDemo(t, () => {}, size)).toMatchObject({ refused: expect.any(Map) })
  }, 120_000)
  afterAll(() => t.close())

  it('has a case in every state, some late, some reopened, some due today', async () => {
    const { rows } = await t.asOwner('select state, overdue, round, due_at from rectification_case')
    expect(new Set(rows.map((row) => row.state))).toEqual(new Set(Object.keys(CASE_STATES)))
    expect(rows.some((row) => row.round === 2)).toBe(true)
    expect(rows.some((row) => row.overdue)).toBe(true)
  })

  it('has ratings of every level up to now, and none after', async () => {
    const { rows } = await t.asOwner('select level, submitted_at from evaluation')
    expect(new Set(rows.map((row) => row.level)).size).toBe(5)
    expect(rows.every((row) => row.submitted_at <= t.clock.now)).toBe(true)
    const { rows: entries } = await t.asOwner('select max(recorded_at) as last from journal_entry')
    expect(entries[0].last <= t.clock.now).toBe(true)
  })

  it('has complaints, some joined to the case of a bad rating of the same affair', async () => {
    const { rows } = await t.asOwner(
      'select case_evaluation_id from matter_link m join complaint using (evaluation_id)',
    )
    expect(rows.length).toBeGreaterThan(0)
    const { rows: own } = await t.asOwner("select 1 from rectification_case where source_kind = 'complaint'")
    expect(own.length).toBeGreaterThan(0)
  })

  it('has something to look at for whoever hears appeals, supervises, or is told of retaliation', async () => {
    const states = async (table: string) =>
      (await t.asOwner(`select distinct state from ${table}`)).rows.map((row) => row.state as string)
    expect(await states('appeal')).toContain('filed')
    expect(await states('supervision_order')).toContain('issued')
    expect(await states('spot_check')).toContain('planned')
    expect(await states('retaliation_report')).toContain('reported')
    const judge = (await t.services.identity.signIn('nanguan', DEMO_PASSWORD)).official
    const { items } = await t.services.appeals.list(judge, { view: 'to_decide' }, 20)
    expect(items.length).toBeGreaterThan(0)
    const rated = (await t.services.identity.signIn('chuangkou', DEMO_PASSWORD)).official
    const own = await t.services.appeals.list(rated, {}, 20)
    expect(own.items.map((one) => one.appellantKind)).toContain('staff')
  })

  it('has a ledger that fits', async () => {
    const { findings, evaluations } = await verifyLedger(t.app, t.services.rowChecks)
    expect(findings).toEqual([])
    expect(evaluations).toBeGreaterThan(60)
  })

  it('has an account for each role that opens with the password shown', async () => {
    for (const { username, role } of MAIN_ACCOUNTS) {
      const { official } = await t.services.identity.signIn(username, DEMO_PASSWORD)
      expect(official).toMatchObject({ role, mustChangePassword: false })
    }
  })

  it('gives the handler work to do', async () => {
    const { official } = await t.services.identity.signIn('jingban', DEMO_PASSWORD)
    const { items } = await t.services.rectification.list(official, { mine: true }, 1, 50)
    const counts = await t.services.rectification.counts(official)
    expect(counts.mine).toBeGreaterThan(3)
    expect(items.every((row) => row.organizationId === DEMO_ORGANIZATION)).toBe(true)
  })

  it('offers a visit just finished, whose rating can be given at once', async () => {
    const demo = await makeDemoServices(t.app, t.services)
    const { token } = await demo!.newVisit()
    expect(await t.services.evaluations.openInvitation(token)).toMatchObject({ onSite: true })
    expect(demo!.windows.length).toBeGreaterThan(2)
    expect(demo!.accounts.map((a) => a.username).slice(0, 3)).toEqual(['shiji', 'shiji2', 'nanguan'])
  })

  it('is made once, and one that was broken off is not gone on with', async () => {
    expect(await prepareDemo(t, () => {}, size)).toBeNull()
    await setDemoState(t.app.db.system, 'loading')
    await expect(prepareDemo(t, () => {}, size)).rejects.toThrow('incomplete')
    await setDemoState(t.app.db.system, 'loaded')
  })

  it('comes out the same for the same seed', async () => {
    const calendar = await t.services.policies.calendar()
    const draw = async () => {
      const random = makeRandom(7)
      const places = (await demoPlaces(t.services, random)).map((place) => [place.weight, place] as const)
      const day = '2026-11-25'
      const visits = visitsOfDay(random, places, {
        day,
        visits: 50,
        until: t.clock.now,
        workday: isWorkday(calendar, day),
      })
      return visits.map((visit) => [visit, plannedRating(random, visit)])
    }
    expect(await draw()).toEqual(await draw())
  })

  it('lets officials act in office hours of working days', async () => {
    const calendar = await t.services.policies.calendar()
    const friday = new Date('2026-11-27T16:00:00+08:00')
    expect(afterOfficeMinutes(calendar, friday, 60)).toEqual(new Date('2026-11-30T09:00:00+08:00'))
    expect(workingDayFrom(calendar, '2026-11-30', -1)).toBe('2026-11-27')
  })
})

describe('the agenda', () => {
  it('gives what is due, earliest first, however it was entered', async () => {
    const random = makeRandom(1)
    const agenda = makeAgenda()
    const times = Array.from({ length: 500 }, () => random.below(1_000))
    for (const time of times) agenda.add({ at: new Date(time), run: async () => {} })
    const first = agenda.before(new Date(400)).map((item) => item.at.getTime())
    const rest = agenda.before(new Date(2_000)).map((item) => item.at.getTime())
    expect([...first, ...rest]).toEqual(times.toSorted((a, b) => a - b))
    expect(first.every((time) => time < 400) && rest.every((time) => time >= 400)).toBe(true)
  })
})
