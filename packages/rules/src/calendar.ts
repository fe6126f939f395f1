/** A day that differs from plain weekday or weekend, or a named holiday. */
export interface CalendarDay {
  /** 'YYYY-MM-DD' */
  date: string
  kind: 'holiday' | 'workday'
  name?: string
}

/** Official working days: what the State Council's notices say, and for which years they are known. */
export interface WorkCalendar {
  days: ReadonlyMap<string, CalendarDay>
  years: ReadonlySet<number>
  /** opening days of halls that differ from the common ones, by hall code */
  halls?: ReadonlyMap<string, HallOpening>
  /** the hall this calendar speaks for (forHall); none: the common calendar */
  hall?: HallOpening
}

/** A hall opens, or stays shut, on one day or on every such weekday. */
export interface HallDay {
  hallCode: string
  /** 'YYYY-MM-DD'; null where it is a weekday */
  date: string | null
  /** 1 Monday … 7 Sunday; null where it is a date */
  weekday: number | null
  open: boolean
  note: string
}

interface Opening {
  open: boolean
  note: string
}
/** The opening days of one hall, as far as they differ. */
export interface HallOpening {
  dates: ReadonlyMap<string, Opening>
  weekdays: ReadonlyMap<number, Opening>
}

/** One day of a deadline's arithmetic. */
export interface CountedDay {
  date: string
  counted: boolean
  reason: string
}

/** A deadline with how it came about. */
export interface Deadline {
  due: Date
  /** true when a year without official data was crossed: weekends only were skipped there */
  provisional: boolean
  missingYears: number[]
  days: CountedDay[]
}

/**
 * Whether a hall is open on some day of a plain week. One that never is would let no deadline come: its weekdays are
 * not to be written down, and are not heeded where they are.
 * @param weekdays whether it is open, by weekday (1 Monday to 7 Sunday), as far as it differs from the plain week
 */
export const opensInAWeek = (weekdays: ReadonlyMap<number, { open: boolean }>): boolean =>
  [1, 2, 3, 4, 5, 6, 7].some((day) => weekdays.get(day)?.open ?? day <= 5)

/** Makes a calendar of its rows, the years that are loaded, and the opening days of halls. */
export function makeCalendar(
  days: readonly CalendarDay[],
  years: Iterable<number>,
  hallDays: readonly HallDay[] = [],
): WorkCalendar {
  const halls = new Map<string, { dates: Map<string, Opening>; weekdays: Map<number, Opening> }>()
  for (const { hallCode, date, weekday, open, note } of hallDays) {
    const hall = halls.get(hallCode) ?? { dates: new Map(), weekdays: new Map() }
    if (date !== null) hall.dates.set(date, { open, note })
    else if (weekday !== null) hall.weekdays.set(weekday, { open, note })
    halls.set(hallCode, hall)
  }
  for (const { weekdays } of halls.values()) if (!opensInAWeek(weekdays)) weekdays.clear()
  return { days: new Map(days.map((day) => [day.date, day])), years: new Set(years), halls }
}

/**
 * The calendar of a hall: what counts is whether it is open. A date the hall has named wins over the State Council's
 * notice, the notice over the hall's weekdays, these over the plain week. Without a hall, or for one that has no days
 * of its own, it is the common calendar.
 */
export function forHall(calendar: WorkCalendar, hallCode: string | null): WorkCalendar {
  const { days, years, halls } = calendar
  const hall = hallCode === null ? undefined : halls?.get(hallCode)
  return { days, years, ...(halls && { halls }), ...(hall && { hall }) }
}

const DAY = 86_400_000
const SHANGHAI = 8 * 3_600_000

/** The day in Asia/Shanghai (which has had no summer time since 1991), 'YYYY-MM-DD'. */
export const shanghaiDate = (at: Date): string => new Date(at.getTime() + SHANGHAI).toISOString().slice(0, 10)
/** The last millisecond of a Shanghai day. */
export const endOfShanghaiDay = (date: string): Date => new Date(`${date}T23:59:59.999+08:00`)
/** The first moment of a Shanghai day. */
export const startOfShanghaiDay = (date: string): Date => new Date(`${date}T00:00:00.000+08:00`)
/** The day so many days later (or earlier). */
export const plusDays = (date: string, n: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10)

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const weekday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay()

const openingReason = ({ open, note }: Opening, name: string) =>
  `${name}大厅${open ? '开放' : '不开放'}${note ? `（${note}）` : ''}`

const holidayReason = (name = '') => (name.endsWith('放假') ? name : `${name || '节假日'}放假`)

/** What a day is, with the reason in words. */
export function dayKind(
  calendar: WorkCalendar,
  date: string,
): { working: boolean; reason: string; known: boolean } {
  const day = weekday(date)
  const known = calendar.years.has(Number(date.slice(0, 4)))
  const own = calendar.hall?.dates.get(date)
  if (own) return { working: own.open, reason: openingReason(own, WEEKDAYS[day]!), known }
  const special = calendar.days.get(date)
  if (special?.kind === 'holiday') return { working: false, reason: holidayReason(special.name), known }
  if (special?.kind === 'workday') return { working: true, reason: `调休上班（${WEEKDAYS[day]}）`, known }
  const weekly = calendar.hall?.weekdays.get(day === 0 ? 7 : day)
  if (weekly) return { working: weekly.open, reason: openingReason(weekly, WEEKDAYS[day]!), known }
  const weekend = day === 0 || day === 6
  const note = known ? '' : '（该年放假安排未公布）'
  return { working: !weekend, reason: `${weekend ? `${WEEKDAYS[day]}休息` : WEEKDAYS[day]}${note}`, known }
}

/** True when the day is worked, 调休 and holidays considered. */
export const isWorkday = (calendar: WorkCalendar, date: string): boolean => dayKind(calendar, date).working

/**
 * The deadline n working days after a moment. Counting begins with the first working day after the day it starts
 * on; the deadline is the end of the n-th. With n = 0 it is the end of the same day, or of the next working day.
 *
 * A year whose official data is not loaded counts plain weekdays and makes the deadline provisional.
 *
 * @param n whole working days, 0 or more
 * @throws RangeError when n is not such a number
 * @example addWorkingDays(calendar, new Date('2026-09-30T10:00:00+08:00'), 1).due // 2026-10-08, end of day
 */
export function addWorkingDays(calendar: WorkCalendar, start: Date, n: number): Deadline {
  if (!Number.isInteger(n) || n < 0 || n > 2_000) throw new RangeError('working days: a whole number from 0')
  const days: CountedDay[] = []
  const missing = new Set<number>()
  let date = shanghaiDate(start)
  const visit = (): boolean => {
    const { working, reason, known } = dayKind(calendar, date)
    if (!known) missing.add(Number(date.slice(0, 4)))
    return days.push({ date, counted: working, reason }) > 0 && working
  }
  if (n === 0) {
    while (!visit()) date = plusDays(date, 1)
  } else {
    for (let left = n; left > 0; ) {
      date = plusDays(date, 1)
      if (visit()) left--
    }
  }
  return {
    due: endOfShanghaiDay(date),
    provisional: missing.size > 0,
    missingYears: [...missing].sort(),
    days,
  }
}

/** The deadline n calendar days after a moment: the end of that day. Never provisional. */
export function addCalendarDays(start: Date, n: number): Deadline {
  const first = shanghaiDate(start)
  const days = Array.from({ length: n }, (_, i) => ({
    date: plusDays(first, i + 1),
    counted: true,
    reason: '自然日',
  }))
  return { due: endOfShanghaiDay(plusDays(first, n)), provisional: false, missingYears: [], days }
}

/**
 * Working days left from one moment to another: 0 on the day itself, negative once it is past.
 * @example on Friday, due the following Monday: 1
 */
export function remainingWorkingDays(calendar: WorkCalendar, now: Date, due: Date): number {
  const [today, last] = [shanghaiDate(now), shanghaiDate(due)]
  const [from, to, sign] = today <= last ? [today, last, 1] : [last, today, -1]
  let count = 0
  for (let date = plusDays(from, 1); date <= to; date = plusDays(date, 1))
    if (isWorkday(calendar, date)) count++
  // Past its moment it is late, were it by a weekend only.
  if (sign < 0) return -Math.max(count, 1)
  return count
}
