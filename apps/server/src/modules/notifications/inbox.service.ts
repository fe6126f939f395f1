import { CASE_CLOCKS, isCaseClockKey } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { badRequest, notFound } from '../../platform/problem.ts'
import type { Official } from '../identity/official.ts'
import type { Consumer, SealedEntry } from '../ledger/consumers.ts'
import * as contactFacts from './contacts.store.ts'
import { type Contact, isEmail } from './contacts.ts'
import {
  type InboxNeeds,
  isConfidential,
  isNews,
  makeInboxRules,
  type Notice,
  pathOf,
  settledBy,
} from './inbox.rules.ts'
import * as store from './inbox.store.ts'
import type { Queue } from './message.queue.ts'
import { definitionOf, filled, isTemplateKey } from './message.templates.ts'
import type { Templates } from './templates.service.ts'

interface Needs extends InboxNeeds {
  templates: Templates
  /** makes a message; null where notices cannot be sent by e-mail */
  put: Queue['put'] | null
  contactOf(email: string): Contact
  /** everybody whom a rating or a complaint is about, by staff number */
  about: { staffIn(tx: Tx, ids: readonly string[]): Promise<Map<string, Set<string>>> }
}

/** Clocks of orders and appeals, by the policy their entries name. */
const OTHER_CLOCKS: Record<string, string> = {
  order_answer: '督办答复期限',
  appeal_decision: '申诉处理期限',
  reexamination: '申诉复核期限',
}
/** What a clock is called in a notice. An entry of a case names it by its key, one of an order or appeal tells all of it. */
function clockLabel(clock: unknown): string {
  if (typeof clock === 'string' && isCaseClockKey(clock)) return `${CASE_CLOCKS[clock].label}期限`
  return OTHER_CLOCKS[String((clock as { policyKey?: unknown } | null | undefined)?.policyKey)] ?? '期限'
}
/** What is said by e-mail of what nobody else may know of. */
const CONFIDENTIAL = { title: '您有一条需要处理的消息', body: '内容请登录管理端查看。', path: '/inbox' }

/** '2026年10月' for '2026-10'. */
const monthText = (period: string) => period.replace(/^(\d{4})-0?(\d+)$/, '$1年$2月')

const MARKS: Record<string, string> = { '50': '50%', '80': '80%', '100': '100%' }

/** What officials are told in the console, and by e-mail where they want it. */
export function makeInbox(app: App, needs: Needs) {
  const { catalog, templates, put, contactOf } = needs
  const ids = app.keys.derive('ids')
  const rules = makeInboxRules(needs)

  /** What stands in the placeholders of a notice: never a word about who rated. */
  async function paramsOf(payload: Record<string, unknown>): Promise<Record<string, string>> {
    const organization = await catalog.organization(String(payload.organizationId ?? ''))
    const item = await catalog.item(String(payload.itemCode ?? ''))
    return {
      case: String(payload.caseNumber ?? '差评件'),
      item: item?.name ?? '所办事项',
      organization: organization?.name ?? '办理单位',
      clock: clockLabel(payload.clock),
      mark: MARKS[String(payload.mark)] ?? '',
      month: monthText(String(payload.period ?? '')),
    }
  }

  async function tell(tx: Tx, entry: SealedEntry): Promise<void> {
    // An order or an appeal says what it changes; what it is about, and whom besides, the newest entry of the case says.
    const own = entry.kind.startsWith('case.')
    const facts = own ? null : await contactFacts.caseFacts(tx, entry.subjectId)
    const given: Record<string, unknown> =
      typeof entry.payload.caseNumber === 'string'
        ? { joinedStaff: facts?.joinedStaff, ...entry.payload }
        : { ...facts, ...entry.payload }
    // What is said in confidence is not for anybody it may be about, whether there is a case or not.
    const about =
      isConfidential(entry.kind) && (await needs.about.staffIn(tx, [entry.subjectId])).get(entry.subjectId)
    const payload = about ? { ...given, joinedStaff: [...about] } : given
    for (const notice of await rules.noticesOf(tx, entry, payload)) await give(tx, entry, payload, notice)
  }

  /** Puts a notice into the inbox of each it is for, and sends it by e-mail to those who want that. */
  async function give(tx: Tx, entry: SealedEntry, payload: Record<string, unknown>, notice: Notice) {
    const words = await templates.current(tx, notice.template, 'inbox')
    const params = await paramsOf(payload)
    const [title, body] = [filled(words.title, params), filled(words.body, params)]
    const ownPath = String(payload.organizationPath)
    // What only the city may know of stands at the root: below it nobody sees that there is something.
    const organizationPath = notice.confidential ? `/${ownPath.split('/')[1]}/` : ownPath
    const rows = notice.to.map((to) => ({
      account_id: to.accountId,
      item_id: derivedUuid(ids, 'inbox', entry.entryId, to.accountId, notice.template),
      template: notice.template,
      title,
      body,
      path: notice.path,
      urgent: notice.urgent,
      organization_path: organizationPath,
      created_at: entry.recordedAt,
      read_at: null,
    }))
    const fresh = await store.insertItems(tx, rows)
    if (!put || fresh.length === 0) return
    const emails = await store.emailsOf(
      tx,
      fresh.map((row) => row.account_id),
    )
    for (const [accountId, email] of emails)
      await put(tx, {
        evaluationId: notice.confidential
          ? derivedUuid(ids, 'confidential-notice', entry.entryId)
          : entry.subjectId,
        cause: entry.entryId,
        template: 'official_notice',
        to: contactOf(email),
        params: notice.confidential ? CONFIDENTIAL : { title, body, path: notice.path },
        organizationPath,
        regionCode: notice.confidential ? '' : String(payload.regionCode ?? ''),
        at: entry.recordedAt,
        accountId,
      })
  }

  const consumer: Consumer = {
    name: 'inbox',
    async handle(tx, entries) {
      for (const entry of entries) {
        const settled = settledBy(entry.kind)
        if (settled.length > 0) await store.settle(tx, pathOf(entry), settled, entry.recordedAt)
        if (isNews(entry.kind)) await tell(tx, entry)
      }
    },
  }

  const unread = (official: Official) => store.countUnread(app.db.system, official.accountId)

  const labelOf = (kind: string) => (isTemplateKey(kind) ? definitionOf(kind).label : kind)

  /** One's own notices, newest first, and the kinds there are among all of them. */
  async function list(official: Official, filter: store.InboxFilter, page: number, pageSize: number) {
    const { system } = app.db
    const { rows, total } = await store.itemsOf(system, official.accountId, filter, page, pageSize)
    const kinds = await store.countByKind(system, official.accountId)
    return {
      items: rows.map((row) => ({
        itemId: row.item_id,
        kind: row.template,
        templateLabel: labelOf(row.template),
        title: row.title,
        body: row.body,
        path: row.path,
        urgent: row.urgent,
        createdAt: row.created_at.toISOString(),
        readAt: row.read_at?.toISOString() ?? null,
      })),
      kinds: kinds
        .map((one) => ({ ...one, label: labelOf(one.kind) }))
        .toSorted((a, b) => b.count - a.count || a.kind.localeCompare(b.kind)),
      total,
      page,
      pageSize,
      unread: await unread(official),
      email: (await store.emailOf(system, official.accountId)) ?? '',
      emailPossible: put !== null,
    }
  }

  /** @throws Problem 404 notice-unknown, also for somebody else's */
  async function read(official: Official, itemId: string) {
    if ((await store.markRead(app.db.system, official.accountId, app.clock(), itemId)) === 0)
      throw notFound('notice-unknown', '没有这条消息。')
    return { unread: await unread(official) }
  }

  async function readAll(official: Official) {
    await store.markRead(app.db.system, official.accountId, app.clock())
    return { unread: 0 }
  }

  /** Where one's notices are sent as well; '' for nowhere. @throws Problem 400 bad-address */
  async function setEmail(official: Official, email: string): Promise<void> {
    if (email !== '' && !isEmail(email)) throw badRequest('bad-address', '请填写正确的邮箱地址。', 'email')
    await store.setEmail(app.db.system, official.accountId, email)
  }

  return { consumer, list, read, readAll, setEmail, unread, emailOf: store.emailOf }
}
