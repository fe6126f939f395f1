import { api } from '../../api.ts'

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
  /** its summaryId: what lists pick it by */
  id: string
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

/** A month whose summaries are not all out. */
export interface DueMonth {
  period: string
  /** the last day on which they should be, 'YYYY-MM-DD' */
  by: string
  passed: boolean
  counts: Record<Summary['state'], number>
}

/** Every summary, and the months that are due. */
export async function loadSummaries(signal?: AbortSignal): Promise<{ items: Summary[]; due: DueMonth[] }> {
  const { items, due } = await api.get<{ items: Omit<Summary, 'id'>[]; due: DueMonth[] }>(
    '/api/v1/summaries',
    {},
    signal,
  )
  return { items: items.map((summary) => ({ ...summary, id: summary.summaryId })), due }
}

const DAY = 86_400_000
/** By when a month's summaries should be out, as of a day 'YYYY-MM-DD'. */
export function dueText({ by, passed }: DueMonth, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(by)) / DAY)
  const rule = `最晚应在 ${by} 公布（规则参数“每月公布上月通报的最晚日期”）`
  if (passed) return `${rule}，已经超过 ${days} 天。`
  return days === 0 ? `${rule}，今天是最后一天。` : `${rule}，还有 ${-days} 天。`
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
