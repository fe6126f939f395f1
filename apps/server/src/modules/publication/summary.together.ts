import type { App } from '../../platform/context.ts'
import { toProblem } from '../../platform/http.ts'
import { Problem } from '../../platform/problem.ts'
import type { Official } from '../identity/official.ts'
import type { Summary } from './summary.ts'

/** What may happen to many summaries at once; a withdrawal has a reason of its own. */
export const TOGETHER_ACTS = ['approve', 'publish'] as const
export type TogetherAct = (typeof TOGETHER_ACTS)[number]

type Change = (official: Official, id: string, version: number) => Promise<Summary>

/**
 * Approves or publishes many summaries (R19, Q72), each in a transaction and with a journal entry of its own: what is
 * refused for one holds up no other, and each is answered for, in the order they were named.
 */
export const makeSummariesTogether =
  (app: App, changes: Record<TogetherAct, Change>) =>
  async (official: Official, act: TogetherAct, items: readonly { id: string; version: number }[]) => {
    const answers = []
    for (const { id, version } of items)
      try {
        const { state, version: now } = await changes[act](official, id, version)
        answers.push({ id, ok: true as const, version: now, state })
      } catch (error) {
        if (!(error instanceof Problem))
          app.log.error({ err: error, summaryId: id }, 'one of many summaries failed')
        const { status, code, detail, errors = [] } = toProblem(error)
        answers.push({ id, ok: false as const, problem: { status, code, detail, errors } })
      }
    return answers
  }
