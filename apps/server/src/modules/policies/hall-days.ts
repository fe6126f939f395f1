import { opensInAWeek } from '@haochaping/rules'
import type { JsonValue } from '../../platform/tables.ts'
import { type Column, day, flag, pattern, text } from '../catalog/catalog.columns.ts'
import type { FileRow } from '../catalog/catalog.files.ts'

/** An opening day of a hall as officials write it: `day` is a date, or '1' (Monday) to '7'. */
export interface HallDay {
  day: string
  open: boolean
  note: string
}

const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']
const weekdayOf = (raw: string) =>
  WEEKDAYS.indexOf(raw.replace(/^(星期|每周|礼拜)/, '周').replace(/^周天$/, '周日')) + 1

/** '2026-10-03' → itself, '6' → '周六'. */
export const hallDayText = (of: string) => (of.length > 1 ? of : `每${WEEKDAYS[Number(of) - 1] ?? of}`)

/** A day, or weekday, of a hall as it was and is; null where it goes by the working calendar. */
export interface HallChange extends Record<string, JsonValue> {
  hallCode: string
  day: string
  from: boolean | null
  to: boolean | null
}

/** The days of a hall that are opened or shut other than before. */
export function hallChanges(
  hallCode: string,
  before: readonly HallDay[],
  after: readonly HallDay[],
): HallChange[] {
  const [old, now] = [before, after].map((rows) => new Map(rows.map(({ day, open }) => [day, open])))
  return [...new Set([...old!.keys(), ...now!.keys()])]
    .toSorted()
    .map((day) => ({ hallCode, day, from: old!.get(day) ?? null, to: now!.get(day) ?? null }))
    .filter(({ from, to }) => from !== to)
}

/** The first and the last day that changes may be about; a weekday is in every year of the calendar. Null for none. */
export function spanOfHallDays(changes: readonly HallChange[]): { first: string; last: string } | null {
  if (changes.length === 0) return null
  const days = changes.map(({ day }) => day).toSorted()
  if (days.some((day) => day.length === 1)) return { first: '2000-01-01', last: '2100-12-31' }
  return { first: days[0]!, last: days.at(-1)! }
}

const dayOrWeekday = (name: string, title: string): Column => {
  const dates = day(name, title)
  return {
    ...dates,
    hint: '日期（2026-10-03）或星期（周六）',
    required: true,
    read: (raw) => {
      const weekday = weekdayOf(raw)
      if (weekday > 0) return { value: String(weekday) }
      const reading = dates.read(raw)
      return 'wrong' in reading ? { wrong: '应为日期（2026-10-03）或星期（周六）' } : reading
    },
  }
}

/** Why these days cannot be a hall's: it would be open on no day of the week, and no deadline would ever come. */
export const neverOpen = (days: readonly HallDay[]): string | null => {
  const weekdays = new Map(
    days.flatMap((row) => (row.day.length === 1 ? [[Number(row.day), row] as const] : [])),
  )
  return opensInAWeek(weekdays) ? null : '每周至少要有一天开放，否则按开放日计算的期限永远不会到期'
}

/** A file of opening days: the whole of each hall it names. */
export const HALL_DAYS_SHEET = {
  title: '大厅开放日',
  columns: [
    pattern(/^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/, '大厅编码', null)('hall_code', '大厅编码', {
      required: true,
    }),
    dayOrWeekday('day', '日期或星期'),
    flag(true)('open', '是否开放', { required: true }),
    text(100)('note', '说明'),
  ],
}

/** One thing wrong with one cell. */
export interface HallDayRejection {
  line: number
  field: string
  reason: string
}

/** The opening days of a file by hall, and what is wrong with its lines. */
export function readHallDays(file: readonly FileRow[]): {
  halls: Map<string, HallDay[]>
  rejected: HallDayRejection[]
} {
  const halls = new Map<string, HallDay[]>()
  const rejected: HallDayRejection[] = []
  for (const { line, cells } of file) {
    const values: Record<string, unknown> = {}
    let good = true
    for (const column of HALL_DAYS_SHEET.columns) {
      const raw = cells[column.name]?.trim() ?? ''
      const reading =
        raw !== '' ? column.read(raw) : column.required ? { wrong: '必填' } : { value: column.fallback }
      if ('value' in reading) values[column.name] = reading.value
      else {
        good = false
        rejected.push({ line, field: column.title, reason: reading.wrong })
      }
    }
    if (!good) continue
    const code = String(values.hall_code)
    const row = { day: String(values.day), open: values.open === true, note: String(values.note) }
    const days = halls.get(code) ?? []
    if (days.some((other) => other.day === row.day))
      rejected.push({ line, field: '日期或星期', reason: '这个大厅的这一天写了两次' })
    halls.set(code, [...days, row])
  }
  for (const [code, days] of halls) {
    const reason = neverOpen(days)
    if (reason) rejected.push({ line: 0, field: '日期或星期', reason: `“${code}”${reason}` })
  }
  return { halls, rejected }
}
