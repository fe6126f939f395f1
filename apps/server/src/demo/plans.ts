import type { CaseEvent } from '@haochaping/rules'
import type { Random } from './random.ts'

/** What officials decide after they verified. */
export type CaseCourse =
  | 'fix'
  | 'shared'
  | 'promise'
  | 'extend'
  | 'extend-refused'
  | 'explain'
  | 'reject'
  | 'reject-refused'
  | 'ask'
  | 'ask-silent'
  | 'transfer'
  | 'transfer-accepted'
/** What the citizen says in the end, if anything; by telephone an official writes it down. */
export type CaseAnswer = 'solved' | 'unsolved' | 'none' | 'solved-by-phone' | 'unsolved-by-phone'

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
  /** somebody else of the organisation takes the verification over */
  changesVerifier?: boolean
  /** the last event that happens; undefined: all of them, null: not even the first */
  stop?: CaseEvent | 'answer' | null
}

/** Who does something to a case; `co` is the handler of another organisation that helps. */
export type CaseDoer = 'handler' | 'co' | 'manager' | 'citizen'

/** One thing that is done to a case. */
export interface CaseStep {
  event: CaseEvent | 'answer'
  by: CaseDoer
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
  /** whoever is to be called back, where several left a name */
  persons?: readonly string[]
}

/** How a case goes that nobody chose a way for: about as cities that work at it do. */
export const drawnPlan = (random: Random): CasePlan => ({
  course: random.weighted([
    [40, 'fix'],
    [3, 'shared'],
    [14, 'promise'],
    [3, 'extend'],
    [1, 'extend-refused'],
    [16, 'explain'],
    [3, 'ask'],
    [1, 'ask-silent'],
    [2, 'transfer'],
    [2, 'transfer-accepted'],
    [7, 'reject'],
    [3, 'reject-refused'],
  ]),
  answer: random.weighted([
    [48, 'solved'],
    [36, 'none'],
    [11, 'unsolved'],
    [4, 'solved-by-phone'],
    [1, 'unsolved-by-phone'],
  ]),
  // Some are signed for late, some are worked slowly: not every body keeps its limits.
  ...(random.chance(0.07) && { signAfter: random.between(800, 1500) }),
  ...(random.chance(0.07) && { decideAfter: random.between(1900, 2700) }),
  ...(random.chance(0.02) && { changesVerifier: true }),
})
