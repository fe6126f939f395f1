import { followUpRate, type Index, type LevelCounts } from '@haochaping/rules'
import type { Report } from '../statistics/statistics.service.ts'
import { type PublicStretch, publicTrend } from './public-trend.ts'
import { givenOf, type Hidden, hide, type PublicRow, publicRows } from './suppression.ts'

/** Figures of a scope as they may be published. */
export interface PublicReport
  extends Pick<
    Report,
    'period' | 'previousPeriod' | 'scope' | 'updatedAt' | 'visits' | 'cases' | 'rankingMinimum'
  > {
  k: number
  /** why neither levels nor rates nor anything below the scope is given */
  hidden: Hidden | null
  evaluations: number | null
  previous: { visits: number; evaluations: number | null }
  levels: LevelCounts | null
  hallLevels: LevelCounts | null
  indices: (Index & { previous: number | null })[]
  /** 整改满意度; each follow-up rating stands on the public page of its case anyway, so that none is held back */
  followUps: Index
  trend: PublicStretch[]
  channels: { channel: number; label: string; hidden: Hidden | null; count: number | null }[]
  districts: PublicRow[]
  departments: PublicRow[]
  children: PublicRow[]
}

/** Indices that tell how citizens rated; the others tell what was done about it. */
export const OF_RATINGS = ['positive_rate', 'satisfied_rate', 'negative_rate', 'average_score', 'active_rate']

/** A report less what is made of too few evaluations; `hidden` says that the scope itself is. */
export function publicReport(full: Report, k: number, hidden: Hidden | null): PublicReport {
  const { period, previousPeriod, scope, updatedAt, visits, cases, rankingMinimum, previous } = full
  const previousHidden = hidden !== null || (previous.evaluations > 0 && previous.evaluations < k)
  const smallChannels = hide(
    full.channels,
    (channel) => channel.count,
    (channel) => channel.count < k,
    k,
  )
  // Districts and departments add up to the city together.
  const together = hidden ? [] : publicRows([...full.districts, ...full.departments], k)
  // Organisations and halls each add up to the scope on their own.
  const children = hidden ? [] : [...Map.groupBy(full.children, (row) => row.kind).values()]
  return {
    period,
    previousPeriod,
    scope,
    updatedAt,
    visits,
    cases,
    rankingMinimum,
    k,
    hidden,
    evaluations: hidden ? null : full.evaluations,
    previous: { visits: previous.visits, evaluations: previousHidden ? null : previous.evaluations },
    levels: hidden ? null : full.levels,
    hallLevels: hidden || givenOf(full.hallLevels) < k ? null : full.hallLevels,
    indices: full.indices.map((index) => {
      const ofRatings = OF_RATINGS.includes(index.key)
      return {
        ...index,
        ...(ofRatings && hidden && { numerator: 0, denominator: 0, value: null }),
        previous: ofRatings && previousHidden ? null : index.previous,
      }
    }),
    followUps: followUpRate(full.followUps.positive, full.followUps.given),
    trend: hidden ? [] : publicTrend(full.trend, k),
    channels: hidden
      ? []
      : full.channels.map((channel) => {
          const why = smallChannels.get(channel) ?? null
          return { ...channel, hidden: why, count: why ? null : channel.count }
        }),
    districts: together.slice(0, full.districts.length),
    departments: together.slice(full.districts.length),
    children: children.flatMap((group) => publicRows(group, k)),
  }
}
