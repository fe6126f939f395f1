import type { PolicyKey } from './policy.ts'

/** What policies are about, in the order they are shown. */
export const POLICY_GROUPS = {
  handling: '办理时限',
  contact: '回访和测评',
  rating: '评价',
  appeals: '申诉',
  supervision: '督办和超期上报',
  messages: '通知',
  publication: '公开和通报',
  accounts: '账号安全',
} as const
export type PolicyGroup = keyof typeof POLICY_GROUPS

/** The group of each policy: one that is added has to be given its own. */
export const POLICY_GROUP_OF: Record<PolicyKey, PolicyGroup> = {
  sign: 'handling',
  contact: 'handling',
  fix: 'handling',
  promised: 'handling',
  confirm: 'handling',
  reply: 'handling',
  extension_decision: 'handling',
  transfer_decision: 'handling',
  citizen_wait: 'handling',
  matter_reopen: 'handling',
  contact_attempts_per_day: 'contact',
  calling_from: 'contact',
  calling_to: 'contact',
  resurvey: 'contact',
  supplement: 'rating',
  follow_up: 'rating',
  resubmit_grace: 'rating',
  words_max: 'rating',
  appeal: 'appeals',
  appeal_decision: 'appeals',
  reexamination: 'appeals',
  order_answer: 'supervision',
  escalate_district: 'supervision',
  escalate_city: 'supervision',
  quiet_from: 'messages',
  quiet_to: 'messages',
  message_cap: 'messages',
  reminder_after: 'messages',
  ranking_minimum: 'publication',
  k_anonymity: 'publication',
  summary_day: 'publication',
  summary_publish_day: 'publication',
  lockout_failures: 'accounts',
  lockout_minutes: 'accounts',
  session_idle_minutes: 'accounts',
  session_absolute_minutes: 'accounts',
}
