import type { App } from '../../platform/context.ts'
import { conflict, notFound } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import type { CaseClocks } from './case.clock.ts'
import type { CaseMoves } from './case.moves.ts'
import { caseIdOf } from './case.sources.ts'
import { hasAnswered, makeSurvey } from './case.survey.ts'
import { type CaseRow, outcomeLabel, rejectionLabel, stateLabel } from './case.ts'
import * as store from './rectification.store.ts'

interface Needs {
  catalog: { organization(id: string): Promise<{ name: string } | undefined> }
  clocks: CaseClocks
  moves: CaseMoves
}

/** The case as its evaluator sees it and answers it, by the receipt's secret link. */
export function makeCitizenSide(app: App, { catalog, clocks, moves }: Needs) {
  const nameOf = async (id: string) => (await catalog.organization(id))?.name ?? id

  /** How the case of a rating or complaint stands, its own or the one it was joined to; null while there is none. */
  async function citizenView(evaluationId: string) {
    const row = await store.caseById(app.db.intake, await caseIdOf(app.db.intake, evaluationId))
    if (!row) return null
    const entries = await store.history(app.db.intake, row.evaluation_id)
    const answered = hasAnswered(row, entries, evaluationId)
    const last = (kinds: string[]) => entries.findLast((entry) => kinds.includes(entry.kind))
    const reply = last(['case.reply'])
    const asked = row.state === 'waiting' ? last(['case.ask_citizen']) : undefined
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
      canAnswer: row.state === 'resurvey' && !answered,
      /** said so already; others whose words the case is about have not */
      awaitsOthers: row.state === 'resurvey' && answered,
      rejected: row.rejected,
      /** what the organisation asks the citizen to add; null when it waits for nothing */
      question: asked?.content?.question ?? null,
      extension: row.extension_status && {
        requestedDate: row.extension_until,
        status: row.extension_status,
        promisedOn: row.promised_on,
      },
      outcomeLabel: outcomeLabel(row.outcome),
      rejectionReasonLabel: row.rejected ? rejectionLabel(row.rejection_reason) : null,
    }
  }

  /**
   * Takes what the citizen adds to what they were asked (R14); the clock of the organisation goes on.
   * @throws Problem 404 case-unknown, 409 nothing-asked, 422 invalid
   */
  async function supply(evaluationId: string, given: string): Promise<void> {
    const words = cleanText(given) ?? ''
    await app.db.system.transaction().execute(async (tx) => {
      const row = await store.lockCase(tx, await caseIdOf(tx, evaluationId))
      if (!row) throw notFound('case-unknown', '没有找到这个差评件。')
      if (row.state !== 'waiting')
        throw conflict('nothing-asked', '办理单位现在没有请您补充，或已按现有情况继续办理。')
      await moves.apply(tx, row, { event: 'citizen_supplied', actor: 'citizen', values: { words } })
    })
    app.nudge()
  }

  /** Who will answer a negative rating and by when, by the clocks its case will start with. */
  async function expected(receipt: {
    organizationId: string
    regionCode: string
    itemCode?: string
    hallCode?: string
    submittedAt: Date
  }) {
    const place = {
      region_code: receipt.regionCode,
      item_code: receipt.itemCode ?? '',
      hall_code: receipt.hallCode ?? '',
    }
    const sign = await clocks.start('sign', place, receipt.submittedAt)
    const signBy = new Date(sign.dueAt!)
    const answer = await clocks.start('fix', place, signBy)
    return {
      organizationName: await nameOf(receipt.organizationId),
      signBy,
      answerBy: new Date(answer.dueAt!),
      provisional: sign.provisional || answer.provisional,
    }
  }

  return { citizenView, answerSurvey: makeSurvey(app, moves).answerSurvey, supply, expected }
}

const AGAIN: Record<string, string> = {
  'case.answer_unsolved': '您表示没有解决，重新办理',
  'case.record_unsolved': '您在电话中表示没有解决，重新办理',
  'case.object_rejection': '您对不予采纳有异议，重新办理',
  'case.reopen_by_inspection': '督查发现问题，重新办理',
  'case.reopen_by_source': '同一事项再次反映，重新办理',
}

const FIRST: Record<string, string> = { complaint: '已收到投诉', opinion: '已收到意见' }

/** The way of a case in five steps, of the round it is in. */
function stepsOf(row: CaseRow, entries: store.HistoryEntry[]) {
  const ofRound = entries.filter((e) => e.payload.round === row.round)
  const at = (kinds: string[]) => ofRound.findLast((e) => kinds.includes(e.kind))?.recorded_at ?? null
  const again = ofRound.findLast((e) => Object.hasOwn(AGAIN, e.kind))
  const step = (label: string, when: Date | null) => ({ label, at: when, done: when !== null })
  return [
    row.round === 1
      ? step(FIRST[row.source_kind] ?? '已收到评价', row.opened_at)
      : step(`${AGAIN[again?.kind ?? ''] ?? '重新办理'}（第 ${row.round} 轮）`, row.round_since),
    step('办理单位接手并指定核实人', at(['case.sign'])),
    step('核实并办理', at(['case.complete', 'case.explained', 'case.confirm_rejection'])),
    step('答复您', at(['case.reply'])),
    step('您说说是否解决', row.closed_at),
  ]
}
