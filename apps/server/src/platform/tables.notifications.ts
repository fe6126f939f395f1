import type { ColumnType, Generated } from 'kysely'

/** How far a message has come, beside what it says and to whom. */
export interface MessageStanding {
  /** counts the changes that stand in the journal */
  step: Generated<number>
  reason: Generated<string>
  template_version: Generated<number>
  title: Generated<string>
  params: ColumnType<Record<string, string>, string | undefined, string>
  region_code: Generated<string>
  account_id: ColumnType<string | null, string | null | undefined, string | null>
  address_index: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>
  attempts: Generated<number>
  tries_left: Generated<number>
  next_attempt_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  lease_until: ColumnType<Date | null, Date | null | undefined, Date | null>
  remind_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

export interface MessageAttemptTable {
  evaluation_id: string
  message_id: string
  attempt: number
  carrier: string
  outcome: string
  code: Generated<string>
  reference: Generated<string>
  at: Date
}

export interface MessageChannelTable {
  evaluation_id: string
  channel_id: string
  medium: string
  kek_id: string
  wrapped_key: Buffer
  address: Buffer
  address_index: Buffer
  entry_id: string
  created_at: Date
}

export interface MessageOptOutTable {
  subject_id: string
  entry_id: string
  opted_out: boolean
  via: string
  at: Date
}

export interface MessageTemplateTable {
  key: string
  medium: string
  version: number
  title: string
  body: string
  carrier_code: string
  changed_by: string
  changed_at: Date
}

export interface InboxItemTable {
  account_id: string
  item_id: string
  template: string
  title: string
  body: string
  path: string
  urgent: boolean
  organization_path: string
  created_at: Date
  read_at: Date | null
}

export interface AccountNoticeTable {
  account_id: string
  email: string
}

export interface NotificationsTables {
  message_attempt: MessageAttemptTable
  message_channel: MessageChannelTable
  message_opt_out: MessageOptOutTable
  message_template: MessageTemplateTable
  inbox_item: InboxItemTable
  account_notice: AccountNoticeTable
}
