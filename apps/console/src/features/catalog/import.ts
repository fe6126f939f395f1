/** One thing to know about one cell of a file. */
export interface Remark {
  line: number
  /** the column's title */
  field: string
  reason: string
}

/** What a run of an import came to. */
export interface Report {
  entity: string
  accepted: number
  inserted: number
  changed: number
  unchanged: number
  removed: number
  rejected: Remark[]
  /** cells left out of rows that were taken */
  quarantined: Remark[]
  warnings: Remark[]
  committed: boolean
}
