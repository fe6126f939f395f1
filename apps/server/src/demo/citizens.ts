import type { SubmitEvaluation } from '../modules/evaluations/evaluations.schema.ts'
import { type AppealWork, drawnAppeal } from './appeals.ts'
import type { makeAuthority } from './authority.ts'
import type { CaseWork, ExpectedCase } from './casework.ts'
import { callAbout, HOTLINE, type PlannedComplaint } from './complaints.ts'
import { drawnOrder, type OrderWork } from './orders.ts'
import type { Random } from './random.ts'
import { plannedRating } from './ratings.ts'
import type { Staged } from './showcases.ts'
import type { Stage } from './stage.ts'
import { DEMO_SOURCE, type PlannedVisit } from './visits.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** Staged cases that stop here are not answered yet: what comes about their affair is joined to them. */
const JOINED = new Set(['fix_now', 'promise'])
/** Of negative ratings: rated once more, called about, the same affair rated badly again, reported as punished. */
const FOLLOWED_UP = 0.3
const CALLED_ABOUT = 0.02
const RATED_TWICE = 0.02
const PUNISHED = 0.002

interface Officials {
  cases: CaseWork
  appeals: AppealWork
  orders: OrderWork
  authority: ReturnType<typeof makeAuthority>
}

/** A real-name evaluator who did not forbid it must be called back (R20). */
const callBackOf = (evaluation: SubmitEvaluation) => evaluation.realName && !evaluation.doNotContact

/** Plays citizens: who rate, complain, call, rate once more; and hands what they say to those who must answer. */
export function makeCitizens(stage: Stage, { cases, appeals, orders, authority }: Officials) {
  const { services, random, later, tried, until } = stage
  const aside = random.fork(3)
  let rated = 0
  let asked = 0
  /** negative ratings and complaints by id: a spot check may come upon any of them */
  const known = new Map<string, ExpectedCase>()

  /** Somebody calls the hotline about an affair that was rated badly: it is joined to that case. */
  function call(own: Random, { report }: PlannedVisit, when: Date, expected: ExpectedCase | undefined) {
    later(when, async () => {
      await services.complaints.report({ source: HOTLINE }, [callAbout(own, report.affairNumber, when)])
      if (expected) cases.lookAgain(expected, when)
    })
  }

  /** Some rate once more when they have seen what was done; whoever may not, does not. */
  function followUp(own: Random, token: string, when: Date, expected: ExpectedCase) {
    later(when, async () => {
      const level = own.chance(0.75) ? 4 : 2
      const given = { level, optionCodes: [], channel: 2, submissionId: own.uuid() }
      const done = await tried('follow-up', () => services.followUps.submit(token, given))
      if (done && level === 2 && expected.plan === undefined) cases.lookAgain(expected, when)
    })
  }

  /** The same affair takes a second visit, which is rated badly as well: one matter, one case. */
  function rateAgain(own: Random, visit: PlannedVisit, when: Date, expected: ExpectedCase) {
    later(when, async () => {
      const again = { ...visit.report, visitNumber: 2, servedAt: when.toISOString() }
      const [answer] = await services.affairs.report({ source: DEMO_SOURCE }, [again])
      if (!answer || answer.status === 'refused') return
      later(new Date(when.getTime() + 5 * MINUTE), async () => {
        const { evaluation } = plannedRating(own, visit, 2)
        const done = await tried('second rating', () => services.evaluations.submit(answer.token, evaluation))
        if (done) rated++
        cases.lookAgain(expected, when)
      })
    })
  }

  /** What comes of a negative rating besides its case. */
  function besides(
    own: Random,
    visit: PlannedVisit,
    when: Date,
    token: string,
    expected: ExpectedCase,
    show?: Staged,
  ) {
    const since = (days: number) => new Date(when.getTime() + days * DAY)
    if (show) {
      const { plan } = show
      if (JOINED.has(plan.stop ?? '')) call(own, visit, new Date(when.getTime() + 20 * MINUTE), undefined)
      if (plan.answer === 'solved') followUp(own, token, since(12), expected)
      if (plan.appeal) appeals.file(expected, plan.appeal)
      if (plan.order) orders.give(expected, plan.order)
      if (plan.retaliation) authority.hear(expected, plan.retaliation === 'answered')
      return
    }
    if (own.chance(FOLLOWED_UP)) followUp(own, token, since(own.between(8, 30)), expected)
    if (own.chance(CALLED_ABOUT)) call(own, visit, since(own.between(0.1, 25)), expected)
    if (visit.report.onSite && own.chance(RATED_TWICE))
      rateAgain(own, visit, since(own.between(1, 12)), expected)
    const appeal = drawnAppeal(own, expected.staffNumber)
    if (appeal) appeals.file(expected, appeal)
    const order = drawnOrder(own)
    if (order) orders.give(expected, order)
    if (own.chance(PUNISHED)) authority.hear(expected, own.chance(0.8))
  }

  function expect(expected: ExpectedCase): void {
    known.set(expected.evaluationId, expected)
    cases.expect(expected)
  }

  return {
    ratings: () => rated,
    /** Somebody who was served rates, as they were drawn or staged to. */
    rate(visit: PlannedVisit, reported: Date, token: string, show: Staged | undefined): void {
      const { at, evaluation } = show?.rating ?? plannedRating(random, visit)
      const earliest = reported.getTime() + (show ? MINUTE : random.between(20_000, 240_000))
      const when = new Date(Math.max(at.getTime(), earliest))
      // Drawn in the order in which visits are reported: ratings given side by side come in any.
      const own = aside.fork(asked++)
      later(when, async () => {
        const receipt = await services.evaluations.submit(token, evaluation)
        rated++
        if (!receipt.negative) return
        const expected: ExpectedCase = {
          evaluationId: receipt.evaluationId,
          organizationId: visit.place.organizationId,
          staffNumber: visit.report.staffNumber ?? '',
          openedAt: when,
          callBack: callBackOf(evaluation),
          spared: evaluation.doNotContact === true,
          plan: show?.plan,
        }
        expect(expected)
        besides(own, visit, when, receipt.receiptToken, expected, show)
      })
    },
    /** The hotline passes something on. */
    complain({ at: when, organizationId, report }: PlannedComplaint): void {
      if (when >= until) return
      later(when, async () => {
        await services.complaints.report({ source: HOTLINE }, [report])
        expect({
          evaluationId: services.complaints.complaintId(HOTLINE, report.number),
          organizationId,
          staffNumber: '',
          openedAt: when,
          callBack: true,
          spared: false,
          plan: undefined,
        })
      })
    },
    /** A spot check began a case again: its organisation takes it up. */
    reopened(evaluationId: string, at: Date): void {
      const expected = known.get(evaluationId)
      if (expected) cases.lookAgain({ ...expected, plan: undefined }, at)
    },
  }
}
