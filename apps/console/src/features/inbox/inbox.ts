import { onScopeDispose, reactive } from 'vue'
import { api } from '../../api.ts'

/** A notice for the signed-in official. */
export interface Notice {
  itemId: string
  kind: string
  templateLabel: string
  title: string
  body: string
  /** where in the console the matter is */
  path: string
  urgent: boolean
  createdAt: string
  readAt: string | null
}

export interface InboxList {
  items: Notice[]
  /** the kinds among all one's notices, the most frequent first */
  kinds: { kind: string; label: string; count: number }[]
  total: number
  unread: number
  /** where notices are sent as well; '' for nowhere */
  email: string
  /** whether a mail server is set up */
  emailPossible: boolean
}

/** What the top bar shows of the inbox. */
export const inbox = reactive({ unread: 0 })

const EVERY_MS = 60_000

/**
 * Keeps the count of unread notices fresh while the screen is looked at: now, every minute, and on coming back to it.
 * The server counts these questions as no sign of life, so that a console left alone still signs out.
 */
export function watchInbox(): void {
  const ask = async () => {
    if (document.hidden) return
    const answer = await api.get<{ unread: number }>('/api/v1/inbox/unread').catch(() => null)
    if (answer) inbox.unread = answer.unread
  }
  const timer = setInterval(ask, EVERY_MS)
  const back = () => void ask()
  document.addEventListener('visibilitychange', back)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', back)
  })
  void ask()
}

/** Marks a notice as read, here and at the server. */
export async function markRead(notice: Notice): Promise<void> {
  if (notice.readAt) return
  inbox.unread = (await api.post<{ unread: number }>(`/api/v1/inbox/${notice.itemId}/read`, {})).unread
}

export async function markAllRead(): Promise<void> {
  inbox.unread = (await api.post<{ unread: number }>('/api/v1/inbox/read-all', {})).unread
}
