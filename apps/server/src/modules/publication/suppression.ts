import type { LevelCounts } from '@haochaping/rules'
import type { Row } from '../statistics/figures.ts'

/**
 * Why a figure is not printed. few: it is made of fewer evaluations than may be published (k-anonymity). rest: it
 * would let a reader work out a single one that is not printed, by taking the others from the total.
 */
export type Hidden = 'few' | 'rest'

export const hiddenWords = (hidden: Hidden, k: number) => (hidden === 'few' ? `少于 ${k}` : '不单独公布')

/** How many were given, counted ones and those not adopted. */
export const givenOf = (levels: LevelCounts) =>
  levels[5] + levels[4] + levels[3] + levels[2] + levels[1] + levels.excluded

/** Whether a group is too small to be published; nothing at all tells of nobody. */
export const tooFew = (levels: LevelCounts, k: number): boolean => {
  const given = givenOf(levels)
  return given > 0 && given - levels.excluded < k
}

/**
 * Decides which of a set of groups that add up to a printed total are not printed: those with too few evaluations;
 * and, when what is hidden is a single group or adds up to less than k, the next smallest as well, until it is not.
 */
export function hide<T>(
  groups: readonly T[],
  sizeOf: (group: T) => number,
  few: (group: T) => boolean,
  k: number,
) {
  const hidden = new Map<T, Hidden>(groups.filter(few).map((group) => [group, 'few']))
  if (hidden.size === 0) return hidden
  const rest = groups
    .filter((group) => !hidden.has(group) && sizeOf(group) > 0)
    .toSorted((a, b) => sizeOf(a) - sizeOf(b))
  const sum = () => [...hidden.keys()].reduce((total, group) => total + sizeOf(group), 0)
  for (const group of rest) {
    if (hidden.size > 1 && sum() >= k) break
    hidden.set(group, 'rest')
  }
  return hidden
}

/** A row of figures as the public may see it: without its figures when they are hidden. */
export type PublicRow = Pick<Row, 'kind' | 'id' | 'name' | 'visits'> &
  ({ hidden: null; figures: Row } | { hidden: Hidden; figures: null })

/** Rows that add up to a total which is printed too. */
export function publicRows(rows: readonly Row[], k: number): PublicRow[] {
  const hidden = hide(
    rows,
    (row) => givenOf(row.levels),
    (row) => tooFew(row.levels, k),
    k,
  )
  return rows.map((row) => {
    const { kind, id, name, visits } = row
    const why = hidden.get(row)
    return why
      ? { kind, id, name, visits, hidden: why, figures: null }
      : { kind, id, name, visits, hidden: null, figures: row }
  })
}
