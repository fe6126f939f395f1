import { makeCalendar, type WorkCalendar } from '@haochaping/rules'

/** A day of the State Council's notice, as stored. */
export interface DayRow {
  day: string
  kind: string
  name: string
}

/** An opening day of a hall, as stored: `day` is a date, or '1' (Monday) to '7' for a weekday. */
export interface HallDayRow {
  hall_code: string
  day: string
  open: boolean
  note: string
}

/** The calendar that rows make. */
export const calendarOf = ({
  years,
  days,
  hallDays,
}: {
  years: readonly { year: number }[]
  days: readonly DayRow[]
  hallDays: readonly HallDayRow[]
}): WorkCalendar =>
  makeCalendar(
    days.map(({ day, kind, name }) => ({
      date: day,
      kind: kind === 'workday' ? 'workday' : 'holiday',
      name,
    })),
    years.map(({ year }) => year),
    hallDays.map(({ hall_code, day, open, note }) => ({
      hallCode: hall_code,
      date: day.length > 1 ? day : null,
      weekday: day.length > 1 ? null : Number(day),
      open,
      note,
    })),
  )
