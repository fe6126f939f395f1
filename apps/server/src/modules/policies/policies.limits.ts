import { POLICY_KEYS } from './policies.keys.ts'

/** A number of a rule, as far as comparing needs it. */
export interface Limit {
  key: string
  regionCode: string
  value: number
  validFrom: Date
}

interface StoredLimit extends Limit {
  version: number
}

/** The version of a region's own that is in force at a moment: of those begun by then, the one made last. */
export function inForce<T extends StoredLimit>(
  rows: readonly T[],
  key: string,
  regionCode: string,
  at: Date,
): T | undefined {
  return rows
    .filter((row) => row.key === key && row.regionCode === regionCode && row.validFrom <= at)
    .toSorted((a, b) => b.validFrom.getTime() - a.validFrom.getTime() || b.version - a.version)[0]
}

/**
 * Why a value would weaken the one above it, in Chinese; null when it does not. Districts may sharpen the city's
 * frame, never weaken it (R4, 统分结合): a limit on the authorities may be shorter and never longer, a time the
 * citizen has may be longer and never shorter. Compared with each region above, at the day the value begins.
 */
export function loosened(
  proposed: Limit,
  rows: readonly StoredLimit[],
  parents: ReadonlyMap<string, string | null>,
): string | null {
  const { key, value, validFrom } = proposed
  const sharper = POLICY_KEYS[key]?.sharper
  if (!sharper) return null
  const seen = new Set<string>()
  for (let region = parents.get(proposed.regionCode) ?? null; region !== null && !seen.has(region); ) {
    seen.add(region)
    const above = inForce(rows, key, region, validFrom)
    if (above && sharper === 'shorter' && value > above.value)
      return `不能比上级规定的 ${above.value} 更长:下级只能更严,不能放宽`
    if (above && sharper === 'longer' && value < above.value)
      return `不能比上级规定的 ${above.value} 更短:下级只能对群众更有利`
    region = parents.get(region) ?? null
  }
  return null
}
