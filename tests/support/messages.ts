import type { SubmitEvaluation } from '../../apps/server/src/modules/evaluations/evaluations.schema.ts'
import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import { verifyLedger } from '../../apps/server/src/modules/ledger/verify.ts'
import { gatewayCarrier } from '../../apps/server/src/modules/notifications/carriers/gateway.ts'
import type { Carriers } from '../../apps/server/src/modules/notifications/notifications.port.ts'
import { makeNotificationsService } from '../../apps/server/src/modules/notifications/notifications.service.ts'
import type { TestApp } from './app.ts'
import { aCase, act } from './cases.ts'
import type { Gateway } from './gateway.ts'

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

/** What tests of messages ask and do; `now` gives the system, the handler and the gateway of the running test. */
export function messageTools(now: () => { t: TestApp; handler: Official; gateway: Gateway }) {
  let phones = 0
  const aPhone = () => `139876${String(10_000 + ++phones)}`

  const answered = (rating: Partial<SubmitEvaluation> = { realName: true, phone: aPhone() }) =>
    answeredCase(now().t, now().handler, rating)
  const messagesOf = async (id: string) =>
    (
      await now().t.asOwner('select * from outbound_message where evaluation_id = $1 order by created_at', [
        id,
      ])
    ).rows
  const attemptsOf = async (id: string) =>
    (await now().t.asOwner('select * from message_attempt where evaluation_id = $1 order by attempt', [id]))
      .rows
  const journalOf = async (id: string) =>
    (
      await now().t.asOwner(
        `select kind, payload from journal_entry where subject_id = $1 and kind like 'message.%'
         order by (payload ->> 'step')::int, recorded_at`,
        [id],
      )
    ).rows
  const findings = async () => (await verifyLedger(now().t.app, now().t.services.rowChecks)).findings

  /** The room with the gateway of the test as its carrier. */
  const room = (carriers?: Carriers, app = now().t.app) =>
    makeNotificationsService(app, {
      ...now().t.services,
      chance: () => 0.5,
      carriers: carriers ?? {
        sms: gatewayCarrier({
          url: now().gateway.url,
          method: 'POST',
          type: 'json',
          headers: '{}',
          body: '{"phone":"{phone}","text":"{text}","id":"{id}"}',
          success: 'code=0',
          secret: '',
          signature: '',
        }),
      },
    })
  const received = () =>
    now().gateway.received.map((one) => JSON.parse(one.body) as { phone: string; text: string; id: string })
  const linkOf = (id: string) => {
    const { invitations } = now().t.services
    return invitations.receiptLink(invitations.receiptToken(id))
  }
  return { aPhone, answered, messagesOf, attemptsOf, journalOf, findings, room, received, linkOf }
}
