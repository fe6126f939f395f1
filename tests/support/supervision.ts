import type { SubmitEvaluation } from '../../apps/server/src/modules/evaluations/evaluations.schema.ts'
import type { TestApp } from './app.ts'
import { aCase, act, official, PNG } from './cases.ts'
import { district } from './longming.ts'
import { at } from './rating.ts'

/** A case that its organisation took up, explained and replied to; the citizen has not answered yet. */
export async function aRepliedCase(
  t: TestApp,
  short: 'dh' | 'xl' = 'dh',
  rating: Partial<SubmitEvaluation> = {},
): Promise<string> {
  const handler = await official(t, `handler-${short}`)
  const id = await aCase(t, { level: 1, words: '跑了三趟', ...rating }, at(district(short)))
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  if (rating.realName) await act(t, handler, id, 'record_contact', { result: 'reached', note: '已核实' })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '《居民身份证法》第十一条' })
  await act(t, handler, id, 'explained', { explanation: '已向群众说明' })
  await act(t, handler, id, 'reply', { reply: '情况已说明，给您添麻烦了。' })
  return id
}

/** The same, closed by a content citizen. */
export async function aClosedCase(
  t: TestApp,
  short: 'dh' | 'xl' = 'dh',
  rating: Partial<SubmitEvaluation> = {},
): Promise<string> {
  const id = await aRepliedCase(t, short, rating)
  await t.services.rectification.answerSurvey(id, { answer: 'satisfied' })
  await t.settle()
  return id
}

/** Evidence that an inspector brings along; gives the id of the file. */
export const inspected = async (t: TestApp, by: Awaited<ReturnType<typeof official>>, id: string) =>
  (await t.services.supervision.findings.attach(by, id, { name: '现场.png', content: PNG })).fileId

/** What there is of supervision in one district, for the matrix of permissions. */
export interface SupervisionSample {
  caseNumber: string
  orderId: string
  checkId: string
  /** evidence of what the round found */
  foundFileId: string
  reportId: string
  promisedId: string
}

/** An order on a case, a round of spot checks that found nothing in it, a report of retaliation, and a promise. */
export async function supervisionSample(
  t: TestApp,
  short: 'dh' | 'xl',
  id: string,
): Promise<SupervisionSample> {
  const { supervision, rectification } = t.services
  const d = district(short)
  const [above, handler] = [await official(t, `district-${short}`), await official(t, `handler-${short}`)]
  const { caseNumber } = await rectification.detail(handler, id)
  const orderId = await supervision.orders.issue(above, id, { kind: 'supervise', demand: '请尽快答复' })
  const checkId = await supervision.checks.pick(above, {
    title: `抽查${short}`,
    method: 'call',
    caseNumbers: [caseNumber],
  })
  const foundFileId = await inspected(t, above, id)
  const found = { version: 1, finding: 'none', note: '属实' } as const
  await supervision.findings.record(above, checkId, id, { ...found, evidence: [foundFileId] })
  const rating = { evaluationId: id, organizationId: d.department, regionCode: d.region }
  await supervision.retaliation.report(rating, { statement: '有人打电话' })
  const reports = await supervision.retaliation.list(await official(t, 'city'), undefined, 1, 100)
  const promisedId = await aCase(t, {}, at(d))
  await act(t, handler, promisedId, 'sign', { verifier: handler.accountId })
  await act(t, handler, promisedId, 'promise', {
    finding: '属实',
    plan: '更换叫号机',
    owner: '李科长',
    promisedOn: '2026-11-27',
  })
  const { reportId } = reports.items.find((one) => one.id === id)!
  return { caseNumber, orderId, checkId, foundFileId, reportId, promisedId }
}
