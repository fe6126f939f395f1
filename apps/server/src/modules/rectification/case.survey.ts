import type { CaseEvent } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { conflict, notFound } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import type { CaseMoves } from './case.moves.ts'
import * as links from './case.sources.store.ts'
import { caseIdOf } from './case.sources.ts'
import type { CaseRow } from './case.ts'
import * as store from './rectification.store.ts'

/** What a citizen says in the re-survey. */
export interface SurveyGiven {
  answer: 'satisfied' | 'basically' | 'unsolved'
  words?: string
}

const ANSWERS: readonly string[] = [
  'case.answer_solved',
  'case.answer_unsolved',
  'case.object_rejection',
  'case.note_answer',
  'case.record_solved',
  'case.record_unsolved',
]
const SOLVED: readonly string[] = ['case.answer_solved', 'case.note_answer', 'case.record_solved']

/** "Not solved" of a rating that is not adopted is an objection to just that. */
const unsolvedEvent = (row: CaseRow): CaseEvent => (row.rejected ? 'object_rejection' : 'answer_unsolved')

/** A case in the round it is in. */
type Round = Pick<CaseRow, 'evaluation_id' | 'round'>

/** The last answer that an evaluator of the case gave; before a case had several, it was the one who opened it. */
const lastAnswer = (row: Round, history: store.HistoryEntry[], sourceId: string) =>
  history.findLast(
    (entry) => ANSWERS.includes(entry.kind) && (entry.payload.answeredBy ?? row.evaluation_id) === sourceId,
  )

/** Whether an evaluator has answered in the round that a case is in; "not solved" is what began it. */
export function hasAnswered(row: Round, history: store.HistoryEntry[], sourceId: string): boolean {
  const last = lastAnswer(row, history, sourceId)
  return last !== undefined && SOLVED.includes(last.kind) && last.payload.round === row.round
}

/** Evaluators of a case that have not answered in this round. */
export async function unanswering(tx: Tx, row: Round): Promise<string[]> {
  const history = await store.history(tx, row.evaluation_id)
  const all = await links.evaluatorsOf(tx, row.evaluation_id)
  return all.filter((id) => !hasAnswered(row, history, id))
}

/**
 * The re-survey (R17): everybody whose rating or complaint the case is about is asked. It closes as solved once all
 * have said so; one "not solved" opens it again.
 */
export function makeSurvey(app: App, moves: CaseMoves) {
  /** @throws Problem 409 survey-not-open, survey-answered, survey-closed */
  function refuseUnlessSame(row: CaseRow, last: store.HistoryEntry | undefined, given: SurveyGiven): void {
    if (!last)
      throw row.state === 'closed'
        ? conflict('survey-closed', '答复期已过，差评件已办结。如问题仍未解决，可拨打 12345 热线。')
        : conflict('survey-not-open', '办理单位还没有答复，暂时不能评价处理结果。')
    const level = given.answer === 'unsolved' ? null : given.answer
    const same = SOLVED.includes(last.kind) === (level !== null)
    if (same && (last.payload.surveyLevel ?? null) === level) return
    throw conflict('survey-answered', '您已经回答过了，回答不可更改。')
  }

  async function eventFor(tx: Tx, row: CaseRow, sourceId: string, given: SurveyGiven): Promise<CaseEvent> {
    if (given.answer === 'unsolved') return unsolvedEvent(row)
    const others = (await unanswering(tx, row)).filter((id) => id !== sourceId)
    return others.length > 0 ? 'note_answer' : 'answer_solved'
  }

  /**
   * Takes the answer of one evaluator, by the id of their rating or complaint. Sent twice, it counts once.
   * @throws Problem 404 case-unknown; 409 survey-not-open before the reply, survey-answered after another answer,
   * survey-closed once the time for it is over
   */
  async function answerSurvey(sourceId: string, given: SurveyGiven): Promise<void> {
    const words = cleanText(given.words)
    await app.db.system.transaction().execute(async (tx) => {
      const row = await store.lockCase(tx, await caseIdOf(tx, sourceId))
      if (!row) throw notFound('case-unknown', '没有找到这个差评件。')
      const history = await store.history(tx, row.evaluation_id)
      const last = lastAnswer(row, history, sourceId)
      if (row.state !== 'resurvey' || hasAnswered(row, history, sourceId))
        return refuseUnlessSame(row, last, given)
      await moves.apply(tx, row, {
        event: await eventFor(tx, row, sourceId, given),
        actor: 'citizen',
        values: {
          ...(given.answer !== 'unsolved' && { surveyLevel: given.answer }),
          ...(words && { words }),
        },
        facts: { answeredBy: sourceId },
      })
    })
    app.nudge()
  }

  return { answerSurvey }
}
