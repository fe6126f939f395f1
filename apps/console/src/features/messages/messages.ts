import { api } from '../../api.ts'
import type { FilterField } from '../../components/filters.ts'
import type { Option } from '../../directory.ts'

/** One time a message was handed to its carrier. */
export interface Attempt {
  attempt: number
  carrierLabel: string
  outcome: 'taken' | 'refused' | 'failed' | 'lost'
  outcomeLabel: string
  reasonLabel: string
  at: string
}

/** A message to a citizen or an official; outside demo mode the link in it is not shown. */
export interface Message {
  messageId: string
  mediumLabel: string
  templateLabel: string
  title: string
  body: string
  recipient: string
  status: 'queued' | 'sending' | 'sent' | 'failed' | 'dead' | 'suppressed'
  statusLabel: string
  reasonLabel: string
  createdAt: string
  sentAt: string | null
  nextAttemptAt: string | null
  organizationName: string
  attempts: Attempt[]
}

export interface MessageList {
  items: Message[]
  total: number
  /** how many there are of each status */
  counts: Partial<Record<Message['status'], number>>
}

/** The words of a purpose in one medium. */
export interface Template {
  key: string
  medium: 'sms' | 'email' | 'wechat' | 'inbox'
  label: string
  audience: 'citizen' | 'official'
  placeholders: { name: string; label: string; sample: string }[]
  title: string
  body: string
  version: number
  carrierCode: string
  versions: { version: number; title: string; body: string; carrierCode: string; changedAt: string }[]
}

export const MEDIA: Option[] = [
  { value: 'sms', label: '短信' },
  { value: 'email', label: '邮件' },
  { value: 'wechat', label: '微信' },
]
export const mediumText = (medium: string) => MEDIA.find((one) => one.value === medium)?.label ?? '站内'

const STATUSES: Option[] = [
  { value: 'queued', label: '待发送' },
  { value: 'failed', label: '发送未成，稍后重试' },
  { value: 'sent', label: '已发送' },
  { value: 'dead', label: '发送失败' },
  { value: 'suppressed', label: '不发送' },
]

export const loadTemplates = async (signal?: AbortSignal): Promise<Template[]> =>
  (await api.get<{ items: Template[] }>('/api/v1/message-templates', {}, signal)).items

/** The purposes of messages that leave the house, each once. */
async function purposes(): Promise<Option[]> {
  const found = (await loadTemplates()).filter((one) => one.medium !== 'inbox')
  return [...new Map(found.map((one) => [one.key, { value: one.key, label: one.label }])).values()]
}

export const FILTERS: FilterField[] = [
  { kind: 'choice', key: 'status', label: '状态', options: STATUSES },
  { kind: 'choice', key: 'medium', label: '方式', options: MEDIA },
  { kind: 'choice', key: 'template', label: '用途', load: purposes },
  { kind: 'period', from: 'from', to: 'to', label: '生成时间' },
]
