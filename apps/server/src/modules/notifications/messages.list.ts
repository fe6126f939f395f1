import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { conflict, notFound } from '../../platform/problem.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import type { Delivery } from './message.delivery.ts'
import { noteMessage } from './message.queue.ts'
import { TRIES } from './message.rules.ts'
import { definitionOf, filled, isTemplateKey } from './message.templates.ts'
import * as list from './messages.list.store.ts'
import * as store from './notifications.store.ts'

export const MESSAGE_STATUSES = {
  queued: '待发送',
  sending: '发送中',
  sent: '已发送',
  failed: '发送未成，稍后重试',
  dead: '发送失败',
  suppressed: '不发送',
} as const
export const MEDIUM_LABELS: Record<string, string> = {
  sms: '短信',
  email: '邮件',
  wechat: '微信',
  inbox: '站内',
}

const REASONS: Record<string, string> = {
  no_recipient: '没有可用的联系方式，或评价人匿名',
  do_not_contact: '评价人不希望被联系',
  opted_out: '收件人已退订',
  capped: '收件人一周内收到的消息已达上限',
  answered: '评价人已经回答',
  quiet_hours: '免打扰时段，到点后发送',
  unreachable: '连接不上通道',
  timeout: '通道没有按时答复',
  lost: '程序中断，不知道是否已送出',
  internal: '系统出错，详见日志',
  'template-code-missing': '没有填写通道的模板编号',
}
/** A code of ours in words; of a carrier's codes the carrier's own manual tells. */
const reasonLabel = (code: string) => (code === '' ? '' : (REASONS[code] ?? `通道答复 ${code}`))

const CARRIERS: Record<string, string> = {
  local: '演示，不外发',
  aliyun: '阿里云短信',
  gateway: '短信网关',
  smtp: '邮件服务器',
  wechat: '微信',
}
const OUTCOMES: Record<string, string> = {
  taken: '已被通道接收',
  refused: '通道拒绝，不再重试',
  failed: '未被接收',
  lost: '没有得到答复',
}
/** How many are sent again at once. */
const MANY = 500

interface Needs {
  delivery: Pick<Delivery, 'linksOf' | 'configured'>
  catalog: { organization(id: string): Promise<{ name: string } | undefined> }
}

/** The messages as those who look after the carriers see them, and sending again what was given up. */
export function makeMessageList(app: App, { delivery, catalog }: Needs) {
  /** Messages an official may see, newest first, with their attempts. The secret link is shown in a demonstration only. */
  async function messages(official: Official, filter: list.MessageFilter, page: number, pageSize: number) {
    const { rows, total, counts, attempts } = await asStaff(app.db, placeOf(official), async (tx) => {
      const found = await list.listMessages(tx, filter, page, pageSize)
      const [evaluations, ids] = [
        found.rows.map((row) => row.evaluation_id),
        found.rows.map((row) => row.message_id),
      ]
      return {
        ...found,
        counts: await list.countsByStatus(tx),
        attempts: await list.attemptsOf(tx, evaluations, ids),
      }
    })
    const items = await Promise.all(
      rows.map(async (row) => {
        const organizationId = row.organization_path.split('/').filter(Boolean).at(-1) ?? ''
        const waits = ['queued', 'failed'].includes(row.status)
        return {
          messageId: row.message_id,
          medium: row.medium,
          mediumLabel: MEDIUM_LABELS[row.medium] ?? row.medium,
          template: row.template,
          templateLabel: isTemplateKey(row.template) ? definitionOf(row.template).label : row.template,
          templateVersion: row.template_version,
          title: row.title,
          body: app.config.mode === 'demo' ? filled(row.body, delivery.linksOf(row)) : row.body,
          recipient: row.recipient,
          status: row.status,
          statusLabel: MESSAGE_STATUSES[row.status as keyof typeof MESSAGE_STATUSES] ?? row.status,
          reasonLabel:
            waits && !delivery.configured(row.medium) ? '没有配置通道，在等待' : reasonLabel(row.reason),
          createdAt: row.created_at.toISOString(),
          sentAt: row.sent_at?.toISOString() ?? null,
          nextAttemptAt: waits ? (row.next_attempt_at?.toISOString() ?? null) : null,
          organizationName: (await catalog.organization(organizationId))?.name ?? organizationId,
          attempts: attempts
            .filter((attempt) => attempt.message_id === row.message_id)
            .map((attempt) => ({
              attempt: attempt.attempt,
              carrierLabel: CARRIERS[attempt.carrier] ?? attempt.carrier,
              outcome: attempt.outcome,
              outcomeLabel: OUTCOMES[attempt.outcome] ?? attempt.outcome,
              reasonLabel: reasonLabel(attempt.code),
              reference: attempt.reference,
              at: attempt.at.toISOString(),
            })),
        }
      }),
    )
    const byStatus = Object.fromEntries(counts.map(({ status, count }) => [status, Number(count)]))
    return { items, total, page, pageSize, counts: byStatus }
  }

  /** Puts a message that was given up back among those that wait; false when it is not one. */
  const again = (official: Official, messageId: string) =>
    app.db.system.transaction().execute(async (tx) => {
      const message = await store.lockMessage(tx, messageId)
      if (message?.status !== 'dead') return false
      const step = message.step + 1
      await store.setStanding(tx, message, {
        status: 'queued',
        reason: '',
        step,
        tries_left: TRIES,
        next_attempt_at: app.clock(),
      })
      await noteMessage(app, tx, message, 'resent', { status: 'queued', step }, actorOf(official))
      return true
    })

  /**
   * Sends a message again that was given up; the rules of P7 hold as before.
   * @throws Problem 404 message-unknown, 409 message-not-dead
   */
  async function resend(official: Official, messageId: string): Promise<void> {
    if (!(await asStaff(app.db, placeOf(official), (tx) => list.isVisible(tx, messageId))))
      throw notFound('message-unknown', '没有这条消息，或不在您的管辖范围内。')
    if (!(await again(official, messageId)))
      throw conflict('message-not-dead', '只有发送失败的消息可以重发，请刷新后查看它现在的状态。')
    app.nudge()
  }

  /** Sends again all that was given up within the official's place, up to 500 at once; gives how many. */
  async function resendAll(official: Official, filter: Pick<list.MessageFilter, 'template' | 'medium'>) {
    const ids = await asStaff(app.db, placeOf(official), (tx) => list.deadMessages(tx, filter, MANY))
    let resent = 0
    for (const id of ids) if (await again(official, id)) resent++
    if (resent > 0) app.nudge()
    return { resent }
  }

  return { messages, resend, resendAll }
}
