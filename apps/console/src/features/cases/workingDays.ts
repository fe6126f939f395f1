import {
  type CalendarDay,
  dayKind,
  endOfShanghaiDay,
  makeCalendar,
  remainingWorkingDays,
  shanghaiDate,
} from '@haochaping/rules'
import { ApiProblem, api } from '../../api.ts'

interface CalendarYear {
  year: number
  days: { day: string; kind: CalendarDay['kind']; name: string | null }[]
}

const years = new Map<number, Promise<CalendarYear | null>>()

/** The official days of a year; null for a year whose holidays have not been loaded. */
function yearOf(year: number): Promise<CalendarYear | null> {
  const known = years.get(year)
  if (known) return known
  const asked = api.get<CalendarYear>(`/api/v1/calendar/${year}`).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.status === 404) return null
    years.delete(year)
    throw error
  })
  years.set(year, asked)
  return asked
}

/** What a day chosen as a promise means: '距今天 5 个工作日', and a word of warning where it is no working day. */
export async function dayHint(date: string, now: Date): Promise<string> {
  const [from, to] = [Number(shanghaiDate(now).slice(0, 4)), Number(date.slice(0, 4))]
  const asked = Array.from({ length: Math.max(0, Math.min(to - from, 3)) + 1 }, (_, i) => yearOf(from + i))
  const loaded = (await Promise.all(asked)).filter((year) => year !== null)
  const calendar = makeCalendar(
    loaded.flatMap(({ days }) =>
      days.map(({ day, kind, name }) => ({ date: day, kind, ...(name ? { name } : {}) })),
    ),
    loaded.map(({ year }) => year),
  )
  const { working, reason, known } = dayKind(calendar, date)
  const left = remainingWorkingDays(calendar, now, endOfShanghaiDay(date))
  if (left < 0) return '这一天已经过去。'
  const distance = left === 0 ? '就是今天' : `距今天 ${left} 个工作日`
  return `${distance}${known ? '' : `（${to} 年放假安排未录入，暂按周末推算）`}；当天${working ? '是工作日' : reason}。`
}
