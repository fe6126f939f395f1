import {
  addWorkingDays,
  type CountedDay,
  dayKind,
  endOfShanghaiDay,
  forHall,
  isWorkday,
  plusDays,
  shanghaiDate,
  startOfShanghaiDay,
  type WorkCalendar,
} from './calendar.ts'

/** The number a clock runs by: what the policy of its key says for a region at the moment it begins. */
export interface ClockRule {
  key: string
  label: string
  value: number
  unit: 'working_day' | 'calendar_day'
  version: number
  regionCode: string
  source: string
}

/** What an alarm is given for: half of the days, four fifths, all; then the levels above. */
export type AlarmMark = 50 | 80 | 100 | 'district' | 'city'

/** Every alarm of a clock, in the order they come. */
export const ALARM_MARKS: readonly AlarmMark[] = [50, 80, 100, 'district', 'city']

/** A clock stood still, until a moment or still. */
export interface ClockPause {
  from: string
  to: string | null
  reason: string
}

/** One clock of a case, as it is stored: moments are ISO strings, so it goes through JSON unchanged. */
export interface Clock extends ClockRule {
  /** whose opening days count; null: the common calendar */
  hallCode: string | null
  startedAt: string
  /** the day it runs to, where that was fixed (a promised date) instead of counted */
  until: string | null
  pauses: ClockPause[]
  /** the act it waited for happened, in time or not */
  stoppedAt: string | null
  /** null while it stands still before it has run out */
  dueAt: string | null
  /** true when a year without official data was crossed */
  provisional: boolean
  missingYears: number[]
  /** each mark once */
  fired: { mark: AlarmMark; at: string }[]
  /** its arithmetic, day by day, the days it stood still among them */
  days: CountedDay[]
  /** the last deadline that was told as certain before the calendar changed or it stood still: it is kept */
  noEarlierThan?: string
  /** the deadline that was told before a correction of the calendar made it later */
  prolongedFrom?: string
}

/** Working days after the due day until the next level hears of it. */
export interface Escalation {
  district: number
  city: number
}

/** The hours in which alarms are given, on working days, in Asia/Shanghai. */
export const WORKING_HOURS = { from: 9, to: 17 } as const

/**
 * A clock of counted days, begun at a moment (R15). It keeps the rule it began with; only the calendar may move it.
 * @param hallCode the hall whose opening days count; none: the common calendar
 * @throws RangeError when the rule's value is no whole number from 0 to 2000
 */
export const startClock = (
  rule: ClockRule,
  at: Date,
  calendar: WorkCalendar,
  hallCode: string | null = null,
): Clock => begin(rule, at, calendar, hallCode, null)

/**
 * A clock that runs to the end of a day that was promised, whatever the calendar will say: pauses are noted on it and
 * move nothing.
 * @param date 'YYYY-MM-DD'
 */
export const startClockUntil = (rule: ClockRule, at: Date, date: string, calendar: WorkCalendar): Clock =>
  begin(rule, at, calendar, null, date)

/**
 * Lets a clock stand still from a moment on. One that has run out stays run out, and no date that was promised moves;
 * one that is stopped, or stands still already, is given back as it is.
 */
export function pauseClock(clock: Clock, at: Date, reason: string): Clock {
  if (clock.stoppedAt !== null || isPaused(clock)) return clock
  const from = noEarlier(clock, at)
  // The calendar may be another when it runs on: what was told as certain binds then too.
  const told = clock.until === null && clock.dueAt !== null && !clock.provisional ? clock.dueAt : null
  const paused: Clock = {
    ...clock,
    ...(told !== null && { noEarlierThan: told }),
    pauses: [...clock.pauses, { from, to: null, reason }],
  }
  if (clock.until !== null || (clock.dueAt !== null && clock.dueAt < from)) return paused
  // No calendar is needed to go back to the day it stands still on: the days before it were counted already.
  const day = shanghaiDate(new Date(from))
  const days = clock.days
    .filter(({ date }) => date <= day)
    .map((counted) => (counted.date === day ? standstill(day, reason) : counted))
  const years = new Set(
    days.filter(({ date }) => !pauseOn(paused, date)).map(({ date }) => Number(date.slice(0, 4))),
  )
  const missingYears = clock.missingYears.filter((year) => years.has(year))
  return { ...paused, dueAt: null, days, missingYears, provisional: missingYears.length > 0 }
}

/** Lets a clock that stands still run on; one that runs, or is stopped, is given back as it is. */
export function resumeClock(clock: Clock, at: Date, calendar: WorkCalendar): Clock {
  if (clock.stoppedAt !== null || !isPaused(clock)) return clock
  return recomputeClock({ ...clock, pauses: closed(clock, noEarlier(clock, at)) }, calendar)
}

/** Stops a clock for good: what it waited for happened. The first stop stands. */
export function stopClock(clock: Clock, at: Date): Clock {
  if (clock.stoppedAt !== null) return clock
  const stoppedAt = noEarlier(clock, at)
  return { ...clock, stoppedAt, pauses: closed(clock, stoppedAt) }
}

/**
 * The same clock by another calendar: a year whose holidays became known, another opening day of its hall. The rule,
 * its beginning, its pauses and the alarms given stay; a stopped clock stays as it is.
 */
export const recomputeClock = (clock: Clock, calendar: WorkCalendar): Clock =>
  clock.stoppedAt === null ? { ...clock, ...arithmetic(clock, forHall(calendar, clock.hallCode)) } : clock

/** True when a clock stands still. */
export const isPaused = (clock: Clock): boolean => clock.pauses.at(-1)?.to === null

/** True when a clock was stopped, or is still running, within its time at that moment. */
export const isInTime = (clock: Clock, now: Date): boolean =>
  clock.dueAt === null || (clock.stoppedAt ?? now.toISOString()) <= clock.dueAt

/**
 * The next alarm of a clock and when to give it: once 50 % and 80 % of the working hours of its counted days are
 * gone, once it has run out, then so many working days later to the district and to the city. Alarms are given in
 * working hours only; one that would fall outside them waits for the next. Null for a clock that is stopped or stands
 * still, and when all were given.
 *
 * @param escalation the policies `escalate_district` and `escalate_city`, counted from the due day
 * @example of one working day from Monday: Tuesday 13:00, Tuesday 15:24, Wednesday 09:00, Thursday 09:00, Friday 09:00
 */
export function nextAlarm(
  clock: Clock,
  calendar: WorkCalendar,
  escalation: Escalation = { district: 1, city: 2 },
): { mark: AlarmMark; at: Date } | null {
  if (clock.stoppedAt !== null || clock.dueAt === null) return null
  const given = new Set(clock.fired.map(({ mark }) => mark))
  const mark = ALARM_MARKS.find((each) => !given.has(each))
  if (mark === undefined) return null
  const due = new Date(clock.dueAt)
  const own = forHall(calendar, clock.hallCode)
  const moments: Record<AlarmMark, () => Date> = {
    50: () => partOf(clock, 0.5) ?? due,
    80: () => partOf(clock, 0.8) ?? due,
    100: () => due,
    district: () => addWorkingDays(own, due, escalation.district).due,
    city: () => addWorkingDays(own, due, Math.max(escalation.city, escalation.district)).due,
  }
  return { mark, at: nextWorkingTime(own, moments[mark]()) }
}

/** Notes that an alarm was given; one given before is given back as it is. */
export const fireAlarm = (clock: Clock, mark: AlarmMark, at: Date): Clock =>
  clock.fired.some((alarm) => alarm.mark === mark)
    ? clock
    : { ...clock, fired: [...clock.fired, { mark, at: at.toISOString() }] }

/** True from 09:00 to before 17:00 in Asia/Shanghai on a day that is worked. */
export const isWorkingTime = (calendar: WorkCalendar, at: Date): boolean =>
  nextWorkingTime(calendar, at).getTime() === at.getTime()

/** The moment itself in working time, else the first one after it. */
export function nextWorkingTime(calendar: WorkCalendar, at: Date): Date {
  let date = shanghaiDate(at)
  if (isWorkday(calendar, date)) {
    const [from, to] = [hour(date, WORKING_HOURS.from), hour(date, WORKING_HOURS.to)]
    if (at < from) return from
    if (at < to) return at
  }
  do date = plusDays(date, 1)
  while (!isWorkday(calendar, date))
  return hour(date, WORKING_HOURS.from)
}

const HOUR = 3_600_000
const hour = (date: string, hours: number) => new Date(startOfShanghaiDay(date).getTime() + hours * HOUR)

/** When a part of the working hours of its counted days is gone; null where none is counted. */
function partOf(clock: Clock, part: number): Date | null {
  const counted = clock.days.filter((day) => day.counted)
  // In whole minutes, so that 0.8 of five days is four days and not a little less.
  const perDay = (WORKING_HOURS.to - WORKING_HOURS.from) * 60
  const gone = Math.round(counted.length * perDay * part)
  const day = counted[Math.floor(gone / perDay)]
  if (!day) return null
  const at = hour(day.date, WORKING_HOURS.from).getTime() + (gone % perDay) * 60_000
  return new Date(Math.max(at, Date.parse(clock.startedAt)))
}

function begin(
  rule: ClockRule,
  at: Date,
  calendar: WorkCalendar,
  hallCode: string | null,
  until: string | null,
): Clock {
  const { key, label, value, unit, version, regionCode, source } = rule
  if (!Number.isInteger(value) || value < 0 || value > 2_000)
    throw new RangeError('days of a clock: a whole number from 0 to 2000')
  const clock: Clock = {
    ...{ key, label, value, unit, version, regionCode, source, hallCode },
    ...{ startedAt: at.toISOString(), until, pauses: [], stoppedAt: null, dueAt: null },
    ...{ provisional: false, missingYears: [], fired: [], days: [] },
  }
  return recomputeClock(clock, calendar)
}

type Arithmetic = Pick<Clock, 'dueAt' | 'provisional' | 'missingYears' | 'days'>

/**
 * Counts the days of a clock. As addWorkingDays does: from the first day after the one it starts on, or with 0 the
 * day itself; a day at whose end it stood still is not counted, whatever day it is.
 */
function arithmetic(clock: Clock, calendar: WorkCalendar): Arithmetic {
  const first = shanghaiDate(new Date(clock.startedAt))
  if (clock.until !== null) {
    const days: CountedDay[] = []
    for (let date = plusDays(first, 1); date <= clock.until; date = plusDays(date, 1))
      days.push(counted(calendar, date))
    return { dueAt: endOfShanghaiDay(clock.until).toISOString(), provisional: false, missingYears: [], days }
  }
  const last = clock.pauses.at(-1)
  const stopsOn = last?.to === null ? shanghaiDate(new Date(last.from)) : null
  const days: CountedDay[] = []
  const missing = new Set<number>()
  const result = (dueAt: string | null): Arithmetic => {
    const missingYears = [...missing].sort((a, b) => a - b)
    return { dueAt, provisional: missing.size > 0, missingYears, days }
  }
  let left = Math.max(clock.value, 1)
  for (let date = clock.value === 0 ? first : plusDays(first, 1); ; date = plusDays(date, 1)) {
    const pause = pauseOn(clock, date)
    if (pause) {
      if (stopsOn === null || date <= stopsOn) days.push(standstill(date, pause.reason))
      if (stopsOn !== null && date >= stopsOn) return result(null)
      continue
    }
    const year = Number(date.slice(0, 4))
    const day =
      clock.unit === 'calendar_day' ? { date, counted: true, reason: '自然日' } : counted(calendar, date)
    if (clock.unit === 'working_day' && !calendar.years.has(year)) missing.add(year)
    days.push(day)
    if (day.counted && --left === 0) {
      const told = clock.noEarlierThan && shanghaiDate(new Date(clock.noEarlierThan))
      for (; told && date < told; date = plusDays(date, 1)) days.push(kept(plusDays(date, 1)))
      return result(endOfShanghaiDay(date).toISOString())
    }
  }
}

const counted = (calendar: WorkCalendar, date: string): CountedDay => {
  const { working, reason } = dayKind(calendar, date)
  return { date, counted: working, reason }
}
const kept = (date: string): CountedDay => ({
  date,
  counted: false,
  reason: '日历更正前已告知的期限，不提前',
})
const standstill = (date: string, reason: string): CountedDay => ({
  date,
  counted: false,
  reason: `暂停：${reason}`,
})

/** The pause in which a clock stood still at the end of a day. */
function pauseOn(clock: Clock, date: string): ClockPause | undefined {
  const end = endOfShanghaiDay(date).toISOString()
  return clock.pauses.find(({ from, to }) => from <= end && (to === null || to > end))
}

const closed = (clock: Clock, to: string): ClockPause[] =>
  clock.pauses.map((pause) => (pause.to === null ? { ...pause, to } : pause))

/** A moment, or the clock's latest one if that is later: two servers' times may differ, and no clock runs backwards. */
function noEarlier(clock: Clock, at: Date): string {
  const last = clock.pauses.at(-1)
  return [clock.startedAt, last?.to ?? last?.from ?? clock.startedAt, at.toISOString()].sort().at(-1)!
}
