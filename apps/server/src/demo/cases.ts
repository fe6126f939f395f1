import { type CaseEvent, plusDays, shanghaiDate, type WorkCalendar } from '@haochaping/rules'
import type { Random } from './random.ts'
import { OFFICIAL_WORDS as SAY } from './words.ts'
import { afterOfficeMinutes, atMinute, workingDayFrom } from './worktime.ts'

/** What officials decide after they verified. */
export type CaseCourse =
  | 'fix'
  | 'promise'
  | 'extend'
  | 'explain'
  | 'reject'
  | 'reject-refused'
  | 'ask'
  | 'transfer'
/** What the citizen says in the end, if anything. */
export type CaseAnswer = 'solved' | 'unsolved' | 'none'

/** How a case is to go. */
export interface CasePlan {
  course: CaseCourse
  answer: CaseAnswer
  /** why it is not adopted, where that is proposed */
  reason?: 'mistaken' | 'malicious'
  /** office minutes until somebody signs for it */
  signAfter?: number
  /** office minutes from signing to the decision */
  decideAfter?: number
  /** the last event that happens; undefined: all of them, null: not even the first */
  stop?: CaseEvent | 'answer' | null
}

/** One thing that is done to a case. */
export interface CaseStep {
  event: CaseEvent | 'answer'
  by: 'handler' | 'manager' | 'citizen'
  at: Date
  values: Record<string, string>
  /** evidence is handed in with it */
  evidence: boolean
}

/** What of a rating decides how its case must go. */
export interface RatedBy {
  /** must be called back before the reply (R20) */
  callBack: boolean
  /** does not want to be called at all */
  spared: boolean
}

const MINUTE = 60_000
/** Decided one level up, or by the management body. */
const DECIDED: readonly string[] = [
  'confirm_rejection',
  'refuse_rejection',
  'refuse_transfer',
  'approve_extension',
  'direct_again',
] satisfies CaseEvent[]

/** How a case goes that nobody chose a way for: about as cities that work at it do. */
export const drawnPlan = (random: Random): CasePlan => ({
  course: random.weighted([
    [43, 'fix'],
    [15, 'promise'],
    [3, 'extend'],
    [16, 'explain'],
    [3, 'ask'],
    [2, 'transfer'],
    [7, 'reject'],
    [3, 'reject-refused'],
  ]),
  answer: random.weighted([
    [52, 'solved'],
    [36, 'none'],
    [12, 'unsolved'],
  ]),
  // Some are signed for late, some are worked slowly: not every body keeps its limits.
  ...(random.chance(0.07) && { signAfter: random.between(800, 1500) }),
  ...(random.chance(0.07) && { decideAfter: random.between(1900, 2700) }),
})

/**
 * All steps of a case from its opening, in time order. `within` presses them together so that the last one falls
 * before that moment.
 */
export function caseSteps(
  random: Random,
  calendar: WorkCalendar,
  openedAt: Date,
  plan: CasePlan,
  rating: RatedBy,
  within?: Date,
): CaseStep[] {
  const steps: CaseStep[] = []
  const last = () => steps.at(-1)?.at ?? openedAt
  const office = (minutes: number) => afterOfficeMinutes(calendar, last(), minutes)
  const add = (event: CaseEvent, minutes: number, values: Record<string, string> = {}, evidence = false) =>
    steps.push({
      event,
      by: DECIDED.includes(event) ? 'manager' : 'handler',
      at: event === 'record_contact' ? callable(office(minutes)) : office(minutes),
      values,
      evidence,
    })
  const some = (from: number, to: number) => random.between(from, to)
  const word = (list: readonly string[]) => random.pick(list)

  const callBack = () => {
    if (rating.spared || (!rating.callBack && random.chance(0.6))) return
    if (random.chance(0.2))
      add('record_contact', some(20, 90), { result: 'not_reached', note: word(SAY.unreached) })
    add('record_contact', some(30, 200), { result: 'reached', note: word(SAY.contact) })
  }
  const fix = () => {
    add('fix_now', plan.decideAfter ?? some(40, 300), { finding: word(SAY.finding) })
    add('complete', some(120, 800), { done: word(SAY.done) }, true)
  }
  const ask = () => {
    add('ask_citizen', some(40, 200), { question: word(SAY.question) })
    add('citizen_supplied', some(300, 900), { words: word(SAY.supplied) })
  }
  const transfer = () => {
    add('propose_transfer', some(30, 120), { reason: word(SAY.transfer) })
    add('refuse_transfer', some(100, 300), { note: word(SAY.transferRefused) })
  }
  const decide = () => {
    if (plan.course === 'ask') ask()
    if (plan.course === 'transfer') transfer()
    if (plan.course === 'promise' || plan.course === 'extend') {
      const at = office(plan.decideAfter ?? some(60, 400))
      const promisedOn = workingDayFrom(calendar, shanghaiDate(at), 4 + random.below(7))
      add('promise', plan.decideAfter ?? some(60, 400), {
        finding: word(SAY.finding),
        plan: word(SAY.plan),
        owner: word(SAY.owner),
        promisedOn,
      })
      if (plan.course === 'extend') {
        const newDate = workingDayFrom(calendar, promisedOn, 3)
        add('request_extension', some(600, 900), { newDate, reason: word(SAY.extension) })
        add('approve_extension', some(100, 500), { note: word(SAY.extended) })
      }
      add('complete', some(900, 2600), { done: word(SAY.done) }, true)
    } else if (plan.course === 'explain') {
      add('explain', plan.decideAfter ?? some(60, 300), {
        finding: word(SAY.finding),
        legalBasis: word(SAY.legal),
      })
      add('explained', some(60, 400), { explanation: word(SAY.explanation) })
    } else if (plan.course === 'fix' || plan.course === 'ask' || plan.course === 'transfer') fix()
    else {
      const reason = plan.reason ?? (random.chance(0.75) ? 'mistaken' : 'malicious')
      add(
        'propose_rejection',
        plan.decideAfter ?? some(100, 500),
        { rejectionReason: reason, finding: word(SAY.rejection[reason]) },
        true,
      )
      if (plan.course === 'reject') add('confirm_rejection', some(200, 1100), { note: word(SAY.confirm) })
      else {
        add('refuse_rejection', some(200, 900), { note: word(SAY.refuse) })
        fix()
      }
    }
  }
  const answer = (said: CaseAnswer) => {
    if (said === 'none') return
    const words = word(said === 'solved' ? SAY.solved : SAY.unsolved)
    steps.push({
      event: 'answer',
      by: 'citizen',
      at: new Date(last().getTime() + some(40, 60 * 60) * MINUTE),
      values: {
        answer: said === 'unsolved' ? said : random.chance(0.7) ? 'satisfied' : 'basically',
        ...(words && { words }),
      },
      evidence: false,
    })
  }
  const reply = () =>
    add('reply', some(40, 400), { reply: word(plan.course === 'reject' ? SAY.rejectedReply : SAY.reply) })

  add('sign', plan.signAfter ?? some(30, 330))
  callBack()
  decide()
  reply()
  answer(plan.answer)
  if (plan.answer === 'unsolved') {
    add('direct_again', some(100, 600), { instruction: word(SAY.again) })
    add('sign', some(30, 200))
    callBack()
    fix()
    add('reply', some(40, 400), { reply: word(SAY.reply) })
    answer('solved')
  }
  return pressed(stopped(steps, plan.stop), openedAt, within)
}

function stopped(steps: CaseStep[], stop: CasePlan['stop']): CaseStep[] {
  if (stop === undefined) return steps
  return stop === null ? [] : steps.slice(0, steps.findIndex((step) => step.event === stop) + 1)
}

const NINE = 9 * 60
const minuteOf = (at: Date) => (at.getTime() - atMinute(shanghaiDate(at), 0).getTime()) / MINUTE
/** Nobody is called before nine. */
const callable = (at: Date): Date => (minuteOf(at) < NINE ? atMinute(shanghaiDate(at), NINE) : at)
/** In the evening a call is only written down. */
const isLate = (at: Date) => minuteOf(at) >= 20 * 60

function pressed(steps: CaseStep[], openedAt: Date, within: Date | undefined): CaseStep[] {
  const end = steps.at(-1)?.at
  if (!within || !end || end <= within) return steps
  const factor = (within.getTime() - openedAt.getTime()) / (end.getTime() - openedAt.getTime())
  let before = openedAt
  return steps.map((step) => {
    const scaled = new Date(openedAt.getTime() + (step.at.getTime() - openedAt.getTime()) * factor)
    const at = step.event === 'record_contact' ? callable(scaled) : scaled
    before = new Date(Math.max(at.getTime(), before.getTime()))
    const tomorrow = plusDays(shanghaiDate(at), 1)
    const { promisedOn } = step.values
    return {
      ...step,
      at: before,
      values: {
        ...step.values,
        ...(promisedOn && promisedOn < tomorrow && { promisedOn: tomorrow }),
        ...(step.event === 'record_contact' && isLate(before) && { contactedAt: '19:30' }),
      },
    }
  })
}
