import type { CaseEvent } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { conflict, notFound } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import type { CaseClocks } from './case.clock.ts'
import type { CaseMoves } from './case.moves.ts'
import { type CaseRow, outcomeLabel, rejectionLabel, stateLabel } from './case.ts'
import * as store from './rectification.store.ts'

/** What the citizen says in the re-survey. */
export interface SurveyGiven {
  answer: 'satisfied' | 'basically' | 'unsolved'
  words?: string
}

const EVENT_OF: Record<SurveyGiven['answer'], CaseEvent> = {
  satisfied: 'answer_solved',
  basically: 'answer_solved',
  unsolved: 'answer_unsolved',
}

interface Needs {
  catalog: { organization(id: string): Promise<{ name: string } | undefined> }
  clocks: CaseClocks
  moves: CaseMoves
}

/** The case as its evaluator sees it and answers it, by the receipt's secret link. */
export function makeCitizenSide(app: App, { catalog, clocks, moves }: Needs) {
  const nameOf = async (id: string) => (await catalog.organization(id))?.name ?? id

  /** How the case of a rating stands; null while there is none. */
  async function citizenView(evaluationId: string) {
    const row = await store.caseById(app.db.intake, evaluationId)
    if (!row) return null
    const entries = await store.history(app.db.intake, evaluationId)
    const last = (kinds: string[]) => entries.findLast((entry) => kinds.includes(entry.kind))
    const reply = last(['case.reply'])
    return {
      caseNumber: row.case_number,
      state: row.state,
      stateLabel: stateLabel(row.state),
      organizationName: await nameOf(row.organization_id),
      dueAt: row.due_at,
      dueProvisional: row.due_provisional,
      steps: stepsOf(row, entries),
      reply: reply?.content?.reply ?? null,
      replyAt: reply?.recorded_at ?? null,
      canAnswer: row.state === 'resurvey',
      outcomeLabel: outcomeLabel(row.outcome),
      rejectionReasonLabel: row.rejected ? rejectionLabel(row.rejection_reason) : null,
    }
  }

  /**
   * Takes the answer of the re-survey (R17): solved closes the case, not solved opens it again. Sent twice, it counts
   * once.
   * @throws Problem 404 case-unknown; 409 survey-not-open before the reply, survey-answered after another answer,
   * survey-closed once the time for it is over
   */
  async function answerSurvey(evaluationId: string, given: SurveyGiven): Promise<void> {
    const event = EVENT_OF[given.answer]
    const surveyLevel = given.answer === 'unsolved' ? undefined : given.answer
    const words = cleanText(given.words)
    await app.db.system.transaction().execute(async (tx) => {
      const row = await store.lockCase(tx, evaluationId)
      if (!row) throw notFound('case-unknown', '没有找到这个差评件。')
      if (row.state !== 'resurvey') {
        const answered = (await store.history(tx, evaluationId)).findLast(
          (e) => e.actor === 'citizen' && e.kind.startsWith('case.'),
        )
        if (!answered)
          throw row.state === 'closed'
            ? conflict('survey-closed', '答复期已过，差评件已办结。如问题仍未解决，可拨打 12345 热线。')
            : conflict('survey-not-open', '办理单位还没有答复，暂时不能评价处理结果。')
        if (answered.kind === `case.${event}` && (answered.payload.surveyLevel ?? undefined) === surveyLevel)
          return
        throw conflict('survey-answered', '您已经回答过了，回答不可更改。')
      }
      await moves.apply(tx, row, {
        event,
        actor: 'citizen',
        values: { ...(surveyLevel && { surveyLevel }), ...(words && { words }) },
      })
    })
    app.nudge()
  }

  /** Who will answer a negative rating and by when, by the clocks its case will start with. */
  async function expected(receipt: { organizationId: string; regionCode: string; submittedAt: Date }) {
    const sign = await clocks.start('sign', receipt.regionCode, receipt.submittedAt)
    const answer = await clocks.start('fix', receipt.regionCode, sign.dueAt)
    return {
      organizationName: await nameOf(receipt.organizationId),
      signBy: sign.dueAt,
      answerBy: answer.dueAt,
      provisional: sign.provisional || answer.provisional,
    }
  }

  return { citizenView, answerSurvey, expected }
}

/** The way of a case in five steps, of the round it is in. */
function stepsOf(row: CaseRow, entries: store.HistoryEntry[]) {
  const at = (kinds: string[]) =>
    entries.findLast((e) => kinds.includes(e.kind) && e.payload.round === row.round)?.recorded_at ?? null
  const handled = at(['case.complete', 'case.explained', 'case.confirm_rejection'])
  const step = (label: string, when: Date | null) => ({ label, at: when, done: when !== null })
  return [
    row.round === 1
      ? step('已收到评价', row.opened_at)
      : step(`您表示没有解决，重新办理（第 ${row.round} 轮）`, row.round_since),
    ...(row.round === 1 ? [step('办理单位接手并指定核实人', at(['case.sign']))] : []),
    step('核实并办理', handled),
    step('答复您', at(['case.reply'])),
    step('您说说是否解决', row.closed_at),
  ]
}
