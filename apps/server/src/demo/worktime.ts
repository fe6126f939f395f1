import { isWorkday, plusDays, shanghaiDate, type WorkCalendar } from '@haochaping/rules'

/** Office hours, in minutes of the day. */
const OFFICE = [
  [8 * 60 + 30, 11 * 60 + 30],
  [13 * 60, 16 * 60 + 30],
] as const

const MINUTE = 60_000
/** A minute of a Shanghai day. */
export const atMinute = (day: string, minute: number) =>
  new Date(Date.parse(`${day}T00:00:00+08:00`) + minute * MINUTE)
const minuteOf = (at: Date) => (at.getTime() - Date.parse(`${shanghaiDate(at)}T00:00:00+08:00`)) / MINUTE

/** The moment so many office minutes after another; officials act in office hours on working days. */
export function afterOfficeMinutes(calendar: WorkCalendar, from: Date, minutes: number): Date {
  let left = minutes
  let at = minuteOf(from)
  for (let day = shanghaiDate(from); ; day = plusDays(day, 1), at = 0) {
    if (!isWorkday(calendar, day)) continue
    for (const [opens, closes] of OFFICE) {
      const start = Math.max(opens, at)
      if (start >= closes) continue
      if (left <= closes - start) return atMinute(day, start + left)
      left -= closes - start
    }
  }
}

/** The working day so many working days before (n < 0) or after a day; 0 is the day itself, worked or not. */
export function workingDayFrom(calendar: WorkCalendar, day: string, n: number): string {
  const step = n < 0 ? -1 : 1
  let found = day
  for (let left = Math.abs(n); left > 0; ) {
    found = plusDays(found, step)
    if (isWorkday(calendar, found)) left--
  }
  return found
}
