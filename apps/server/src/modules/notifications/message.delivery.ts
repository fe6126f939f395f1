import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import type { Contacts } from './contacts.ts'
import { noteMessage, type Queue, type QueueNeeds } from './message.queue.ts'
import { afterQuietHours, CAP_PERIOD_MS, LEASE_MS, pauseAfter, TRIES } from './message.rules.ts'
import { filled, type TemplateKey } from './message.templates.ts'
import { CarrierError, type Carriers, type Medium, type OutgoingMessage } from './notifications.port.ts'
import * as store from './notifications.store.ts'
import type { Templates } from './templates.service.ts'

/** What sending needs of other rooms. */
export interface DeliveryNeeds {
  contacts: Contacts
  templates: Templates
  queue: Pick<Queue, 'remind'>
  cases: Pick<QueueNeeds['cases'], 'caseIdOf'>
  carriers: Carriers
  invitations: Pick<InvitationsService, 'receiptToken' | 'receiptLink'>
  policies: { value(key: string, regionCode: string, at: Date): Promise<{ value: number }> }
  /** the address an official gave for their notices; undefined when they want none */
  officialAddress(tx: Tx, accountId: string): Promise<string | undefined>
  /** from 0 up to 1 */
  chance?: () => number
}

const BATCH = 50
const DAY = 86_400_000

/** Takes waiting messages out of the house. Any number of couriers may do it beside each other. */
export function makeDelivery(app: App, needs: DeliveryNeeds) {
  const { contacts, templates, carriers, invitations, policies, cases, chance = Math.random } = needs
  const media = Object.keys(carriers) as Medium[]

  /** What stands in for the link: the citizen's progress page, or the console. Put in only on the way out. */
  function linksOf(message: Pick<store.OutboundMessage, 'evaluation_id' | 'account_id' | 'params'>) {
    if (message.account_id) return { link: `${app.config.publicUrl}/console${message.params.path ?? '/'}` }
    const token = invitations.receiptToken(message.evaluation_id)
    return { link: invitations.receiptLink(token), token }
  }

  type Claimed = store.OutboundMessage
  type Verdict = { go: OutgoingMessage } | { suppress: string } | { defer: Date }

  /** The rules of P7, in the transaction that holds the message. They are the citizen's: officials are at work. */
  async function judge(tx: Tx, message: Claimed, now: Date): Promise<Verdict> {
    const medium = message.medium as Medium
    const found = message.account_id
      ? await officialContact(tx, message.account_id)
      : await contacts.addressFor(tx, message.evaluation_id, medium)
    if (!found) return { suppress: 'no_recipient' }
    if (!message.account_id) {
      await store.lockPerson(tx, found.index)
      if (await contacts.isOptedOut(tx, found.index)) return { suppress: 'opted_out' }
      if (isSurvey(message)) {
        const caseId = await cases.caseIdOf(tx, message.evaluation_id)
        if (await store.isAnswered(tx, caseId, message.evaluation_id, message.created_at))
          return { suppress: 'answered' }
      }
      const limit = async (key: string) => (await policies.value(key, message.region_code, now)).value
      const open = afterQuietHours(now, await limit('quiet_from'), await limit('quiet_to'))
      if (open > now) return { defer: open }
      const since = new Date(now.getTime() - CAP_PERIOD_MS)
      const sent = await store.sentSince(tx, found.index, since, message.message_id)
      if (sent >= (await limit('message_cap'))) return { suppress: 'capped' }
    }
    const words = await templates.current(tx, message.template as TemplateKey, medium)
    const links = linksOf(message)
    return {
      go: {
        messageId: message.message_id,
        medium,
        address: found.address,
        title: filled(message.title, links),
        body: filled(message.body, links),
        carrierCode: words.carrierCode,
        params: { ...message.params, ...links },
      },
    }
  }

  async function officialContact(tx: Tx, accountId: string) {
    const email = await needs.officialAddress(tx, accountId)
    return email ? contacts.official(email) : null
  }

  /** Takes one message for this courier, if it may go now; null when it may not, or another courier has it. */
  const claim = (key: Pick<Claimed, 'evaluation_id' | 'message_id'>) =>
    app.db.system.transaction().execute(async (tx) => {
      const now = app.clock()
      const message = await store.claimMessage(tx, key, now, new Date(now.getTime() + LEASE_MS))
      if (!message) return null
      await noteLost(tx, message)
      const verdict = await judge(tx, message, now)
      if ('go' in verdict) return message.tries_left < 0 ? giveUp(tx, message) : { message, out: verdict.go }
      // No attempt is made: it is not counted.
      const uncounted = {
        attempts: message.attempts - 1,
        tries_left: message.tries_left + 1,
        lease_until: null,
      }
      if ('defer' in verdict) {
        await store.setStanding(tx, message, {
          ...uncounted,
          status: 'queued',
          reason: 'quiet_hours',
          next_attempt_at: verdict.defer,
        })
        return null
      }
      const step = message.step + 1
      const ended = { status: 'suppressed', reason: verdict.suppress, step }
      await store.setStanding(tx, message, { ...uncounted, ...ended, next_attempt_at: null })
      await noteMessage(app, tx, message, 'suppressed', ended)
      return null
    })

  /** A courier that did not come back may have delivered: that is said, and it is delivered again. */
  async function noteLost(tx: Tx, { evaluation_id, message_id, attempts, medium }: Claimed): Promise<void> {
    if (attempts < 2) return
    const carrier = carriers[medium as Medium]?.name ?? ''
    const lost = { attempt: attempts - 1, carrier, outcome: 'lost', at: app.clock() }
    // Where the attempt was reported, its row is there and stays.
    await store.insertAttempt(tx, { evaluation_id, message_id, ...lost })
  }

  async function giveUp(tx: Tx, message: Claimed): Promise<null> {
    const ended = { status: 'dead', reason: 'lost', step: message.step + 1 }
    await store.setStanding(tx, message, { ...ended, lease_until: null, next_attempt_at: null })
    await noteMessage(app, tx, message, 'failed', { ...ended, attempts: message.attempts })
    return null
  }

  /** Hands a message to its carrier, outside of any transaction: a slow carrier holds no connection. */
  async function hand(message: Claimed, out: OutgoingMessage) {
    const carrier = carriers[message.medium as Medium]!
    try {
      const { reference } = await carrier.send(out)
      return { carrier: carrier.name, outcome: 'taken' as const, code: '', reference }
    } catch (error) {
      const known = error instanceof CarrierError
      const code = known ? error.code : 'internal'
      app.log.warn(
        { message: message.message_id, carrier: carrier.name, code, ...(!known && { err: error }) },
        'a message was not taken',
      )
      const outcome = known && error.final ? ('refused' as const) : ('failed' as const)
      return { carrier: carrier.name, outcome, code, reference: '' }
    }
  }

  /** Notes what became of an attempt. An answer that comes after the lease ended is noted and changes nothing else. */
  const settle = (message: Claimed, result: Awaited<ReturnType<typeof hand>>) =>
    app.db.system.transaction().execute(async (tx) => {
      const now = app.clock()
      const { evaluation_id, message_id, attempts } = message
      await store.insertAttempt(tx, { evaluation_id, message_id, attempt: attempts, ...result, at: now })
      const step = message.step + 1
      const { carrier, code } = result
      const idle = { lease_until: null, next_attempt_at: null }
      if (result.outcome === 'taken') {
        const remind_at = message.template === 'case_reply' ? await reminderAt(message, now) : null
        const sent = { status: 'sent', reason: '', step }
        if (await store.setStanding(tx, message, { ...idle, ...sent, sent_at: now, remind_at }))
          await noteMessage(app, tx, message, 'sent', { status: 'sent', step, carrier, attempts })
      } else if (result.outcome === 'refused' || message.tries_left <= 0) {
        const dead = { status: 'dead', reason: code, step }
        if (await store.setStanding(tx, message, { ...idle, ...dead }))
          await noteMessage(app, tx, message, 'failed', { ...dead, carrier, attempts })
      } else {
        const failures = Math.max(1, TRIES - message.tries_left)
        const next = new Date(now.getTime() + pauseAfter(failures, chance()))
        await store.setStanding(tx, message, {
          status: 'failed',
          reason: code,
          lease_until: null,
          next_attempt_at: next,
        })
      }
    })

  async function reminderAt({ region_code }: Claimed, now: Date): Promise<Date> {
    const { value } = await policies.value('reminder_after', region_code, now)
    return new Date(now.getTime() + value * DAY)
  }

  /**
   * One round: reminders that are due are made, then everything that may go is handed over, each message once; one
   * that cannot even be opened holds up no other. Gives how many were tried. A medium without a carrier waits.
   */
  async function deliver(stop?: AbortSignal): Promise<number> {
    const tried = new Set<string>()
    await needs.queue.remind(BATCH)
    for (;;) {
      const found =
        media.length === 0 ? [] : await store.dueMessages(app.db.system, media, app.clock(), BATCH)
      const fresh = found.filter((key) => !tried.has(key.message_id))
      if (fresh.length === 0) break
      for (const key of fresh) {
        if (stop?.aborted) return tried.size
        tried.add(key.message_id)
        try {
          const claimed = await claim(key)
          if (claimed) await settle(claimed.message, await hand(claimed.message, claimed.out))
        } catch (error) {
          app.log.error(
            { err: error, message: key.message_id },
            'a message could not be sent, will be tried again',
          )
        }
      }
    }
    if (tried.size > 0) app.nudge()
    return tried.size
  }

  return { deliver, linksOf, configured: (medium: string) => media.includes(medium as Medium) }
}
export type Delivery = ReturnType<typeof makeDelivery>

/** Messages that ask whether the case is solved: answered, there is nothing left to ask. */
const isSurvey = ({ template }: Pick<store.OutboundMessage, 'template'>) =>
  template === 'case_reply' || template === 'case_reminder'
