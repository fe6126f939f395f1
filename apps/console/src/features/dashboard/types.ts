export type Level = 5 | 4 | 3 | 2 | 1
export type LevelCounts = Record<Level | 'excluded', number>

export type ScopeKind = 'city' | 'region' | 'organization' | 'hall' | 'window'
export interface Crumb {
  kind: ScopeKind
  id: string
  name: string
}

/** One line of a table of figures. Rates are fractions; null says there is nothing to judge by. */
export interface FigureRow {
  kind: ScopeKind | 'staff' | 'item'
  id: string
  name: string
  visits: number
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

/** A figure with what it is made of, and what it was in the period before. */
export interface Figure {
  key: string
  name: string
  numerator: number
  denominator: number
  value: number | null
  formula: string
  previous: number | null
}

export interface TrendDay {
  day: string
  visits: number
  evaluations: number
  negative: number
  positiveRate: number | null
}

export interface Dashboard {
  period: { from: string; to: string; days: number }
  previousPeriod: { from: string; to: string }
  scope: Crumb
  breadcrumbs: Crumb[]
  updatedAt: string | null
  levels: LevelCounts
  hallLevels: LevelCounts
  visits: number
  evaluations: number
  previous: { visits: number; evaluations: number }
  indices: Figure[]
  /** ratings given once more after rectification, and the positive ones of them */
  followUps: { given: number; positive: number }
  cases: {
    open: number
    overdue: number
    opened: number
    bySource: { rating: number; complaint: number; opinion: number }
    /** those that ask for rectification */
    adopted: number
    rectified: number
    closed: number
    reopened: number
    notAdopted: { mistaken: number; malicious: number }
  }
  trend: TrendDay[]
  districts: FigureRow[]
  departments: FigureRow[]
  children: FigureRow[]
  channels: { channel: number; label: string; count: number }[]
  items: FigureRow[]
  rankingMinimum: number
}

export const LEVEL_LABELS: readonly [Level, string][] = [
  [5, '非常满意'],
  [4, '满意'],
  [3, '基本满意'],
  [2, '不满意'],
  [1, '非常不满意'],
]
