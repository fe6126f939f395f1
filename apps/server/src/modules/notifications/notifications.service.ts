import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import type { PeopleService } from '../people/people.service.ts'
import { carriersOf } from './carriers/carriers.ts'
import { makeContacts } from './contacts.ts'
import type { InboxNeeds } from './inbox.rules.ts'
import { makeInbox } from './inbox.service.ts'
import { makeDelivery } from './message.delivery.ts'
import { makeQueue, type QueueNeeds } from './message.queue.ts'
import { asksToStop } from './message.rules.ts'
import { makeMessageList } from './messages.list.ts'
import type { Carriers } from './notifications.port.ts'
import { makeTemplates } from './templates.service.ts'

interface Needs extends InboxNeeds {
  cases: QueueNeeds['cases'] & {
    /** takes what may be the answer of a re-survey; gives what became of it */
    surveyReply(phone: string, text: string): Promise<string>
  }
  people: Pick<PeopleService, 'person'>
  invitations: Pick<InvitationsService, 'receiptToken' | 'receiptLink'>
  /** everybody whom a rating or a complaint is about, by staff number */
  about: { staffIn(tx: Tx, ids: readonly string[]): Promise<Map<string, Set<string>>> }
  policies: { value(key: string, regionCode: string, at: Date): Promise<{ value: number }> }
  /** what carries messages out, where it is not what the settings name */
  carriers?: Carriers
  /** chance in the pauses between attempts, from 0 up to 1 */
  chance?: () => number
}

export type NotificationsService = ReturnType<typeof makeNotificationsService>

/** Tells citizens what became of their rating (R16), and officials what waits for them. */
export function makeNotificationsService(app: App, needs: Needs) {
  const carriers = needs.carriers ?? carriersOf(app)
  const contacts = makeContacts(app, needs)
  const templates = makeTemplates(app)
  const queue = makeQueue(app, { ...needs, contacts, templates })
  const inbox = makeInbox(app, {
    ...needs,
    templates,
    // Without a mail server notices by e-mail would wait for ever.
    put: carriers.email ? queue.put : null,
    contactOf: contacts.official,
  })
  const delivery = makeDelivery(app, {
    ...needs,
    contacts,
    templates,
    queue,
    carriers,
    officialAddress: (tx: Tx, accountId: string) => inbox.emailOf(tx, accountId),
  })
  const list = makeMessageList(app, { ...needs, delivery })

  /** What came back from a telephone by way of the gateway: a wish to be left alone, or the answer of a re-survey. */
  async function takeReply(given: { phone: string; text: string }) {
    const phone = given.phone.replace(/[\s-]/g, '').replace(/^(?:\+?86|0086)(?=1\d{10}$)/, '')
    if (!asksToStop(given.text)) return { status: await needs.cases.surveyReply(phone, given.text) }
    await contacts.optOutByPhone(phone)
    app.nudge()
    return { status: 'opted-out' as const }
  }

  return {
    consumers: [queue.consumer, inbox.consumer],
    couriers: [{ name: 'deliver messages', run: delivery.deliver }],
    deliver: delivery.deliver,
    list: list.messages,
    resend: list.resend,
    resendAll: list.resendAll,
    takeReply,
    templates,
    inbox,
    contact: {
      standing: contacts.standing,
      choose: contacts.choose,
      addChannel: contacts.addChannel,
    },
  }
}
