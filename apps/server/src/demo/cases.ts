import { type CaseEvent, type CaseState, shanghaiDate, type WorkCalendar } from '@haochaping/rules'
import type { CaseAnswer, CaseDoer, CasePlan, CaseStep, RatedBy } from './plans.ts'
import { callable, pressed, stopped } from './pressing.ts'
import type { Random } from './random.ts'
import { OFFICIAL_WORDS as SAY } from './words.ts'
import { afterOfficeMinutes, workingDayFrom } from './worktime.ts'

const MINUTE = 60_000
/** Longer than a citizen is waited for, in office minutes: twelve working days. */
const WAITED_FOR = 12 * 390

/** Decided one level up, by the management body, or written down by it. */
const BY: Partial<Record<CaseEvent, CaseDoer>> = {
  confirm_rejection: 'manager',
  refuse_rejection: 'manager',
  refuse_transfer: 'manager',
  accept_transfer: 'manager',
  approve_extension: 'manager',
  refuse_extension: 'manager',
  direct_again: 'manager',
  add_co_handler: 'manager',
  record_solved: 'manager',
  record_unsolved: 'manager',
  co_report: 'co',
}
/** Whoever speaks with the citizen on the telephone. */
const CALLS: readonly string[] = ['record_contact', 'record_solved', 'record_unsolved'] satisfies CaseEvent[]

/** The acts of a case one after the other, each so many office minutes after the one before. */
function makeActs(random: Random, calendar: WorkCalendar, begins: Date, plan: CasePlan, rating: RatedBy) {
  const steps: CaseStep[] = []
  const last = () => steps.at(-1)?.at ?? begins
  const office = (minutes: number) => afterOfficeMinutes(calendar, last(), minutes)
  const some = (from: number, to: number) => random.between(from, to)
  const word = (list: readonly string[]) => random.pick(list)
  const add = (event: CaseEvent, minutes: number, values: Record<string, string> = {}, evidence = false) =>
    steps.push({
      event,
      by: BY[event] ?? 'handler',
      at: CALLS.includes(event) ? callable(office(minutes)) : office(minutes),
      values,
      evidence,
    })
  const verdictAfter = (from: number, to: number) => plan.decideAfter ?? some(from, to)

  const complete = (from = 120, to = 800) => add('complete', some(from, to), { done: word(SAY.done) }, true)
  const fixNow = (minutes = verdictAfter(40, 300)) => add('fix_now', minutes, { finding: word(SAY.finding) })
  const explained = () => add('explained', some(60, 400), { explanation: word(SAY.explanation) })
  const sign = (minutes: number) => add('sign', minutes)
  const callBack = () => {
    if (!rating.callBack) return
    if (!rating.persons && random.chance(0.2))
      add('record_contact', some(20, 90), { result: 'not_reached', note: word(SAY.unreached) })
    const reached = { result: 'reached', note: word(SAY.contact) }
    if (!rating.persons?.length) add('record_contact', some(30, 200), reached)
    for (const evaluator of rating.persons ?? [])
      add('record_contact', some(30, 120), { ...reached, evaluator })
  }
  const fix = () => {
    fixNow()
    complete()
  }
  const transfer = (decided: 'accept_transfer' | 'refuse_transfer') => {
    add('propose_transfer', some(30, 120), { reason: word(SAY.transfer) })
    add(decided, some(100, 300), {
      note: word(decided === 'accept_transfer' ? SAY.transferAccepted : SAY.transferRefused),
    })
  }
  const promise = () => {
    const after = verdictAfter(60, 400)
    const promisedOn = workingDayFrom(calendar, shanghaiDate(office(after)), 4 + random.below(7))
    add('promise', after, {
      finding: word(SAY.finding),
      plan: word(SAY.plan),
      owner: word(SAY.owner),
      promisedOn,
    })
    return promisedOn
  }
  const extend = (promisedOn: string, decided: 'approve_extension' | 'refuse_extension') => {
    const newDate = workingDayFrom(calendar, promisedOn, 3)
    add('request_extension', some(600, 900), { newDate, reason: word(SAY.extension) })
    add(decided, some(100, 500), {
      note: word(decided === 'approve_extension' ? SAY.extended : SAY.extensionRefused),
    })
  }
  const reject = (decided: 'confirm_rejection' | 'refuse_rejection') => {
    const reason = plan.reason ?? (random.chance(0.75) ? 'mistaken' : 'malicious')
    const values = { rejectionReason: reason, finding: word(SAY.rejection[reason]) }
    add('propose_rejection', verdictAfter(100, 500), values, true)
    add(decided, some(200, 1000), {
      note: word(decided === 'confirm_rejection' ? SAY.confirm : SAY.refuse),
    })
  }
  const share = () => {
    add('add_co_handler', some(30, 120), { note: word(SAY.help) })
    fixNow()
    add('co_report', some(100, 700), { done: word(SAY.helped) }, true)
    complete()
  }

  /** From the verdict to the end of the work. */
  const work = (course: CasePlan['course']): void => {
    if (course === 'ask' || course === 'ask-silent') {
      add('ask_citizen', some(40, 200), { question: word(SAY.question) })
      if (course === 'ask') add('citizen_supplied', some(300, 900), { words: word(SAY.supplied) })
      fixNow(course === 'ask' ? undefined : WAITED_FOR)
      complete()
    } else if (course === 'transfer') {
      transfer('refuse_transfer')
      fix()
    } else if (course === 'transfer-accepted') {
      transfer('accept_transfer')
      sign(some(30, 200))
      callBack()
      fix()
    } else if (course === 'promise') {
      promise()
      complete(900, 2600)
    } else if (course === 'extend' || course === 'extend-refused') {
      extend(promise(), course === 'extend' ? 'approve_extension' : 'refuse_extension')
      complete(900, 2600)
    } else if (course === 'explain') {
      add('explain', verdictAfter(60, 300), { finding: word(SAY.finding), legalBasis: word(SAY.legal) })
      explained()
    } else if (course === 'reject') reject('confirm_rejection')
    else if (course === 'reject-refused') {
      reject('refuse_rejection')
      fix()
    } else if (course === 'shared') share()
    else fix()
  }
  const reply = (rejected: boolean) =>
    add('reply', some(40, 400), { reply: word(rejected ? SAY.rejectedReply : SAY.reply) })
  const again = () => {
    add('direct_again', some(100, 600), { instruction: word(SAY.again) })
    sign(some(30, 200))
    callBack()
    fix()
    reply(false)
  }
  const surveyLevel = () => (random.chance(0.7) ? 'satisfied' : 'basically')
  const answer = (said: CaseAnswer) => {
    if (said === 'none') return
    const solved = said === 'solved' || said === 'solved-by-phone'
    // Nobody is called who forbade it: they say nothing then.
    if (said === 'solved-by-phone' || said === 'unsolved-by-phone') {
      if (rating.spared) return
      const note = word(SAY.contact)
      if (solved) add('record_solved', some(300, 1500), { note, surveyLevel: surveyLevel() })
      else add('record_unsolved', some(300, 1500), { note })
      return
    }
    const words = word(solved ? SAY.solved : SAY.unsolved)
    steps.push({
      event: 'answer',
      by: 'citizen',
      at: new Date(last().getTime() + some(40, 60 * 60) * MINUTE),
      values: { answer: solved ? surveyLevel() : 'unsolved', ...(words && { words }) },
      evidence: false,
    })
  }

  return { steps, add, some, word, sign, callBack, work, complete, explained, reply, again, answer }
}

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
  const acts = makeActs(random, calendar, openedAt, plan, rating)
  acts.sign(plan.signAfter ?? acts.some(30, 330))
  if (plan.changesVerifier) acts.add('change_verifier', acts.some(20, 60), { reason: acts.word(SAY.absent) })
  acts.callBack()
  acts.work(plan.course)
  acts.reply(plan.course === 'reject')
  acts.answer(plan.answer)
  if (plan.answer === 'unsolved' || plan.answer === 'unsolved-by-phone') {
    acts.again()
    acts.answer('solved')
  }
  return pressed(stopped(acts.steps, plan.stop), openedAt, within)
}

/** What is done about a case that somebody finds standing, whatever brought it there. */
export function stepsFrom(
  random: Random,
  calendar: WorkCalendar,
  found: { state: CaseState; at: Date },
  rating: RatedBy,
): CaseStep[] {
  const plan: CasePlan = { course: 'fix', answer: random.chance(0.6) ? 'solved' : 'none' }
  const acts = makeActs(random, calendar, found.at, plan, rating)
  const { add, some, word, callBack, reply } = acts
  /** Calls back, lets an act happen, and answers. */
  const finish = (act: () => unknown) => {
    callBack()
    act()
    reply(false)
    acts.answer(plan.answer)
  }
  const todo: Partial<Record<CaseState, () => unknown>> = {
    to_sign: () => {
      acts.sign(some(30, 200))
      finish(() => acts.work('fix'))
    },
    transfer_proposed: () => add('refuse_transfer', some(60, 200), { note: word(SAY.transferRefused) }),
    verifying: () => finish(() => acts.work('fix')),
    waiting: () => add('citizen_supplied', some(60, 300), { words: word(SAY.supplied) }),
    fixing: () => finish(() => acts.complete()),
    promised: () => finish(() => acts.complete()),
    explaining: () => finish(() => acts.explained()),
    rejection_proposed: () => add('refuse_rejection', some(60, 300), { note: word(SAY.refuse) }),
    feeding_back: () => finish(() => {}),
    reopened: () => {
      acts.again()
      acts.answer(plan.answer)
    },
  }
  todo[found.state]?.()
  return acts.steps
}
