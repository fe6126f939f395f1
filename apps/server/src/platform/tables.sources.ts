/** The one rating after rectification. */
export interface FollowUpTable {
  evaluation_id: string
  submission_id: string
  level: number
  hall_level: number | null
  option_version: string
  option_codes: string[]
  has_words: boolean
  channel: number
  submitted_at: Date
  entry_id: string
  digest: Buffer
}

export interface ComplaintTable {
  evaluation_id: string
  complaint_number: string
  kind: string
  medium: string
  source: string
  source_number: string
  matter_id: string
  affair_number: string
  item_code: string
  organization_id: string
  organization_path: string
  region_code: string
  window_code: string
  staff_number: string
  real_name: boolean
  do_not_contact: boolean
  received_at: Date
  recorded_at: Date
  entry_id: string
  digest: Buffer
}

/** Which case a rating or complaint was joined to. */
export interface MatterLinkTable {
  evaluation_id: string
  matter_id: string
  case_evaluation_id: string
  linked_at: Date
  entry_id: string
}

/** The tables of what cases are about besides the first rating. */
export interface SourcesTables {
  follow_up: FollowUpTable
  complaint: ComplaintTable
  matter_link: MatterLinkTable
}
