import type { ColumnType, Generated } from 'kysely'
import type { AppealsTables } from './tables.appeals.ts'
import type { ClocksTables } from './tables.clocks.ts'
import type { MessageStanding, NotificationsTables } from './tables.notifications.ts'
import type { RectificationTables } from './tables.rectification.ts'
import type { SavedViewTables } from './tables.saved-views.ts'
import type { SourcesTables } from './tables.sources.ts'
import type { SupervisionTables } from './tables.supervision.ts'

/** A jsonb column: read as a value, written as JSON text. */
export type Json = ColumnType<JsonValue, string, string>
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

export interface RegionTable {
  code: string
  parent_code: string | null
  name: string
  kind: string
  official: boolean
  note: Generated<string>
  version: Generated<number>
}

export interface OrganizationTable {
  id: string
  parent_id: string | null
  path: string
  name: string
  short_name: string
  kind: string
  region_code: string
  uscc: Generated<string>
  is_management_body: Generated<boolean>
  sort: Generated<number>
  active: Generated<boolean>
  version: Generated<number>
}

export interface HallTable {
  code: string
  name: string
  organization_id: string
  region_code: string
  address: Generated<string>
  opening_hours: Generated<string>
  saturday_open: Generated<boolean>
  active: Generated<boolean>
  version: Generated<number>
}

export interface ServiceWindowTable {
  code: string
  hall_code: string
  name: string
  organization_id: string
  sort: Generated<number>
  active: Generated<boolean>
  version: Generated<number>
}

export interface PlatformTable {
  code: string
  name: string
  kind: string
  organization_id: string
  url: Generated<string>
  active: Generated<boolean>
  version: Generated<number>
}

export interface StaffMemberTable {
  number: string
  display_name: string
  organization_id: string
  window_code: string | null
  sample: Generated<boolean>
  active: Generated<boolean>
  version: Generated<number>
}

export interface ServiceItemTable {
  code: string
  handling_item_code: Generated<string>
  name: string
  kind: string
  organization_id: string
  level: string
  applicant_type: Generated<string>
  promise_kind: Generated<string>
  statutory_days: number | null
  promise_days: number | null
  visits_needed: number | null
  fee: Generated<boolean>
  legal_basis: Generated<string>
  online: Generated<boolean>
  sample: Generated<boolean>
  active: Generated<boolean>
  version: Generated<number>
}

export interface ServiceGuideTable {
  item_code: string
  accepting_body: string
  channels: string
  conditions: string
  materials: string
  process: string
  time_limit: string
  fee_basis: string
  fee_standard: string
  evaluation_channels: string
  phone: Generated<string>
  sample: Generated<boolean>
  version: Generated<number>
}

export interface CatalogVersionTable {
  entity: string
  key: string
  version: number
  content: Json
  changed_by: string
  changed_at: Date
}

export interface EvaluationOptionTable {
  scheme: string
  version: string
  level: number
  code: string
  label: string
  folded: boolean
  in_use: boolean
}

export interface CalendarYearTable {
  year: number
  source: string
  loaded_at: Date
}

export interface CalendarDayTable {
  day: string
  kind: string
  name: Generated<string>
  year: number
}

export interface PolicyTable {
  key: string
  region_code: string
  version: number
  value: number
  unit: string
  valid_from: Date
  source: Generated<string>
  note: Generated<string>
  changed_by: Generated<string>
  category: Generated<string>
}

export interface PartnerKeyTable {
  key_id: string
  source: string
  name: string
  kek_id: string
  wrapped_key: Buffer
  sealed_secret: Buffer
  active: Generated<boolean>
  created_at: Date
}

export interface DeploymentTable {
  key: string
  value: string
}

export interface VisitTable {
  evaluation_id: string
  visit_id: string
  source: string
  affair_number: string
  affair_name: string
  visit_number: number
  stage: string
  on_site: boolean
  item_code: string
  item_name: string
  organization_id: string
  organization_path: string
  region_code: string
  hall_code: Generated<string>
  window_code: Generated<string>
  staff_number: Generated<string>
  platform_code: Generated<string>
  applicant_type: string
  served_at: Date
  applied_at: Date | null
  accepted_at: Date | null
  finished_at: Date | null
  reported_at: Date
  entry_id: string
  digest: Buffer
}

export interface PersonalDataTable {
  evaluation_id: string
  owner_id: string
  kek_id: string
  wrapped_key: Buffer
  name: Buffer | null
  id_number: Buffer | null
  phone: Buffer | null
  phone_index: Buffer | null
  id_number_index: Buffer | null
  salt: Buffer
}

export interface InvitationTable {
  evaluation_id: string
  secret_hash: Buffer
  visit_id: string
  issued_at: Date
  expires_at: Date
}

/** The view of all that a token leads to. */
export interface RateableView
  extends Pick<
    VisitTable,
    | 'evaluation_id'
    | 'visit_id'
    | 'affair_number'
    | 'affair_name'
    | 'stage'
    | 'on_site'
    | 'item_code'
    | 'item_name'
    | 'organization_id'
    | 'organization_path'
    | 'region_code'
    | 'hall_code'
    | 'window_code'
    | 'staff_number'
    | 'platform_code'
    | 'served_at'
  > {
  secret_hash: Buffer
  expires_at: Date
  rated: boolean
  applicant_known: boolean
}

export interface EvaluationTable {
  evaluation_id: string
  visit_id: string
  submission_id: string
  receipt_number: string
  level: number
  hall_level: number | null
  option_version: string
  option_codes: string[]
  has_words: boolean
  real_name: boolean
  do_not_contact: boolean
  channel: number
  on_site: boolean
  stage: string
  item_code: string
  organization_id: string
  organization_path: string
  region_code: string
  hall_code: string
  window_code: string
  staff_number: string
  platform_code: string
  submitted_at: Date
  entry_id: string
  digest: Buffer
}

export interface JournalEntryTable {
  subject_id: string
  entry_id: string
  kind: string
  recorded_at: Date
  actor: string
  payload: Json
}

export interface EntryTextTable {
  subject_id: string
  entry_id: string
  salt: Buffer
  content: Json
}

export interface JournalPendingTable {
  subject_id: string
  entry_id: string
  since: Generated<Date>
}

export interface LedgerLeafTable {
  position: number
  subject_id: string
  entry_id: string
  leaf_hash: Buffer
}

export interface LedgerNodeTable {
  level: number
  index: number
  hash: Buffer
}

export interface LedgerCheckpointTable {
  size: number
  root: Buffer
  issued_at: Date
  key_id: string
  body: string
  signature: Buffer
}

export interface ConsumerCursorTable {
  consumer: string
  position: number
}

export interface PartnerNonceTable {
  key_id: string
  nonce: string
  seen_at: Date
}

export interface RectificationCaseTable {
  evaluation_id: string
  case_id: string
  case_number: string
  state: string
  round: Generated<number>
  level: number | null
  real_name: boolean
  do_not_contact: boolean
  contacted: Generated<boolean>
  replied: Generated<boolean>
  rejection_reason: string | null
  rejected: Generated<boolean>
  outcome: string | null
  item_code: string
  organization_id: string
  organization_path: string
  region_code: string
  staff_number: Generated<string>
  verifier_id: string | null
  promised_on: string | null
  opened_at: Date
  state_since: Date
  round_since: Date
  due_at: Date | null
  due_provisional: Generated<boolean>
  source_kind: Generated<string>
  hall_code: Generated<string>
  matter_id: string | null
  clocks: ColumnType<JsonValue, string | undefined, string>
  next_due_at: Date | null
  next_due_key: string | null
  next_alarm_at: Date | null
  missing_years: Generated<number[]>
  returns_to: string | null
  attempts: Generated<number>
  asked: Generated<boolean>
  transfer_to: string | null
  transfer_refused: Generated<boolean>
  first_promised_on: string | null
  extensions: Generated<number>
  extension_until: string | null
  extension_status: string | null
  false_reports: Generated<number>
  party_paths: Generated<string[]>
  reported_paths: Generated<string[]>
  reports_waived: Generated<boolean>
  joined_staff: Generated<string[]>
  persons: ColumnType<JsonValue, string | undefined, string>
  shared: Generated<boolean>
  overdue: Generated<boolean>
  ever_overdue: Generated<boolean>
  rectified_at: Date | null
  closed_at: Date | null
  version: Generated<number>
}

export interface EvidenceFileTable {
  evaluation_id: string
  file_id: string
  digest: string
  name: string
  media_type: string
  size: number
  uploaded_by: string
  uploaded_at: Date
  purpose: 'case' | 'appeal' | 'supervision'
}

export interface OutboundMessageTable extends MessageStanding {
  evaluation_id: string
  message_id: string
  medium: string
  template: string
  body: string
  recipient: string
  status: string
  created_at: Date
  sent_at: Date | null
  organization_path: string
}

export interface AccountTable {
  account_id: string
  username: string
  display_name: string
  password_hash: string
  role: string
  organization_id: string
  staff_number: string | null
  active: Generated<boolean>
  failed_attempts: Generated<number>
  locked_until: Date | null
  must_change_password: Generated<boolean>
  demo: Generated<boolean>
  created_at: Date
}

export interface SessionTable {
  secret_hash: Buffer
  account_id: string
  csrf_token: string
  created_at: Date
  last_seen_at: Date
}

export interface StatisticDailyTable {
  day: string
  organization_id: string
  organization_path: string
  region_code: string
  item_code: string
  hall_code: string
  window_code: string
  staff_number: string
  channel: number
  visits: Generated<number>
  rated: Generated<number>
  level_5: Generated<number>
  level_4: Generated<number>
  level_3: Generated<number>
  level_2: Generated<number>
  level_1: Generated<number>
  hall_5: Generated<number>
  hall_4: Generated<number>
  hall_3: Generated<number>
  hall_2: Generated<number>
  hall_1: Generated<number>
  real_name: Generated<number>
  excluded_mistaken: Generated<number>
  excluded_malicious: Generated<number>
  cases_opened: Generated<number>
  cases_adopted: Generated<number>
  cases_rectified: Generated<number>
  cases_on_time: Generated<number>
  cases_closed: Generated<number>
  cases_solved: Generated<number>
  cases_no_answer: Generated<number>
  cases_not_adopted: Generated<number>
  cases_reopened: Generated<number>
  cases_overdue: Generated<number>
  cases_ever_overdue: Generated<number>
  cases_contactable: Generated<number>
  cases_contacted: Generated<number>
  cases_from_complaint: Generated<number>
  cases_from_opinion: Generated<number>
  appeals_filed: Generated<number>
  appeals_decided: Generated<number>
  appeals_overturned: Generated<number>
  follow_ups: Generated<number>
  follow_ups_positive: Generated<number>
  complaints: Generated<number>
}

export interface StatisticEvaluationTable {
  evaluation_id: string
  remembered: Json
}

export interface StatisticStateTable {
  singleton: Generated<boolean>
  position: number
  as_of: Date
}

export interface PublicationCaseTable {
  case_number: string
  source_kind: Generated<string>
  level: number | null
  hall_level: number | null
  options: Json
  item_code: string
  organization_id: string
  organization_path: string
  region_code: string
  rated_at: Date
  opened_at: Date
  replied_at: Date | null
  closed_at: Date
  outcome: string
  rejection_reason: string | null
  rounds: number
  ever_overdue: boolean
  follow_up_level: number | null
  follow_up_at: Date | null
  steps: Json
}

/** Every table, by its name; the columns as the migrations make them. */
export interface Tables
  extends ClocksTables,
    AppealsTables,
    NotificationsTables,
    SavedViewTables,
    RectificationTables,
    SourcesTables,
    SupervisionTables {
  region: RegionTable
  organization: OrganizationTable
  hall: HallTable
  service_window: ServiceWindowTable
  platform: PlatformTable
  staff_member: StaffMemberTable
  service_item: ServiceItemTable
  service_guide: ServiceGuideTable
  catalog_version: CatalogVersionTable
  evaluation_option: EvaluationOptionTable
  calendar_year: CalendarYearTable
  calendar_day: CalendarDayTable
  policy: PolicyTable
  partner_key: PartnerKeyTable
  deployment: DeploymentTable
  visit: VisitTable
  personal_data: PersonalDataTable
  invitation: InvitationTable
  rateable: RateableView
  evaluation: EvaluationTable
  journal_entry: JournalEntryTable
  entry_text: EntryTextTable
  journal_pending: JournalPendingTable
  ledger_leaf: LedgerLeafTable
  ledger_node: LedgerNodeTable
  ledger_checkpoint: LedgerCheckpointTable
  consumer_cursor: ConsumerCursorTable
  partner_nonce: PartnerNonceTable
  rectification_case: RectificationCaseTable
  evidence_file: EvidenceFileTable
  outbound_message: OutboundMessageTable
  account: AccountTable
  session: SessionTable
  statistic_daily: StatisticDailyTable
  statistic_evaluation: StatisticEvaluationTable
  statistic_state: StatisticStateTable
  publication_case: PublicationCaseTable
  schema_migration: { name: string; digest: string; applied_at: Generated<Date> }
}
