import type { SubmitEvaluation } from '../../apps/server/src/modules/evaluations/evaluations.schema.ts'
import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import type { TestApp } from './app.ts'
import { aCase, act } from './cases.ts'

/**
 * A case that was answered just now. Who wants to be called is called by day; the reply goes out so much later.
 */
export async function answeredCase(
  t: TestApp,
  handler: Official,
  rating: Partial<SubmitEvaluation>,
  later = 0,
): Promise<string> {
  t.clock.forward(60_000)
  const id = await aCase(t, rating)
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  if (rating.realName && !rating.doNotContact)
    await act(t, handler, id, 'record_contact', { result: 'reached', note: '已通话' })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
  await act(t, handler, id, 'explained', { explanation: '说明' })
  t.clock.forward(later)
  await act(t, handler, id, 'reply', { reply: '情况说明如下。' })
  await t.settle()
  return id
}

/** Puts off for good what earlier tests left waiting; their rows and entries still agree. */
export async function forgetWaiting(t: TestApp): Promise<void> {
  await t.asOwner(`update outbound_message set next_attempt_at = '9999-01-01', lease_until = null,
    status = case status when 'sending' then 'queued' else status end where status in ('queued', 'failed', 'sending')`)
  await t.asOwner('update outbound_message set remind_at = null')
}
