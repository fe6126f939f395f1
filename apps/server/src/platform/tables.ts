import type { ColumnType, Generated } from 'kysely'
import type { AppealsTables } from './tables.appeals.ts'
import type { CatalogTables } from './tables.catalog.ts'
import type { ClocksTables } from './tables.clocks.ts'
import type { FiguresTables } from './tables.figures.ts'
import type { LedgerTables } from './tables.ledger.ts'
import type { MessageStanding, NotificationsTables } from './tables.notifications.ts'
import type { RectificationTables } from './tables.rectification.ts'
import type { SavedViewTables } from './tables.saved-views.ts'
import type { SourcesTables } from './tables.sources.ts'
import type { SupervisionTables } from './tables.supervision.ts'

export type * from './tables.catalog.ts'
export type * from './tables.figures.ts'
export type * from './tables.ledger.ts'

/** A jsonb column: read as a value, written as JSON text. */
export type Json = ColumnType<JsonValue, string, string>
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

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

/** Every table, by its name; the columns as the migrations make them. */
export interface Tables
  extends CatalogTables,
    LedgerTables,
    FiguresTables,
    ClocksTables,
    AppealsTables,
    NotificationsTables,
    SavedViewTables,
    RectificationTables,
    SourcesTables,
    SupervisionTables {
  partner_key: PartnerKeyTable
  deployment: DeploymentTable
  visit: VisitTable
  personal_data: PersonalDataTable
  invitation: InvitationTable
  rateable: RateableView
  evaluation: EvaluationTable
  partner_nonce: PartnerNonceTable
  rectification_case: RectificationCaseTable
  evidence_file: EvidenceFileTable
  outbound_message: OutboundMessageTable
  account: AccountTable
  session: SessionTable
  schema_migration: { name: string; digest: string; applied_at: Generated<Date> }
}
