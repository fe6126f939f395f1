import type { Index } from '@haochaping/rules'
import { positiveRate } from '@haochaping/rules'
import type { PublicReport } from './public-report.ts'
import type { Hidden, PublicRow } from './suppression.ts'

/** A district or a department in a summary: whole numbers only, so that the journal can hold their digest. */
export interface SummaryLine {
  id: string
  name: string
  visits: number
  hidden: Hidden | null
  /** null where too few rated for it to be told */
  figures: SummaryCounts | null
}

export interface SummaryCounts {
  evaluations: number
  positive: number
  negative: number
  casesOpened: number
  casesRectified: number
  casesOnTime: number
  casesOverdue: number
}

/** What a summary says: the figures of the statistics as they may be published, and no others. */
export interface SummaryFigures {
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

const lineOf = ({ id, name, visits, hidden, figures }: PublicRow): SummaryLine => ({
  ...{ id, name, visits, hidden },
  figures: figures && {
    evaluations: figures.evaluations,
    positive: positiveRate(figures.levels).numerator,
    negative: figures.negative,
    casesOpened: figures.casesOpened,
    casesRectified: figures.casesRectified,
    casesOnTime: figures.casesOnTime,
    casesOverdue: figures.casesOverdue,
  },
})

const whole = ({ numerator, denominator }: Index) =>
  Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator)

/** The figures of a summary, out of the report that is published of the same period. */
export function summaryFigures(report: PublicReport): SummaryFigures {
  const { period, k, visits, evaluations, cases } = report
  const { opened, rectified, closed, solved, noAnswer, closedNotAdopted, reopened, everOverdue } = cases
  return {
    ...{ from: period.from, to: period.to, k, visits, evaluations },
    cases: {
      ...{ opened, rectified, closed, solved, noAnswer, notAdopted: closedNotAdopted, reopened, everOverdue },
    },
    indices: [...report.indices, report.followUps]
      .filter((index) => whole(index) && index.denominator > 0)
      .map(({ key, name, numerator, denominator }) => ({ key, name, numerator, denominator })),
    districts: report.districts.map(lineOf),
    departments: report.departments.map(lineOf),
  }
}

/** Whether there is anything to tell of a period. */
export const isEmpty = (figures: SummaryFigures): boolean =>
  figures.visits === 0 && figures.cases.opened === 0

/** The month before a day, as '2026-10'. */
export function monthBefore(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}

/** The month after a month, both as '2026-10'. */
export function monthAfter(period: string): string {
  const [year, month] = [Number(period.slice(0, 4)), Number(period.slice(5))]
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
}

/** The first and the last day of a month 'YYYY-MM'. */
export function daysOf(period: string): { from: string; to: string } {
  const [year, month] = [Number(period.slice(0, 4)), Number(period.slice(5))]
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return { from: `${period}-01`, to: `${period}-${last}` }
}
