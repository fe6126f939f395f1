import type { TestApp } from './app.ts'

/** Puts off for good what earlier tests left waiting; their rows and entries still agree. */
export async function forgetWaiting(t: TestApp): Promise<void> {
  await t.asOwner(`update outbound_message set next_attempt_at = '9999-01-01', lease_until = null,
    status = case status when 'sending' then 'queued' else status end where status in ('queued', 'failed', 'sending')`)
  await t.asOwner('update outbound_message set remind_at = null')
}
