import { shortDay } from './days.ts'

/** A day that is not what its weekday says: a holiday, or a weekend worked. */
export interface SpecialDay {
  day: string
  kind: 'holiday' | 'workday'
  name: string
}

/** A year whose holidays deadlines need and nobody has loaded. */
export interface MissingYear {
  year: number
  why: 'current' | 'next' | 'running'
  cases: number
}

export interface CalendarOverview {
  years: { year: number; source: string }[]
  missing: MissingYear[]
}

export interface LineProblem {
  line: number
  field: string
  reason: string
}

export interface DayChange {
  day: string
  from: { kind: string; name: string } | null
  to: { kind: string; name: string } | null
}

export interface DeadlineMove {
  evaluationId: string
  caseNumber: string
  organizationName: string
  label: string
  from: string
  to: string
}

/** What loading a year would change, or has. */
export interface YearReport {
  year: number
  source: string
  committed: boolean
  rejected: LineProblem[]
  days: DayChange[]
  deadlines: { moved: number; settled: number; items: DeadlineMove[] }
}

/** An opening day of a hall: a date, or '1' (Monday) to '7'. */
export interface HallDay {
  day: string
  open: boolean
  note: string
}

export interface HallOpening {
  code: string
  name: string
  organizationName: string
  editable: boolean
  days: HallDay[]
}

export interface HallReport {
  rejected: LineProblem[]
  committed: boolean
  changed: number
  halls: { code: string; name: string; days: HallDay[] }[]
}

/** Why a year is needed, in words. */
export function missingText({ year, why, cases }: MissingYear): string {
  const wait = cases > 0 ? `已有 ${cases} 件办理中的差评件期限跨入这一年，标为“暂定”。` : ''
  if (why === 'current') return `今年（${year} 年）的节假日安排还没有录入，期限只跳过周末，不准确。${wait}`
  if (why === 'next') return `${year} 年的节假日安排还没有录入，国务院办公厅一般在 11 月公布。${wait}`
  return `${year} 年的节假日安排还没有录入。${wait}`
}

const dayWord = (of: DayChange['from']) =>
  of === null ? '按星期' : of.kind === 'holiday' ? `放假${of.name ? `（${of.name}）` : ''}` : '调休上班'

/** '1月1日：按星期 → 放假（元旦）' */
export const changeText = ({ day, from, to }: DayChange) =>
  `${shortDay(day)}：${dayWord(from)} → ${dayWord(to)}`
