import type { WorkCalendar } from '@haochaping/rules'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { calendarOf, type DayRow } from './calendar.rows.ts'
import type { CalendarState } from './policies.store.ts'

type History = Awaited<ReturnType<CatalogService['calendarHistory']>>

/** The days as they stood before a moment. */
function daysBefore(history: History, moment: number): DayRow[] {
  const days = new Map<string, DayRow>()
  for (const { key, content, changed_at } of history) {
    if (changed_at.getTime() >= moment) break
    const { removed, kind, name } = content as Record<string, unknown>
    if (removed === true) days.delete(key)
    else days.set(key, { day: key, kind: String(kind), name: String(name ?? '') })
  }
  return [...days.values()]
}

/**
 * The calendars by which somebody may have been told a day since a moment: the one that stands, and each that a change
 * since then has replaced (Q61). For days that are counted when somebody asks and stand nowhere.
 */
export function calendarsSince(state: CalendarState, history: History, from: Date): WorkCalendar[] {
  const changes = new Set(history.map((row) => row.changed_at.getTime()).filter((at) => at > from.getTime()))
  const past = [...changes].map((moment) => calendarOf({ ...state, days: daysBefore(history, moment) }))
  return [calendarOf(state), ...past]
}
