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
  appeals: number
  orders: number
  commitments: number
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

/** A running deadline that the year's days would move; `kept` ones stay where they were told to be. */
export interface DeadlineMove {
  kind: 'case' | 'appeal' | 'order'
  evaluationId: string
  name: string
  organizationName: string
  label: string
  from: string
  to: string | null
  change: 'settled' | 'provisional' | 'later' | 'kept'
}

/** What other days would do to running deadlines; `items` are the first of them. */
export interface DeadlineMoves {
  moved: number
  settled: number
  later: number
  kept: number
  items: DeadlineMove[]
}

/** Whether there is anything to decide: deadlines that were told as certain. */
export const toldMoves = ({ later, kept }: DeadlineMoves): boolean => later + kept > 0

/** What loading a year would change, or has. */
export interface YearReport {
  year: number
  source: string
  committed: boolean
  rejected: LineProblem[]
  days: DayChange[]
  /** how many of the changed days lie in a year that was known: it is corrected */
  corrected: number
  deadlines: DeadlineMoves
  /** the calendar it was found on; sent back with the decision, so that nothing else is changed than was shown */
  basis: string
}

/** What becomes of running deadlines when known days are corrected. */
export type Running = 'prolong' | 'keep'

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

/** What other opening days would change, or have. */
export interface HallChange {
  committed: boolean
  changed: number
  deadlines: DeadlineMoves
  basis: string
}

export interface HallReport extends HallChange {
  rejected: LineProblem[]
  halls: { code: string; name: string; days: HallDay[] }[]
}

/** Why a year is needed, in words. */
export function missingText({ year, why, cases, appeals, orders, commitments }: MissingYear): string {
  const crossing = [
    ...(cases > 0 ? [`${cases} 件差评件`] : []),
    ...(appeals > 0 ? [`${appeals} 件申诉`] : []),
    ...(orders > 0 ? [`${orders} 项督办`] : []),
  ].join('、')
  const wait = [
    ...(crossing ? [`已有${crossing}的期限跨入这一年，标为“暂定”。`] : []),
    ...(commitments > 0 ? [`${commitments} 项限期整改承诺的日期在这一年，录入后可能是放假的日子。`] : []),
  ].join('')
  if (why === 'current') return `今年（${year} 年）的节假日安排还没有录入，期限只跳过周末，不准确。${wait}`
  if (why === 'next') return `${year} 年的节假日安排还没有录入，国务院办公厅一般在 11 月公布。${wait}`
  return `${year} 年的节假日安排还没有录入。${wait}`
}

const dayWord = (of: DayChange['from']) =>
  of === null ? '按星期' : of.kind === 'holiday' ? `放假${of.name ? `（${of.name}）` : ''}` : '调休上班'

/** '1月1日：按星期 → 放假（元旦）' */
export const changeText = ({ day, from, to }: DayChange) =>
  `${shortDay(day)}：${dayWord(from)} → ${dayWord(to)}`
