import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

export interface SupervisionOrderTable {
  evaluation_id: string
  order_id: string
  kind: string
  state: string
  case_number: string
  item_code: string
  organization_id: string
  organization_path: string
  region_code: string
  staff_number: Generated<string>
  issuer_id: string
  issuer_path: string
  issued_by: string
  issued_at: Date
  clock: Json
  due_at: Date | null
  due_provisional: Generated<boolean>
  next_alarm_at: Date | null
  overdue: Generated<boolean>
  ever_overdue: Generated<boolean>
  answered_at: Date | null
  closed_at: Date | null
  version: Generated<number>
}

export interface SpotCheckTable {
  check_id: string
  title: string
  method: string
  selection: string
  state: string
  organization_id: string
  organization_path: string
  filter: Json
  seed: string | null
  seed_source: string | null
  seed_commitment: string | null
  percent: number | null
  size: number | null
  population_size: number | null
  population_digest: string | null
  planned_by: string
  planned_at: Date
  drawn_at: Date | null
  closed_at: Date | null
  version: Generated<number>
}

export interface SpotCheckPopulationTable {
  check_id: string
  ids: string[]
}

export interface SpotCheckItemTable {
  evaluation_id: string
  check_id: string
  /** where the round was planned: who may look at it before anything is found */
  check_path: string
  place: number
  case_number: string
  item_code: string
  organization_id: string
  organization_path: string
  region_code: string
  inspector_id: string | null
  finding: string | null
  found_at: Date | null
  found_by: string | null
  reopened: Generated<boolean>
  version: Generated<number>
}

export interface RetaliationReportTable {
  evaluation_id: string
  report_id: string
  state: string
  outcome: string | null
  organization_id: string
  organization_path: string
  region_code: string
  reported_at: Date
  answered_at: Date | null
  answered_by: string | null
  version: Generated<number>
}

/** The tables of supervision, as migration 0012 makes them. */
export interface SupervisionTables {
  supervision_order: SupervisionOrderTable
  spot_check: SpotCheckTable
  spot_check_population: SpotCheckPopulationTable
  spot_check_item: SpotCheckItemTable
  retaliation_report: RetaliationReportTable
}
