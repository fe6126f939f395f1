import { randomUUID } from 'node:crypto'
import type { VisitReport } from '../../apps/server/src/modules/affairs/affairs.schema.ts'
import type { SubmitEvaluation } from '../../apps/server/src/modules/evaluations/evaluations.schema.ts'
import type { TestApp } from './app.ts'
import { aVisit } from './visits.ts'

/** A plain rating: 满意, nothing more, anonymous. */
export const aRating = (over: Partial<SubmitEvaluation> = {}): SubmitEvaluation => ({
  level: 4,
  optionCodes: [],
  realName: false,
  channel: 3,
  submissionId: randomUUID(),
  ...over,
})

/** Reports a visit and gives the token it is answered with. @throws when it is refused */
export async function invite(t: TestApp, visit: Partial<VisitReport> = {}): Promise<string> {
  const [answer] = await t.services.affairs.report({ source: 'test' }, [aVisit(visit)])
  if (!answer || answer.status === 'refused') throw new Error(`refused: ${JSON.stringify(answer)}`)
  return answer.token
}

/** A visit and its rating; gives the receipt. */
export const rate = async (
  t: TestApp,
  rating: Partial<SubmitEvaluation> = {},
  visit: Partial<VisitReport> = {},
) => t.services.evaluations.submit(await invite(t, visit), aRating(rating))

/** Where a visit takes place, for `rate` and `invite` in the other district. */
export const at = (d: { item: string; window: string; staff: string }): Partial<VisitReport> => ({
  itemCode: d.item,
  windowCode: d.window,
  staffNumber: d.staff,
})
