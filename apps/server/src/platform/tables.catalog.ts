import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

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

/** Tables of the directory, the working calendar and the policies. */
export interface CatalogTables {
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
}
