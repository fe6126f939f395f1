import {
  APPEAL_CLAIMS,
  APPEAL_OUTCOMES,
  APPEAL_STATES,
  type AppealEvent,
  applyAppealEvent,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { conflict, notFound } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import { redactor } from '../people/redact.ts'
import type { AppealClocks } from './appeal.clock.ts'
import type { AppealMoves } from './appeal.moves.ts'
import { type AppealRow, appealFacts, awaitsDecision, deciderLabel, isProvisional } from './appeal.ts'
import * as store from './appeals.store.ts'

/** What the citizen may do about an appeal. */
export type CitizenAppealEvent = Extract<AppealEvent, 'citizen_answer' | 'request_reexamination'>

interface Needs {
  catalog: { organization(id: string): Promise<{ name: string } | undefined> }
  moves: AppealMoves
  clocks: AppealClocks
}

/** Of the staff nothing is told but what they say themselves; of officials' texts numbers and names are masked. */
const forCitizen = redactor([])

/** An appeal as the evaluator sees it and answers it, by the receipt's secret link (Q100: the citizen is heard). */
export function makeCitizenSide(app: App, { catalog, moves }: Needs) {
  const may = (row: AppealRow, event: CitizenAppealEvent): boolean =>
    applyAppealEvent(appealFacts(row), event, 'citizen', { statement: '…' }, app.clock().toISOString()).ok

  /** How the last appeal against a rating stands; null while there is none. */
  async function citizenAppeal(evaluationId: string) {
    const [row] = await store.appealsOf(app.db.intake, evaluationId)
    if (!row) return null
    const entries = (await store.history(app.db.intake, evaluationId)).filter(
      (entry) => entry.payload.appealId === row.appeal_id,
    )
    const textOf = (kind: string, field: string, by?: 'citizen' | 'official') => {
      const found = entries.findLast(
        (entry) =>
          entry.kind === kind && (by === undefined || (entry.actor === 'citizen') === (by === 'citizen')),
      )
      const text = found?.content?.[field]
      return text === undefined ? null : by === 'citizen' ? text : forCitizen(text)
    }
    const decision = (kind: string) => {
      const found = entries.findLast((entry) => entry.kind === kind)
      const outcome = APPEAL_OUTCOMES[found?.payload.outcome as keyof typeof APPEAL_OUTCOMES]
      return found && outcome
        ? { ...outcome, at: found.recorded_at, reason: textOf(kind, 'reason') ?? '' }
        : null
    }
    return {
      state: row.state,
      stateLabel: APPEAL_STATES[row.state],
      waiting: awaitsDecision(row),
      organizationName: (await catalog.organization(row.organization_id))?.name ?? row.organization_id,
      appellant: row.appellant_kind,
      claimLabel: APPEAL_CLAIMS[row.claim],
      statement: textOf('appeal.filed', 'statement') ?? '',
      reexaminationBy: row.reexamination_by,
      reexaminationStatement: textOf('appeal.reexamination_filed', 'statement'),
      deciderLabel: deciderLabel(row),
      dueAt: row.due_at,
      answerUntil: row.answer_until,
      answerProvisional: isProvisional(row.answer_clock),
      reexamineUntil: row.state === 'decided' ? row.reexamine_until : null,
      reexamineProvisional: isProvisional(row.reexamine_clock),
      ownAnswer: textOf('appeal.citizen_answered', 'statement', 'citizen'),
      canAnswer: may(row, 'citizen_answer'),
      canReexamine: may(row, 'request_reexamination'),
      decision: decision('appeal.decided'),
      reexamination: decision('appeal.reexamined'),
    }
  }

  /**
   * Takes what the citizen says to an appeal, or their request for a re-examination. The same words sent twice count
   * once.
   * @throws Problem 404 appeal-unknown; 409 appeal-answered after other words; 422 invalid with the reason
   */
  async function answerAppeal(evaluationId: string, event: CitizenAppealEvent, words: string): Promise<void> {
    const statement = cleanText(words)
    await app.db.system.transaction().execute(async (tx) => {
      const row = await store.lockLast(tx, evaluationId)
      if (!row) throw notFound('appeal-unknown', '这条评价没有申诉。')
      if (!may(row, event)) {
        const said = (await store.history(tx, evaluationId)).findLast((entry) => entry.actor === 'citizen')
        if (said?.content?.statement === statement) return
        if (said && row.citizen_heard && awaitsDecision(row))
          throw conflict('appeal-answered', '您已经说明过了，审理时会看到，不能再改。')
      }
      await moves.apply(tx, row, {
        event,
        as: 'citizen',
        actor: 'citizen',
        accountId: null,
        values: { statement },
      })
    })
    app.nudge()
  }

  return { citizenAppeal, answerAppeal }
}
