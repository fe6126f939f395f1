import { isWorkday } from '@haochaping/rules'
import { runAll } from './agenda.ts'
import { makeAppealWork } from './appeals.ts'
import { makeAuthority } from './authority.ts'
import { makeCaseWork } from './casework.ts'
import { makeCitizens } from './citizens.ts'
import { plannedComplaints } from './complaints.ts'
import { catchUpTogether } from './following.ts'
import { makeInspections } from './inspections.ts'
import { makeOrderWork } from './orders.ts'
import { demoPlaces } from './places.ts'
import { stagedCases } from './showcases.ts'
import { type Ground, makeStage } from './stage.ts'
import { DEMO_SOURCE, dailyVisits, type PlannedVisit, visitsOfDay } from './visits.ts'
import { atMinute } from './worktime.ts'

/** How much happens, and up to when. */
export interface MonthOptions {
  days: number
  /** about how many ratings in all */
  ratings: number
  until: Date
}

/** What came of it. */
export interface Played {
  visits: number
  ratings: number
  cases: number
  /** how often what was refused, by act and code: somebody else was there first */
  refused: ReadonlyMap<string, number>
}

/** Of those served, this share rates. */
const ACTIVE = 0.42
const BATCH = 500
const AT_ONCE = 64

/**
 * Ends of the stretches of a day, in hours: what is to happen in one happens side by side, then visits are reported
 * and the ledger is followed. Where less happens, fewer: each costs its look at everything.
 */
const BUSY = [8, 9.5, 10.5, 11.5, 13.5, 14.5, 15.5, 16.5, 18, 20.5, 24]
const QUIET = [9.5, 13.5, 24]
/** From so many ratings a day on, a day is busy. */
const BUSY_FROM = 40
/** When the clock-keeper comes on working days, in hours: in those in which alone it gives alarms. */
const KEEPER_COMES = new Set([9.5, 13.5, 16.5])

/**
 * Plays days of visits, ratings and cases through the services themselves, each at its own moment, up to now. Holds
 * one day and what is still to come in memory, so that a year can be played.
 */
export async function playMonth(
  ground: Ground,
  { days, ratings, until }: MonthOptions,
  progress: (day: number, note: string) => void,
): Promise<Played> {
  const { services, at, random } = ground
  const calendar = await services.policies.calendar()
  const stage = makeStage(ground, calendar, until)
  const { agenda } = stage
  const places = await demoPlaces(services, random.fork(1))
  const weighted = places.map((place) => [place.weight, place] as const)
  const daily = dailyVisits(calendar, until, days, ratings / ACTIVE)
  const first = daily[0]!.day
  const staged = stagedCases(random.fork(2), calendar, places, first, until)
  const cases = makeCaseWork(stage)
  const authority = makeAuthority(stage)
  const citizens = makeCitizens(stage, {
    cases,
    appeals: makeAppealWork(stage),
    orders: makeOrderWork(stage),
    authority,
  })
  const counts = { visits: 0, cases: 0 }
  const all = daily.map(({ day }) => day)
  for (const complaint of plannedComplaints(random.fork(4), calendar, places, all))
    citizens.complain(complaint)
  authority.planSummaries(all)
  makeInspections(stage, citizens.reopened).plan(first)

  const follow = async () => {
    for (const courier of services.couriers) await courier.run()
    await catchUpTogether(ground)
  }
  // Files bear the time they were really stored at: none is old enough to be swept.
  const { chores: sweeping } = services.files
  const keeping = services.chores.filter((chore) => !sweeping.some((sweep) => sweep === chore))
  let stirred = false
  const chores = async () => {
    stirred = true
    for (const chore of keeping) await chore.run()
  }
  const stretches = ratings / days >= BUSY_FROM ? BUSY : QUIET

  /** Lets happen what is due before a moment; ratings that open cases bring new things to do. */
  async function happen(before: Date): Promise<void> {
    // Nothing happened, nobody came by: there is nothing to follow.
    let quiet = !stirred
    stirred = false
    for (let due = agenda.before(before); due.length > 0; due = agenda.before(before)) {
      quiet = false
      await runAll(due, AT_ONCE)
    }
    if (quiet) return
    await at(before, follow)
    counts.cases += cases.begin(before)
  }

  async function report(visits: PlannedVisit[], when: Date) {
    for (let i = 0; i < visits.length; i += BATCH) {
      const batch = visits.slice(i, i + BATCH)
      const reports = batch.map((visit) => visit.report)
      const answers = await at(when, () => services.affairs.report({ source: DEMO_SOURCE }, reports))
      for (const [n, answer] of answers.entries()) {
        if (answer.status === 'refused') throw new Error(`demo visit refused: ${answer.problem.detail}`)
        const visit = batch[n]!
        const show = staged.find((one) => one.visit === visit)
        if (show || random.chance(ACTIVE)) citizens.rate(visit, when, answer.token, show)
      }
      counts.visits += batch.length
      stirred = true
    }
  }

  for (const [n, { day, visits }] of daily.entries()) {
    const shows = staged.map((s) => s.visit).filter((visit) => isOn(visit, day))
    const workday = isWorkday(calendar, day)
    const planned = [...visitsOfDay(random, weighted, { day, visits, until, workday }), ...shows]
    await at(atMinute(day, 10), chores)
    let begin = atMinute(day, 0)
    for (const hour of stretches) {
      const end = new Date(Math.min(atMinute(day, hour * 60).getTime(), until.getTime()))
      await happen(end)
      if (workday && KEEPER_COMES.has(hour)) await at(end, chores)
      await report(
        planned.filter(({ servedAt }) => servedAt >= begin && servedAt < end),
        end,
      )
      if (end >= until) break
      begin = end
    }
    progress(n + 1, `${counts.visits} 次服务 ${citizens.ratings()} 条评价 ${counts.cases} 件差评`)
  }
  await happen(until)
  await chores()
  await follow()
  return { ...counts, ratings: citizens.ratings(), refused: stage.refused }
}

const isOn = ({ servedAt }: PlannedVisit, day: string) =>
  servedAt >= atMinute(day, 0) && servedAt < atMinute(day, 24 * 60)
