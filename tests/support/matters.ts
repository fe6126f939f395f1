import type { ComplaintReport } from '../../apps/server/src/modules/complaints/complaints.schema.ts'
import type { SubmitEvaluation } from '../../apps/server/src/modules/evaluations/evaluations.schema.ts'
import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import { verifyLedger } from '../../apps/server/src/modules/ledger/verify.ts'
import type { TestApp } from './app.ts'
import { act, journalOf } from './cases.ts'
import { complain } from './complaints.ts'
import { aRating } from './rating.ts'
import { aVisit } from './visits.ts'

/** What tests of cases with several evaluators do to an affair, and ask of its case. Both are asked for when needed. */
export const makeMatters = (app: () => TestApp, handler: () => Official) => ({
  /** A bad rating of one visit of an affair. */
  async rateBadly(
    affairNumber: string,
    visitNumber = 1,
    more: Partial<SubmitEvaluation> = {},
  ): Promise<string> {
    const t = app()
    const servedAt = new Date(t.clock.now.getTime() - 600_000).toISOString()
    const [answer] = await t.services.affairs.report({ source: 'hall' }, [
      aVisit({ affairNumber, visitNumber, servedAt }),
    ])
    if (!answer || answer.status === 'refused') throw new Error('refused')
    const receipt = await t.services.evaluations.submit(
      answer.token,
      aRating({ level: 1, words: `第 ${visitNumber} 次也没办成`, ...more }),
    )
    return receipt.evaluationId
  },
  complainOf: async (affairNumber: string, more: Partial<ComplaintReport> = {}): Promise<string> =>
    (await complain(app(), { affairNumber, receivedAt: app().clock.now.toISOString(), ...more })).id,
  /** Signs, calls back whoever left a name, explains and replies. */
  async reply(id: string): Promise<void> {
    const t = app()
    await act(t, handler(), id, 'sign', { verifier: handler().accountId })
    const { persons } = await t.services.rectification.detail(handler(), id)
    for (const person of persons.filter(({ doNotContact }) => !doNotContact))
      await act(t, handler(), id, 'record_contact', {
        evaluator: person.id,
        medium: 'phone',
        result: 'reached',
        note: '已说明',
      })
    await act(t, handler(), id, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler(), id, 'explained', { explanation: '说明' })
    await act(t, handler(), id, 'reply', { reply: '情况说明如下。' })
  },
  view: (id: string) => app().services.rectification.citizenView(id),
  answer: (id: string, said: 'satisfied' | 'basically' | 'unsolved') =>
    app().services.rectification.answerSurvey(id, { answer: said }),
  kinds: async (id: string) => (await journalOf(app(), id)).map((entry) => entry.kind),
  findings: async () => (await verifyLedger(app().app, app().services.rowChecks)).findings,
})
