/** An organisation besides the lead: handles the case with it, or had it before. */
export interface CasePartyTable {
  evaluation_id: string
  party_id: string
  case_id: string
  organization_id: string
  organization_path: string
  kind: string
  since: Date
  until: Date | null
}

/** What opened a case or was joined to it. */
export interface CaseSourceTable {
  evaluation_id: string
  source_id: string
  case_id: string
  kind: string
  source_evaluation_id: string | null
  at: Date
}

export interface RectificationTables {
  case_party: CasePartyTable
  case_source: CaseSourceTable
}
