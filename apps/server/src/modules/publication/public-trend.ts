import type { Report } from '../statistics/statistics.service.ts'
import { type Hidden, hide } from './suppression.ts'

type Day = Report['trend'][number]

/** One bar of a trend: a day, a week or a month. Null where a figure may not be told. */
export interface PublicStretch {
  label: string
  from: string
  to: string
  visits: number
  hidden: Hidden | null
  evaluations: number | null
  negative: number | null
  positiveRate: number | null
}

// As many bars as can be told apart on a phone.
const wholeOf = (days: readonly Day[]): ((day: Day, i: number) => string) => {
  if (days.length <= 31) return (day) => day.day
  return days.length <= 100 ? (_day, i) => String(Math.floor(i / 7)) : (day) => day.day.slice(0, 7)
}

const labelOf = (days: readonly Day[], of: number) =>
  of > 100 ? days[0]!.day.slice(0, 7).replace('-', '/') : days[0]!.day.slice(5).replace('-', '/')

/** A trend in as few stretches as can be read, each hidden when it is made of too few evaluations. */
export function publicTrend(trend: readonly Day[], k: number): PublicStretch[] {
  const stretches = [...Map.groupBy(trend, wholeOf(trend)).values()].map((days) => {
    const sum = (pick: (day: Day) => number) => days.reduce((total, day) => total + pick(day), 0)
    const [evaluations, negative] = [sum((d) => d.evaluations), sum((d) => d.negative)]
    return {
      label: labelOf(days, trend.length),
      from: days[0]!.day,
      to: days.at(-1)!.day,
      visits: sum((d) => d.visits),
      evaluations,
      negative,
      positiveRate: evaluations === 0 ? null : (evaluations - negative) / evaluations,
    }
  })
  const hidden = hide(
    stretches,
    (s) => s.evaluations,
    (s) => s.evaluations > 0 && s.evaluations < k,
    k,
  )
  return stretches.map((stretch) => {
    const why = hidden.get(stretch) ?? null
    return why
      ? { ...stretch, hidden: why, evaluations: null, negative: null, positiveRate: null }
      : { ...stretch, hidden: null }
  })
}
