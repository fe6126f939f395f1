import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

/** A hall opens or stays shut other than the common calendar says: on a date, or on a weekday ('1' Monday … '7'). */
export interface HallDayTable {
  hall_code: string
  day: string
  open: boolean
  note: Generated<string>
}

/** Days of a known year, or of halls, were changed; what runs over them is looked through until it is done. */
export interface CalendarCorrectionTable {
  correction_id: string
  /** null where opening days of halls were changed */
  year: number | null
  halls: Generated<string[]>
  first_day: string
  last_day: string
  decided_at: Date
  done_at: Date | null
}

export interface SummaryTable {
  summary_id: string
  period: string
  scope: string
  round: number
  figures: Json
  position: string
  as_of: Date
  state: string
  drafted_at: Date
  approved_by: string | null
  approved_at: Date | null
  published_by: string | null
  published_at: Date | null
  withdrawn_by: string | null
  withdrawn_at: Date | null
  withdrawal: Generated<string>
  version: Generated<number>
}

/** A promise to rectify by a date, and what became of it; derived from the journal. */
export interface CommitmentTable {
  evaluation_id: string
  /** the entry in which it was made */
  entry_id: string
  version: number
  round: number
  case_number: string
  item_code: string
  staff_number: string
  organization_id: string
  organization_path: string
  region_code: string
  promised_at: Date
  promised_first: string
  promised_on: string
  extensions: Generated<number>
  completed_at: Date | null
}

/** The tables of clocks, promises and summaries. */
export interface ClocksTables {
  calendar_correction: CalendarCorrectionTable
  commitment: CommitmentTable
  hall_day: HallDayTable
  summary: SummaryTable
}
