import {
  activeEvaluationRate,
  averageScore,
  callBackRate,
  type Index,
  type LevelCounts,
  negativeRate,
  onTimeRate,
  positiveRate,
  rankable,
  rectificationRate,
  satisfiedRate,
  validCount,
  wilsonLowerBound,
} from '@haochaping/rules'
import { addCounts, type Counts, noCounts } from './counts.ts'

export type RowKind = 'city' | 'region' | 'organization' | 'hall' | 'window' | 'staff' | 'item'

/** One line of a table of figures. Rates are fractions; null says there is nothing to judge by. */
export interface Row {
  kind: RowKind
  id: string
  name: string
  visits: number
  /** visits that were rated by the citizen's own doing, of which activeRate is the share */
  rated: number
  levels: LevelCounts
  evaluations: number
  negative: number
  positiveRate: number | null
  wilson: number | null
  activeRate: number | null
  /** enough evaluations to take part in a ranking */
  ranked: boolean
  casesOpened: number
  casesOverdue: number
  casesRectified: number
  casesOnTime: number
  onTimeRate: number | null
}

export const total = (all: Iterable<Counts>): Counts => {
  const sum = noCounts()
  for (const counts of all) addCounts(sum, counts)
  return sum
}

export const levelsOf = (c: Counts): LevelCounts => ({
  5: c.level_5,
  4: c.level_4,
  3: c.level_3,
  2: c.level_2,
  1: c.level_1,
  excluded: c.excluded_mistaken + c.excluded_malicious,
})

/** How the halls' own service was rated (the second subject of R9); `excluded` is counted with the items. */
export const hallLevelsOf = (c: Counts): LevelCounts => ({
  5: c.hall_5,
  4: c.hall_4,
  3: c.hall_3,
  2: c.hall_2,
  1: c.hall_1,
  excluded: 0,
})

/** Every index of a set of counts, in the order they are shown. */
export const indicesOf = (c: Counts): Index[] => {
  const levels = levelsOf(c)
  return [
    positiveRate(levels),
    satisfiedRate(levels),
    negativeRate(levels),
    averageScore(levels),
    activeEvaluationRate(c.rated, c.visits),
    rectificationRate(c.cases_rectified, c.cases_adopted),
    onTimeRate(c.cases_on_time, c.cases_rectified),
    callBackRate(c.cases_contacted, c.cases_contactable),
  ]
}

/** The figures of a period about cases: of those that its ratings, complaints and opinions opened. */
export const casesOf = (c: Counts) => ({
  opened: c.cases_opened,
  bySource: {
    rating: c.cases_opened - c.cases_from_complaint - c.cases_from_opinion,
    complaint: c.cases_from_complaint,
    opinion: c.cases_from_opinion,
  },
  /** those that ask for rectification */
  adopted: c.cases_adopted,
  rectified: c.cases_rectified,
  closed: c.cases_closed,
  solved: c.cases_solved,
  noAnswer: c.cases_no_answer,
  closedNotAdopted: c.cases_not_adopted,
  reopened: c.cases_reopened,
  everOverdue: c.cases_ever_overdue,
  notAdopted: { mistaken: c.excluded_mistaken, malicious: c.excluded_malicious },
})

export function rowOf(kind: RowKind, id: string, name: string, c: Counts, rankingMinimum: number): Row {
  const levels = levelsOf(c)
  const positive = positiveRate(levels)
  return {
    kind,
    id,
    name,
    visits: c.visits,
    rated: c.rated,
    levels,
    evaluations: validCount(levels),
    negative: levels[2] + levels[1],
    positiveRate: positive.value,
    wilson: positive.denominator === 0 ? null : wilsonLowerBound(positive.numerator, positive.denominator),
    activeRate: activeEvaluationRate(c.rated, c.visits).value,
    ranked: rankable(positive.denominator, rankingMinimum),
    casesOpened: c.cases_opened,
    casesOverdue: c.cases_overdue,
    casesRectified: c.cases_rectified,
    casesOnTime: c.cases_on_time,
    onTimeRate: onTimeRate(c.cases_on_time, c.cases_rectified).value,
  }
}

/** Best first by the lower end of Wilson's interval; those with too few evaluations after all others, most first. */
export const ranking = (rows: Row[]): Row[] =>
  rows.toSorted(
    (a, b) =>
      Number(b.ranked) - Number(a.ranked) ||
      (a.ranked ? (b.wilson ?? 0) - (a.wilson ?? 0) : b.evaluations - a.evaluations) ||
      b.evaluations - a.evaluations ||
      a.id.localeCompare(b.id),
  )

/** Groups counts by another key, such as organisations by the district they are in; null leaves one out. */
export function regroup(
  counts: Map<string, Counts>,
  keyOf: (key: string) => string | null,
): Map<string, Counts> {
  const grouped = new Map<string, Counts>()
  for (const [key, value] of counts) {
    const to = keyOf(key)
    if (to !== null) grouped.set(to, addCounts(grouped.get(to) ?? noCounts(), value))
  }
  return grouped
}
