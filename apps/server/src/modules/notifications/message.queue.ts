import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import type { Consumer, SealedEntry } from '../ledger/consumers.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { Contact, Contacts, NoContact } from './contacts.ts'
import { TRIES } from './message.rules.ts'
import { filled, type TemplateKey } from './message.templates.ts'
import * as store from './notifications.store.ts'
import type { Templates } from './templates.service.ts'

/** What making messages needs of other rooms. */
export interface QueueNeeds {
  contacts: Contacts
  templates: Templates
  catalog: {
    organization(id: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
  }
  cases: {
    /** everybody whose words a case is about */
    evaluatorsOf(tx: Tx, caseId: string): Promise<string[]>
    /** the case that a rating or complaint is part of */
    caseIdOf(tx: Tx, sourceId: string): Promise<string>
  }
}

/** A message that is to be made. The same cause, template and person always give the same message. */
export interface Draft {
  evaluationId: string
  /** what it comes from: an entry, or the message it reminds of */
  cause: string
  template: TemplateKey
  to: Contact | NoContact
  params: Record<string, string>
  organizationPath: string
  regionCode: string
  at: Date
  accountId?: string
}

/**
 * What a journal entry about a message says. What officials are told by e-mail has kinds of its own: it is no part of
 * what the citizen was told.
 */
export const noteMessage = (
  app: App,
  tx: Tx,
  message: Pick<store.OutboundMessage, 'evaluation_id' | 'message_id' | 'medium' | 'template'> & {
    account_id?: string | null | undefined
  },
  what: 'queued' | 'sent' | 'failed' | 'suppressed' | 'resent',
  more: { status: string; step: number; reason?: string; carrier?: string; attempts?: number },
  actor = 'system',
) =>
  appendEntry(tx, {
    subjectId: message.evaluation_id,
    kind: `${message.account_id ? 'notice' : 'message'}.${what}`,
    actor,
    at: app.clock(),
    payload: {
      messageId: message.message_id,
      medium: message.medium,
      template: message.template,
      ...more,
    },
  })

/** The name the cursor of the writer of messages stands under. */
export const MESSAGE_WRITER = 'notifications'

/** Which happenings citizens are told of, and in which words (R16, R29, Q69). */
const CITIZEN_TEMPLATES: Record<string, TemplateKey> = {
  'case.reply': 'case_reply',
  'case.ask_citizen': 'case_question',
  'appeal.filed': 'appeal_filed',
  'appeal.decided': 'appeal_decided',
  'appeal.reexamination_filed': 'appeal_reexamination_filed',
  'appeal.reexamined': 'appeal_reexamined',
  'appeal.withdrawn': 'appeal_withdrawn',
}

/** Makes messages, and the consumer that makes one for every happening citizens are told of. */
export function makeQueue(app: App, { contacts, templates, catalog, cases }: QueueNeeds) {
  const ids = app.keys.derive('ids')
  // Offered only where what is replied comes back to us.
  const heard = app.config.smsCallbackSecret !== '' || app.config.mode === 'demo'
  const replies = {
    answer: heard ? '解决了回复1，没有解决回复2。' : '',
    optOut: heard ? '拒收请回复TD' : '',
  }

  /** Writes a message and its entry, once. Nothing of the address is kept but its index and its mask. */
  async function put(tx: Tx, draft: Draft): Promise<boolean> {
    const { evaluationId, template, to, accountId } = draft
    const reason = typeof to === 'string' ? to : ''
    const medium = typeof to === 'string' ? 'sms' : to.medium
    const words = await templates.current(tx, template, medium)
    const params = { ...draft.params, ...replies }
    const message: store.NewMessage = {
      evaluation_id: evaluationId,
      message_id: derivedUuid(ids, 'message', draft.cause, template, accountId ?? 'citizen'),
      medium,
      template,
      template_version: words.version,
      title: filled(words.title, params),
      body: filled(words.body, params).trim(),
      params: JSON.stringify(draft.params),
      recipient: typeof to === 'string' ? '' : to.masked,
      address_index: typeof to === 'string' ? null : to.index,
      account_id: accountId ?? null,
      status: reason === '' ? 'queued' : 'suppressed',
      reason,
      created_at: draft.at,
      sent_at: null,
      next_attempt_at: reason === '' ? draft.at : null,
      tries_left: TRIES,
      organization_path: draft.organizationPath,
      region_code: draft.regionCode,
    }
    if (!(await store.insertMessage(tx, message))) return false
    await noteMessage(app, tx, message, reason === '' ? 'queued' : 'suppressed', {
      status: message.status,
      step: 0,
      ...(reason !== '' && { reason }),
    })
    return true
  }

  async function tellCitizen(
    tx: Tx,
    entry: SealedEntry,
    template: TemplateKey,
    evaluationId: string,
  ): Promise<void> {
    const told = await contacts.toldBy(tx, evaluationId)
    const p = { ...told, ...(entry.payload as Record<string, string | boolean>) }
    const organization = await catalog.organization(String(p.organizationId))
    const item = await catalog.item(String(p.itemCode))
    await put(tx, {
      evaluationId,
      cause: evaluationId === entry.subjectId ? entry.entryId : `${entry.entryId} ${evaluationId}`,
      template,
      // Not as the case has it, which is real-name when anybody in it is: each is reached as they themselves wished.
      to: await contacts.forCitizen(tx, evaluationId, told ?? {}),
      params: { organization: organization?.name ?? '办理单位', item: item?.name ?? '所办事项' },
      organizationPath: String(p.organizationPath ?? ''),
      regionCode: String(p.regionCode ?? ''),
      at: entry.recordedAt,
    })
  }

  async function remindOf(tx: Tx, key: Parameters<typeof store.takeReminder>[1], now: Date): Promise<void> {
    const request = await store.takeReminder(tx, key, now)
    if (!request) return
    const caseId = await cases.caseIdOf(tx, request.evaluation_id)
    if (await store.isAnswered(tx, caseId, request.evaluation_id, request.created_at)) return
    const told = await contacts.toldBy(tx, request.evaluation_id)
    await put(tx, {
      evaluationId: request.evaluation_id,
      cause: request.message_id,
      template: 'case_reminder',
      to: await contacts.forCitizen(tx, request.evaluation_id, told ?? {}),
      params: request.params,
      organizationPath: request.organization_path,
      regionCode: request.region_code,
      at: now,
    })
  }

  /** Reminds once of a request nobody has answered (P7: one request and one reminder, never more). */
  async function remind(limit: number): Promise<number> {
    const now = app.clock()
    const found = await store.dueReminders(app.db.system, now, limit)
    for (const key of found)
      try {
        await app.db.system.transaction().execute((tx) => remindOf(tx, key, now))
      } catch (error) {
        app.log.error(
          { err: error, message: key.message_id },
          'a reminder could not be made, will be tried again',
        )
      }
    return found.length
  }

  /** Makes a message for each entry that citizens are told of, once it is sealed. */
  const consumer: Consumer = {
    name: MESSAGE_WRITER,
    async handle(tx, entries) {
      for (const entry of entries) {
        const template = CITIZEN_TEMPLATES[entry.kind]
        // What they did themselves is no news to them.
        if (!template || entry.actor === 'citizen') continue
        // The one who opened it first: an appeal is about one rating, a case may be about several.
        const others = entry.kind.startsWith('case.') ? await cases.evaluatorsOf(tx, entry.subjectId) : []
        for (const id of new Set([entry.subjectId, ...others])) await tellCitizen(tx, entry, template, id)
      }
    },
  }

  return { put, remind, consumer }
}
export type Queue = ReturnType<typeof makeQueue>
