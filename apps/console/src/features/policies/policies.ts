import { POLICY_DEFAULTS } from '@haochaping/rules'

/** One version of one number of the rules. */
export interface Policy {
  key: string
  label: string
  regionCode: string
  regionName: string
  version: number
  value: number
  unit: string
  validFrom: string
  source: string
  note: string
  actorLabel: string
  /** which way a lower place may change it */
  sharper: 'shorter' | 'longer' | null
  inForce: boolean
}

/** A number in one region: what holds now, what is set to hold later, and every version. */
export interface PolicyLine {
  key: string
  label: string
  regionCode: string
  regionName: string
  now: Policy | null
  next: Policy | null
  versions: Policy[]
}

/** The keys as the rules list them: the way of a case first, then the rating, the public figures, signing in. */
const ORDER = Object.keys(POLICY_DEFAULTS)
const place = (policy: Policy) => ORDER.indexOf(policy.key)

/** The versions of each number in each region together, newest first; the numbers in the order of the rules. */
export function linesOf(policies: readonly Policy[]): PolicyLine[] {
  const groups = new Map<string, Policy[]>()
  for (const policy of policies.toSorted((a, b) => place(a) - place(b))) {
    const id = `${policy.key}/${policy.regionCode}`
    groups.set(id, [...(groups.get(id) ?? []), policy])
  }
  const today = Date.now()
  return [...groups.values()].map((group) => {
    const versions = group.toSorted((a, b) => b.version - a.version)
    const later = versions
      .filter((policy) => Date.parse(policy.validFrom) > today)
      .sort((a, b) => Date.parse(a.validFrom) - Date.parse(b.validFrom))
    const { key, label, regionCode, regionName } = versions[0]!
    return {
      key,
      label,
      regionCode,
      regionName,
      now: versions.find((policy) => policy.inForce) ?? null,
      next: later[0] ?? null,
      versions,
    }
  })
}

/** What a lower place may do with a number, in words; '' where the rules say nothing of it. */
export const sharperText = (sharper: Policy['sharper']): string => {
  if (sharper === null) return ''
  return sharper === 'shorter' ? '下级可以更短，不能更长' : '下级可以更多，不能更少'
}
