import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

export interface AppealTable {
  evaluation_id: string
  appeal_id: string
  number: number
  state: string
  stage: string
  claim: string
  outcome: string | null
  first_outcome: string | null
  appellant_kind: string
  appellant_id: string
  organization_id: string
  organization_path: string
  region_code: string
  item_code: string
  staff_number: Generated<string>
  level: number
  first_instance: string
  citizen_heard: Generated<boolean>
  answer_until: Date
  /** what `answer_until` is the end of; null for an appeal from before it was kept */
  answer_clock: Json | null
  filed_at: Date
  decided_at: Date | null
  first_decider: string | null
  reexamine_until: Date | null
  reexamine_clock: Json | null
  reexamination_by: string | null
  reexamined_at: Date | null
  clock: Json
  due_at: Date | null
  due_provisional: Generated<boolean>
  next_alarm_at: Date | null
  overdue: Generated<boolean>
  ever_overdue: Generated<boolean>
  version: Generated<number>
}

/** The tables of the appeals room. */
export interface AppealsTables {
  appeal: AppealTable
}
