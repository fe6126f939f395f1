import { isWorkday } from '@haochaping/rules'
import type { SubmitEvaluation } from '../modules/evaluations/evaluations.schema.ts'
import type { App } from '../platform/context.ts'
import { Problem } from '../platform/problem.ts'
import type { Services } from '../services.ts'
import { catchUp } from '../worker.ts'
import type { DemoOfficials } from './accounts.ts'
import { makeAgenda, runAll } from './agenda.ts'
import { type CasePlan, type CaseStep, caseSteps, drawnPlan } from './cases.ts'
import type { At } from './clock.ts'
import { callAbout, HOTLINE, plannedComplaints } from './complaints.ts'
import { evidenceFile } from './evidence.ts'
import { demoPlaces } from './places.ts'
import type { Random } from './random.ts'
import { plannedRating } from './ratings.ts'
import { type Staged, stagedCases } from './showcases.ts'
import { DEMO_SOURCE, dailyVisits, type PlannedVisit, visitsOfDay } from './visits.ts'
import { atMinute } from './worktime.ts'

/** How much happens, and up to when. */
export interface MonthOptions {
  days: number
  /** about how many ratings in all */
  ratings: number
  until: Date
}

/** When the clock-keeper comes by: after midnight, and in working hours, in which alone it gives alarms. */
const KEEPER_COMES = new Set([9 * 60 + 30, 13 * 60 + 30, 16 * 60 + 30])

/** The world the month is played in. */
export interface Stage {
  app: App
  services: Services
  at: At
  officials: DemoOfficials
  random: Random
}

/** Staged cases that stop here are not answered yet: what comes about their affair is joined to them. */
const JOINED = new Set(['fix_now', 'promise'])
/** Of those served, this share rates. */
const ACTIVE = 0.42
const BATCH = 500
const AT_ONCE = 64

/** Ends of the stretches of a day after which visits are reported: half hours while windows are open. */
const STRETCHES = [
  8 * 60,
  ...Array.from({ length: 18 }, (_, i) => 8 * 60 + 30 * (i + 1)),
  19 * 60,
  21 * 60,
  24 * 60,
]

/**
 * Plays days of visits, ratings and cases through the services themselves, each at its own moment, up to now. Holds
 * one day and what is still to come in memory, so that a year can be played.
 */
export async function playMonth(
  stage: Stage,
  { days, ratings, until }: MonthOptions,
  progress: (day: number, note: string) => void,
): Promise<void> {
  const { app, services, at, random } = stage
  const agenda = makeAgenda()
  const calendar = await services.policies.calendar()
  const places = await demoPlaces(services, random.fork(1))
  const weighted = places.map((place) => [place.weight, place] as const)
  const daily = dailyVisits(calendar, until, days, ratings / ACTIVE)
  const staged = stagedCases(random.fork(2), calendar, places, daily[0]!.day, until)
  const cases = makeCaseWork(stage, agenda.add, until)
  const counts = { visits: 0, ratings: 0, cases: 0 }
  const aside = random.fork(3)
  for (const { at: when, organizationId, report: given } of plannedComplaints(
    aside,
    calendar,
    places,
    daily.map(({ day }) => day),
  ))
    if (when < until)
      agenda.add({
        at: when,
        run: () =>
          at(when, async () => {
            await services.complaints.report({ source: HOTLINE }, [given])
            const evaluationId = services.complaints.complaintId(HOTLINE, given.number)
            cases.expect({
              evaluationId,
              organizationId,
              openedAt: when,
              callBack: true,
              spared: false,
              plan: undefined,
            })
          }),
      })

  /** Somebody calls the hotline about an affair that was just rated badly: it is joined to that case. */
  function expectCall({ report: { affairNumber } }: PlannedVisit, rated: Date) {
    const when = new Date(rated.getTime() + 20 * 60_000)
    if (when >= until) return
    agenda.add({
      at: when,
      run: () =>
        at(when, async () => {
          await services.complaints.report({ source: HOTLINE }, [callAbout(aside, affairNumber, when)])
        }),
    })
  }

  /** Some rate once more when they have seen what was done; whoever may not, does not. */
  function expectFollowUp(token: string, rated: Date) {
    const when = new Date(rated.getTime() + 12 * 86_400_000)
    if (when >= until || !aside.chance(0.4)) return
    const given = {
      level: aside.chance(0.75) ? 4 : 2,
      optionCodes: [],
      channel: 2,
      submissionId: aside.uuid(),
    }
    agenda.add({
      at: when,
      run: () =>
        at(when, async () => {
          try {
            await services.followUps.submit(token, given)
          } catch (error) {
            if (!(error instanceof Problem)) throw error
          }
        }),
    })
  }

  const follow = async () => {
    for (const courier of services.couriers) await courier.run()
    await catchUp(app, services.ledger, services.consumers)
  }

  /** Lets happen what is due before a moment; ratings that open cases bring new things to do. */
  async function happen(before: Date): Promise<void> {
    for (let due = agenda.before(before); due.length > 0; due = agenda.before(before)) {
      await runAll(due, AT_ONCE)
      counts.cases += await at(before, () => cases.begin(follow))
    }
  }

  function expectRating(visit: PlannedVisit, reported: Date, token: string, show: Staged | undefined) {
    if (!show && !random.chance(ACTIVE)) return
    const rating = show?.rating ?? plannedRating(random, visit)
    const earliest = reported.getTime() + (show ? 60_000 : random.between(20_000, 240_000))
    const when = new Date(Math.max(rating.at.getTime(), earliest))
    if (when >= until) return
    agenda.add({
      at: when,
      run: async () => {
        counts.ratings++
        await at(when, async () => {
          const receipt = await services.evaluations.submit(token, rating.evaluation)
          if (receipt.negative) {
            if (show && JOINED.has(show.plan.stop ?? '')) expectCall(visit, when)
            if (!show || show.plan.answer === 'solved') expectFollowUp(receipt.receiptToken, when)
            cases.expect({
              evaluationId: receipt.evaluationId,
              organizationId: visit.place.organizationId,
              openedAt: when,
              callBack: callBackOf(rating.evaluation),
              spared: rating.evaluation.doNotContact === true,
              plan: show?.plan,
            })
          }
        })
      },
    })
  }

  async function report(visits: PlannedVisit[], shows: ReadonlyMap<PlannedVisit, Staged>, when: Date) {
    for (let i = 0; i < visits.length; i += BATCH) {
      const batch = visits.slice(i, i + BATCH)
      const answers = await at(when, () =>
        services.affairs.report(
          { source: DEMO_SOURCE },
          batch.map((visit) => visit.report),
        ),
      )
      for (const [n, answer] of answers.entries()) {
        if (answer.status === 'refused') throw new Error(`demo visit refused: ${answer.problem.detail}`)
        expectRating(batch[n]!, when, answer.token, shows.get(batch[n]!))
      }
      counts.visits += batch.length
    }
  }

  for (const [n, { day, visits }] of daily.entries()) {
    const shows = new Map(staged.filter((s) => dayOf(s, day)).map((s) => [s.visit, s]))
    const workday = isWorkday(calendar, day)
    const planned = [...visitsOfDay(random, weighted, { day, visits, until, workday }), ...shows.keys()]
    const chores = async () => {
      for (const chore of services.chores) await chore.run()
    }
    await at(atMinute(day, 10), chores)
    let begin = atMinute(day, 0)
    for (const minute of STRETCHES) {
      const end = new Date(Math.min(atMinute(day, minute).getTime(), until.getTime()))
      await happen(end)
      if (KEEPER_COMES.has(minute)) await at(end, chores)
      await report(
        planned.filter(({ servedAt }) => servedAt >= begin && servedAt < end),
        shows,
        end,
      )
      if (end >= until) break
      begin = end
    }
    await at(begin, follow)
    progress(n + 1, `${counts.visits} 次服务 ${counts.ratings} 条评价 ${counts.cases} 件差评`)
  }
  await happen(until)
  for (const chore of services.chores) await chore.run()
  await follow()
}

const dayOf = (staged: Staged, day: string) =>
  staged.visit.servedAt >= atMinute(day, 0) && staged.visit.servedAt < atMinute(day, 24 * 60)

/** A real-name evaluator who did not forbid it must be called back (R20). */
const callBackOf = (evaluation: SubmitEvaluation) => evaluation.realName && !evaluation.doNotContact

/** A negative rating whose case will be worked. */
interface ExpectedCase {
  evaluationId: string
  organizationId: string
  openedAt: Date
  callBack: boolean
  spared: boolean
  plan: CasePlan | undefined
}

function makeCaseWork(
  { services, at, officials, random }: Stage,
  plan: (item: { at: Date; run: () => Promise<void> }) => void,
  until: Date,
) {
  const { rectification } = services
  let waiting: ExpectedCase[] = []
  let begun = 0
  /** the version of each case under way as it was last seen */
  const versions = new Map<string, number>()

  async function act({ evaluationId, organizationId }: ExpectedCase, step: CaseStep): Promise<void> {
    if (step.by === 'citizen')
      return rectification.answerSurvey(evaluationId, {
        ...step.values,
        answer: step.values.answer as 'satisfied' | 'basically' | 'unsolved',
      })
    if (step.event === 'answer') return
    const official = await officials[step.by](organizationId)
    const values: Record<string, string | string[]> = { ...step.values }
    if (step.event === 'sign') values.verifier = official.accountId
    if (step.event === 'propose_transfer')
      values.organization = (await services.catalog.managementBodyFor(organizationId))?.id ?? organizationId
    if (step.evidence) {
      const file = await rectification.attach(official, evaluationId, evidenceFile(evaluationId))
      values.evidence = [file.fileId]
    }
    const done = (version: number) =>
      rectification.act(official, evaluationId, step.event, { version, values })
    try {
      versions.set(evaluationId, (await done(versions.get(evaluationId) ?? 1)).version)
    } catch (error) {
      // The citizen or the clock was there meanwhile.
      if (!(error instanceof Problem && error.code === 'case-stale')) throw error
      const { version } = await rectification.detail(official, evaluationId)
      versions.set(evaluationId, (await done(version)).version)
    }
  }

  function next(expected: ExpectedCase, steps: CaseStep[], i: number): void {
    const step = steps[i]
    if (!step || step.at >= until) {
      versions.delete(expected.evaluationId)
      return
    }
    plan({
      at: step.at,
      run: async () => {
        await at(step.at, () => act(expected, step))
        next(expected, steps, i + 1)
      },
    })
  }

  return {
    expect: (expected: ExpectedCase) => void waiting.push(expected),
    /** Opens the cases of the ratings given meanwhile, and plans what will be done about them; gives how many. */
    async begin(follow: () => Promise<void>): Promise<number> {
      if (waiting.length === 0) return 0
      await follow()
      const calendar = await services.policies.calendar()
      // Sorted: submissions made at once are answered in no fixed order, and the sequence must not depend on it.
      const batch = waiting.sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime())
      waiting = []
      for (const expected of batch) {
        const own = random.fork(1_000 + begun++)
        const course = expected.plan ?? drawnPlan(own)
        const within = expected.plan?.stop === undefined ? undefined : new Date(until.getTime() - 120_000)
        next(expected, caseSteps(own, calendar, expected.openedAt, course, expected, within), 0)
      }
      return batch.length
    },
  }
}
