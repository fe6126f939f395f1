import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

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

/** Tables of the rollups and of what the public sees. */
export interface FiguresTables {
  statistic_daily: StatisticDailyTable
  statistic_evaluation: StatisticEvaluationTable
  statistic_state: StatisticStateTable
  publication_case: PublicationCaseTable
}
