import { maskPhone } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import type { Consumer, SealedEntry } from '../ledger/consumers.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { PeopleService } from '../people/people.service.ts'
import { localProvider, type MessageProvider } from './notifications.port.ts'
import * as store from './notifications.store.ts'

interface Needs {
  people: Pick<PeopleService, 'person'>
  invitations: Pick<InvitationsService, 'receiptToken' | 'receiptLink'>
  catalog: {
    organization(id: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
  }
  /** what carries messages out; null where none is set up: messages then wait */
  provider?: MessageProvider | null
}

/** The name its cursor stands under. */
export const MESSAGE_WRITER = 'notifications'

const SMS = 'sms'
const LINK = '{link}'
const TEMPLATES: Record<string, string> = { case_reply: '差评答复通知' }
const STATUSES: Record<string, string> = {
  queued: '待发送',
  sent: '已发送',
  failed: '发送失败',
  no_recipient: '无可用联系方式',
}
const BATCH = 100

const replyBody = (organization: string, item: string) =>
  `${organization}已答复您对“${item}”的评价。查看答复并告诉我们是否解决：${LINK}`

export type NotificationsService = ReturnType<typeof makeNotificationsService>

/** Tells citizens what became of their rating (R16). */
export function makeNotificationsService(app: App, needs: Needs) {
  const { people, invitations, catalog } = needs
  const ids = app.keys.derive('ids')
  const provider =
    needs.provider === undefined && app.config.mode === 'demo' ? localProvider : (needs.provider ?? null)

  const linked = (message: Pick<store.OutboundMessage, 'evaluation_id' | 'body'>) =>
    message.body.replace(LINK, invitations.receiptLink(invitations.receiptToken(message.evaluation_id)))

  const note = (tx: Tx, message: store.OutboundMessage, kind: string, status: string) =>
    appendEntry(tx, {
      subjectId: message.evaluation_id,
      kind,
      actor: 'system',
      at: app.clock(),
      payload: { messageId: message.message_id, medium: message.medium, template: message.template, status },
    })

  /**
   * The number a message may go to. Who rated without a name, or asked not to be contacted, is not: the answer is
   * on the progress page, and an unasked message would tell them that they are known after all.
   */
  async function phoneFor(
    tx: Tx,
    evaluationId: string,
    facts: { realName?: unknown; doNotContact?: unknown },
  ) {
    if (facts.realName !== true || facts.doNotContact === true) return null
    return (await people.person(tx, evaluationId))?.phone ?? null
  }

  async function queueReply(tx: Tx, entry: SealedEntry): Promise<void> {
    const p = entry.payload as Record<string, string | boolean>
    const [organization, item] = [
      await catalog.organization(String(p.organizationId)),
      await catalog.item(String(p.itemCode)),
    ]
    const phone = await phoneFor(tx, entry.subjectId, p)
    const message: store.OutboundMessage = {
      evaluation_id: entry.subjectId,
      message_id: derivedUuid(ids, 'message', entry.entryId),
      medium: SMS,
      template: 'case_reply',
      body: replyBody(organization?.name ?? '办理单位', item?.name ?? '所办事项'),
      recipient: phone ? maskPhone(phone) : '',
      status: phone ? 'queued' : 'no_recipient',
      created_at: app.clock(),
      sent_at: null,
      organization_path: String(p.organizationPath),
    }
    if (!(await store.insertMessage(tx, message))) return
    await note(tx, message, phone ? 'message.queued' : 'message.failed', message.status)
  }

  /** Queues a message for every reply once it is sealed. */
  const consumer: Consumer = {
    name: MESSAGE_WRITER,
    async handle(tx, entries) {
      for (const entry of entries) if (entry.kind === 'case.reply') await queueReply(tx, entry)
    },
  }

  /** Sends one message if it still waits. Killed before the commit it is sent again: at least once, never lost. */
  const deliverOne = (by: MessageProvider, evaluationId: string, messageId: string) =>
    app.db.system.transaction().execute(async (tx) => {
      const message = await store.lockMessage(tx, evaluationId, messageId)
      if (message?.status !== 'queued') return
      const phone = (await people.person(tx, evaluationId))?.phone
      const status = phone ? await attempt(by, { ...message, body: linked(message) }, phone) : 'no_recipient'
      await store.markMessage(tx, message, { status, sent_at: status === 'sent' ? app.clock() : null })
      await note(tx, message, status === 'sent' ? 'message.sent' : 'message.failed', status)
    })

  async function attempt(by: MessageProvider, message: store.OutboundMessage, phone: string) {
    try {
      await by.send({ messageId: message.message_id, phone, body: message.body })
      return 'sent'
    } catch (error) {
      app.log.error({ err: error, message: message.message_id, provider: by.name }, 'a message was not taken')
      return 'failed'
    }
  }

  /**
   * Sends what waits, each message once a round; one that cannot even be opened holds up no other. Gives how many
   * were tried. Without a provider they wait on.
   */
  async function deliver(): Promise<number> {
    if (!provider) return 0
    const tried = new Set<string>()
    for (;;) {
      const waiting = (await store.queued(app.db.system, BATCH)).filter((m) => !tried.has(m.message_id))
      if (waiting.length === 0) break
      for (const { evaluation_id, message_id } of waiting) {
        tried.add(message_id)
        try {
          await deliverOne(provider, evaluation_id, message_id)
        } catch (error) {
          app.log.error(
            { err: error, message: message_id },
            'a message could not be sent, will be tried again',
          )
        }
      }
    }
    if (tried.size > 0) app.nudge()
    return tried.size
  }

  /** Messages an official may see, newest first. The secret link is shown in a demonstration only. */
  async function list(official: Official, page: number, pageSize: number) {
    const { rows, total } = await asStaff(app.db, placeOf(official), (tx) =>
      store.listMessages(tx, page, pageSize),
    )
    const items = await Promise.all(
      rows.map(async (row) => {
        const organizationId = row.organization_path.split('/').filter(Boolean).at(-1) ?? ''
        return {
          messageId: row.message_id,
          medium: row.medium,
          template: row.template,
          templateLabel: TEMPLATES[row.template] ?? row.template,
          body: app.config.mode === 'demo' ? linked(row) : row.body,
          recipient: row.recipient,
          status: row.status,
          statusLabel: STATUSES[row.status] ?? row.status,
          createdAt: row.created_at.toISOString(),
          sentAt: row.sent_at?.toISOString() ?? null,
          organizationName: (await catalog.organization(organizationId))?.name ?? organizationId,
        }
      }),
    )
    return { items, total, page, pageSize }
  }

  return {
    consumer,
    deliver,
    list,
    chores: [{ name: 'deliver messages', run: deliver }],
  }
}
