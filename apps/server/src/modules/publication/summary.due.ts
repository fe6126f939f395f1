import { monthAfter } from './summary.figures.ts'
import type { Summary, SummaryState } from './summary.ts'

/** A month whose summaries are not all out, and how far they are. */
export interface DueMonth {
  period: string
  /** the last day on which they should be published (policy `summary_publish_day`), 'YYYY-MM-DD' */
  by: string
  /** that day is over */
  passed: boolean
  /** how many stand in each state; withdrawn: those that were not made anew */
  counts: Record<SummaryState, number>
}

/**
 * The months of which summaries are still due, the newest first: of each place the last round counts, and it is due
 * until it is published.
 *
 * @param day the day of the month after, by which they should be out
 * @param today 'YYYY-MM-DD' in Asia/Shanghai
 */
export function dueMonths(summaries: readonly Summary[], day: number, today: string): DueMonth[] {
  const last = new Map<string, Summary>()
  for (const summary of summaries) {
    const key = `${summary.period}/${summary.scope}`
    if ((last.get(key)?.round ?? 0) < summary.round) last.set(key, summary)
  }
  return [...Map.groupBy(last.values(), ({ period }) => period)]
    .filter(([, each]) => each.some(({ state }) => state !== 'published'))
    .map(([period, each]) => {
      const by = `${monthAfter(period)}-${String(day).padStart(2, '0')}`
      const of = (state: SummaryState) => each.filter((summary) => summary.state === state).length
      return {
        period,
        by,
        passed: today > by,
        counts: {
          draft: of('draft'),
          approved: of('approved'),
          published: of('published'),
          withdrawn: of('withdrawn'),
        },
      }
    })
    .toSorted((a, b) => b.period.localeCompare(a.period))
}
