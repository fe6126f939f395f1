import type { Counts } from '../statistics/counts.ts'
import { type Hidden, hide } from './suppression.ts'

/** Appeals against the ratings of a district, and what became of them, as the public may see it. */
export interface PublicAppeals {
  id: string
  name: string
  hidden: Hidden | null
  /** null when they are hidden: too few were decided for nobody to be picked out */
  figures: { filed: number; decided: number; overturned: number; rate: number | null } | null
}

type Group = Pick<PublicAppeals, 'id' | 'name'> & { counts: Counts }

const figuresOf = ({ appeals_filed, appeals_decided, appeals_overturned }: Counts) => ({
  filed: appeals_filed,
  decided: appeals_decided,
  overturned: appeals_overturned,
  rate: appeals_decided === 0 ? null : appeals_overturned / appeals_decided,
})
const few = ({ appeals_filed, appeals_decided }: Counts, k: number) =>
  appeals_filed > 0 && appeals_decided < k

/**
 * Overturn rates (P9): the share of decided appeals that did not let the rating stand. Groups that add up to the city
 * are hidden as all groups are; the city too, while it has decided fewer than k.
 */
export function publicAppeals(city: Group, groups: readonly Group[], k: number): PublicAppeals[] {
  const hidden = hide(
    groups,
    (group) => group.counts.appeals_decided,
    (group) => few(group.counts, k),
    k,
  )
  const whole: Hidden | null = few(city.counts, k) ? 'few' : null
  return [city, ...groups].map((group) => {
    const why = group === city ? whole : (hidden.get(group) ?? null)
    const { id, name, counts } = group
    return { id, name, hidden: why, figures: why ? null : figuresOf(counts) }
  })
}
