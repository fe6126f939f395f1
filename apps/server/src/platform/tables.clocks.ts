import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

/** A hall opens or stays shut other than the common calendar says: on a date, or on a weekday ('1' Monday … '7'). */
export interface HallDayTable {
  hall_code: string
  day: string
  open: boolean
  note: Generated<string>
}

/** Days of a known year were changed; what runs over them is looked through until it is done. */
export interface CalendarCorrectionTable {
  correction_id: string
  year: number
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

/** The tables of clocks and summaries. */
export interface ClocksTables {
  calendar_correction: CalendarCorrectionTable
  hall_day: HallDayTable
  summary: SummaryTable
}
