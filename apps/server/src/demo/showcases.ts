import { isWorkday, plusDays, shanghaiDate, type WorkCalendar } from '@haochaping/rules'
import { DEMO_ORGANIZATION, DEMO_WINDOW } from './accounts.ts'
import type { AppealPlan } from './appeals.ts'
import type { OrderPlan } from './orders.ts'
import type { Place } from './places.ts'
import type { CasePlan } from './plans.ts'
import type { Random } from './random.ts'
import { type PlannedRating, plannedRating } from './ratings.ts'
import { type PlannedVisit, plannedVisit } from './visits.ts'
import { atMinute, workingDayFrom } from './worktime.ts'

/** A case that every demonstration has, so that each state can be looked at on the first day. */
interface Showcase extends CasePlan {
  /** working days before the last day */
  ago: number
  /** at the organisation of the demo's handler, or at one of those next to it */
  at: 'own' | 'near'
  level?: 1 | 2
  appeal?: AppealPlan
  order?: OrderPlan
  /** the citizen reports that they were made to suffer for it */
  retaliation?: 'open' | 'answered'
}

// Appeals in every state: to be decided, to be answered by the citizen first, decided, before the city, final.
const TO_DECIDE: AppealPlan = {
  claim: 'mistaken',
  by: 'organization',
  citizen: 'answers',
  outcome: null,
  after: 300,
  decideAfter: 0,
}
const TO_ANSWER: AppealPlan = { ...TO_DECIDE, claim: 'partly', by: 'staff', citizen: 'silent', after: 60 }
const DECIDED: AppealPlan = { ...TO_DECIDE, claim: 'partly', outcome: 'partly', decideAfter: 200 }
const BEFORE_THE_CITY: AppealPlan = { ...DECIDED, claim: 'malicious', outcome: 'upheld', again: null }
const FINAL: AppealPlan = { ...BEFORE_THE_CITY, again: 'upheld', decideAfter: 120 }

/** Every state a case can be in, late ones and one due today among them. */
const SHOWCASES: readonly Showcase[] = [
  { ago: 0, at: 'own', course: 'fix', answer: 'none', stop: null },
  { ago: 1, at: 'own', course: 'fix', answer: 'none', stop: null, level: 1 },
  {
    ago: 4,
    at: 'own',
    course: 'fix',
    answer: 'none',
    stop: null,
    order: { kind: 'urge', after: 500, course: 'open' },
  },
  { ago: 5, at: 'own', course: 'fix', answer: 'none', stop: 'sign', signAfter: 90 },
  { ago: 1, at: 'own', course: 'fix', answer: 'none', stop: 'sign', level: 1, appeal: TO_ANSWER },
  {
    ago: 9,
    at: 'own',
    course: 'fix',
    answer: 'none',
    stop: 'sign',
    order: { kind: 'listed', after: 2_400, course: 'returned' },
  },
  { ago: 1, at: 'own', course: 'transfer', answer: 'none', stop: 'propose_transfer' },
  { ago: 2, at: 'own', course: 'ask', answer: 'none', stop: 'ask_citizen' },
  { ago: 3, at: 'own', course: 'fix', answer: 'none', stop: 'fix_now', appeal: TO_DECIDE },
  { ago: 4, at: 'own', course: 'promise', answer: 'none', stop: 'promise' },
  {
    ago: 6,
    at: 'own',
    course: 'extend',
    answer: 'none',
    stop: 'request_extension',
    order: { kind: 'supervise', after: 1_200, course: 'answered' },
  },
  { ago: 2, at: 'own', course: 'explain', answer: 'none', stop: 'explain' },
  { ago: 3, at: 'own', course: 'reject', reason: 'mistaken', answer: 'none', stop: 'propose_rejection' },
  { ago: 4, at: 'own', course: 'reject', answer: 'none', stop: 'confirm_rejection' },
  { ago: 4, at: 'own', course: 'fix', answer: 'none', stop: 'complete', level: 1 },
  { ago: 5, at: 'own', course: 'fix', answer: 'none', stop: 'reply' },
  { ago: 10, at: 'own', course: 'fix', answer: 'solved', stop: 'answer', appeal: BEFORE_THE_CITY },
  { ago: 15, at: 'own', course: 'reject', reason: 'malicious', answer: 'none', stop: 'reply' },
  { ago: 17, at: 'own', course: 'explain', answer: 'none', stop: 'reply', appeal: FINAL },
  {
    ago: 7,
    at: 'own',
    course: 'fix',
    answer: 'unsolved',
    stop: 'answer',
    level: 1,
    retaliation: 'open',
  },
  {
    ago: 18,
    at: 'own',
    course: 'fix',
    answer: 'unsolved',
    order: { kind: 'urge', after: 300, course: 'accepted' },
    retaliation: 'answered',
  },
  { ago: 2, at: 'near', course: 'reject', answer: 'none', stop: 'propose_rejection' },
  { ago: 6, at: 'near', course: 'promise', answer: 'none', stop: 'promise' },
  { ago: 8, at: 'near', course: 'fix', answer: 'unsolved', stop: 'answer', appeal: DECIDED },
  { ago: 1, at: 'near', course: 'fix', answer: 'none', stop: null },
]

/** A visit whose rating and case are settled beforehand. */
export interface Staged {
  visit: PlannedVisit
  rating: PlannedRating
  plan: Pick<Showcase, keyof CasePlan | 'appeal' | 'order' | 'retaliation'>
}

/** Office minutes at which staged visits happen. */
const TIMES = [545, 600, 655, 800, 850, 905]
/** Between the visit and the end there must be time for the rating. */
const MARGIN_MS = 45 * 60_000

/** The staged cases of a demonstration that runs from `first` to `until`. */
export function stagedCases(
  random: Random,
  calendar: WorkCalendar,
  places: readonly Place[],
  first: string,
  until: Date,
): Staged[] {
  const own = places.filter((p) => p.organizationId === DEMO_ORGANIZATION && p.windowCode)
  const near = places.filter(
    (p) => p.organizationId.startsWith('220102-') && p.windowCode && !own.includes(p),
  )
  const latest = latestOfficeMoment(calendar, new Date(until.getTime() - MARGIN_MS))
  return SHOWCASES.map((showcase, i) => {
    const day = workingDayFrom(calendar, shanghaiDate(until), -showcase.ago)
    const wanted = atMinute(day < first ? first : day, TIMES[i % TIMES.length]!)
    const servedAt = showcase.ago === 0 || wanted > latest ? latest : wanted
    const drawn = plannedVisit(random, random.pick(showcase.at === 'own' ? own : near), servedAt, 900_000 + i)
    // Who appeals themself is the one whose account the demo has.
    const visit = showcase.appeal?.by === 'staff' ? atDemoWindow(drawn, own) : drawn
    const rating = plannedRating(random, visit, showcase.level ?? 2)
    return { visit, rating: { ...rating, at: new Date(servedAt.getTime() + 2 * 60_000) }, plan: showcase }
  })
}

/** The same visit at the window of the demo's tablet, served by the one whose account the demo has. */
function atDemoWindow(visit: PlannedVisit, own: readonly Place[]): PlannedVisit {
  const { windowCode, staffNumber } = DEMO_WINDOW
  const place = own.find((one) => one.windowCode === windowCode) ?? visit.place
  return { ...visit, place, report: { ...visit.report, windowCode, staffNumber } }
}

/** The last moment a window was open, at or before a moment. */
function latestOfficeMoment(calendar: WorkCalendar, moment: Date): Date {
  for (let day = shanghaiDate(moment); ; day = plusDays(day, -1)) {
    if (!isWorkday(calendar, day)) continue
    const found = TIMES.toReversed()
      .map((minute) => atMinute(day, minute))
      .find((at) => at <= moment)
    if (found) return found
  }
}
