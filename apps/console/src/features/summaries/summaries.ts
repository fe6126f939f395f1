/** A district or a department in a summary; no figures where too few rated. */
export interface SummaryLine {
  id: string
  name: string
  hidden: 'few' | 'rest' | null
  figures: {
    evaluations: number
    positive: number
    negative: number
    casesOpened: number
    casesRectified: number
    casesOnTime: number
    casesOverdue: number
  } | null
}

/** A summary of a month, with exactly what everybody will read once it is published. */
export interface Summary {
  summaryId: string
  period: string
  /** the organisation it is of */
  scope: string
  /** its name; '' for the whole city */
  scopeName: string
  round: number
  state: 'draft' | 'approved' | 'published' | 'withdrawn'
  stateLabel: string
  version: number
  position: number
  asOf: string
  draftedAt: string
  approvedBy: string | null
  approvedAt: string | null
  approvedByName: string | null
  publishedAt: string | null
  publishedByName: string | null
  withdrawnAt: string | null
  withdrawnByName: string | null
  withdrawal: string
  figures: {
    from: string
    to: string
    k: number
    visits: number
    evaluations: number | null
    cases: {
      opened: number
      rectified: number
      closed: number
      solved: number
      noAnswer: number
      notAdopted: number
      reopened: number
      everOverdue: number
    }
    indices: { key: string; name: string; numerator: number; denominator: number }[]
    districts: SummaryLine[]
    departments: SummaryLine[]
  }
}

/** '东湖区' or '全市'. */
export const scopeText = ({ scopeName }: Pick<Summary, 'scopeName'>) => scopeName || '全市'

/** '2026年10月' for '2026-10'. */
export const monthText = (period: string) => `${period.slice(0, 4)}年${Number(period.slice(5))}月`

/** The month that ended last, as of a day 'YYYY-MM-DD': '2026-10'. */
export function lastMonth(today: string): string {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))]
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}
