import { POLICY_DEFAULTS, POLICY_GROUP_OF, POLICY_GROUPS, type PolicyGroup } from '@haochaping/rules'
import { ITEM_KINDS, wordFor } from '../catalog/words.ts'

/** One version of one number of the rules. */
export interface Policy {
  key: string
  label: string
  regionCode: string
  regionName: string
  /** the kind of item it is for; '' for all of them */
  category: string
  version: number
  value: number
  unit: string
  /** null for what the rules start with */
  validFrom: string | null
  source: string
  note: string
  actorLabel: string
  /** which way a lower place may change it */
  sharper: 'shorter' | 'longer' | null
  /** whether it may differ by the kind of item */
  byCategory: boolean
  /** the city's number for all items */
  cityWide: boolean
  inForce: boolean
}

/** A number in one region, for all items or for one kind: what holds now, what is set to hold later, and every version. */
export interface PolicyLine {
  key: string
  label: string
  regionCode: string
  regionName: string
  category: string
  now: Policy | null
  next: Policy | null
  versions: Policy[]
}

/** The keys as the rules list them: the way of a case first, then the rating, the public figures, signing in. */
const ORDER = Object.keys(POLICY_DEFAULTS)
const beginning = (policy: Policy) => (policy.validFrom ? Date.parse(policy.validFrom) : 0)
const place = (policy: Policy) => ORDER.indexOf(policy.key)

/** The versions of each number in each region together, newest first; the numbers in the order of the rules. */
export function linesOf(policies: readonly Policy[]): PolicyLine[] {
  const groups = new Map<string, Policy[]>()
  for (const policy of policies.toSorted((a, b) => place(a) - place(b))) {
    const id = `${policy.key}/${policy.regionCode}/${policy.category}`
    groups.set(id, [...(groups.get(id) ?? []), policy])
  }
  const today = Date.now()
  return [...groups.values()].map((group) => {
    const versions = group.toSorted((a, b) => b.version - a.version)
    const later = versions
      .filter((policy) => beginning(policy) > today)
      .sort((a, b) => beginning(a) - beginning(b))
    const { key, label, regionCode, regionName, category } = versions[0]!
    return {
      key,
      label,
      regionCode,
      regionName,
      category,
      now: versions.find((policy) => policy.inForce) ?? null,
      next: later[0] ?? null,
      versions,
    }
  })
}

/** A number as it applies to a region now, and whose rule it is. */
export interface PolicyInForce {
  key: string
  label: string
  value: number
  unit: string
  regionCode: string
  regionName: string
}

/** One number of the rules in one region: what applies there, the line it comes from, and what is set otherwise. */
export interface PolicyRow extends PolicyInForce {
  line: PolicyLine
  /** its own versions elsewhere: for kinds of items, and, seen from the city, in its districts */
  others: PolicyLine[]
}
export interface PolicySection {
  group: PolicyGroup
  label: string
  rows: PolicyRow[]
}

/**
 * What applies to a region, by what it is about; only the group, and the numbers whose words hold what is looked for.
 * @param place the region with those above it; none: the city, of which all regions are shown
 */
export function sectionsOf(
  inForce: readonly PolicyInForce[],
  lines: readonly PolicyLine[],
  place: readonly string[] | null,
  wanted: { group?: string | undefined; q?: string | undefined },
): PolicySection[] {
  const found = (label: string, group: PolicyGroup) =>
    `${label} ${POLICY_GROUPS[group]}`.toLowerCase().includes((wanted.q ?? '').trim().toLowerCase())
  const rows = inForce.flatMap((one) => {
    const own = lines.filter((line) => line.key === one.key)
    const line = own.find((each) => each.regionCode === one.regionCode && each.category === '')
    const others = own.filter((each) => each !== line && (place === null || place.includes(each.regionCode)))
    return line ? [{ ...one, line, others }] : []
  })
  return (Object.keys(POLICY_GROUPS) as PolicyGroup[])
    .filter((group) => !wanted.group || group === wanted.group)
    .map((group) => ({
      group,
      label: POLICY_GROUPS[group],
      rows: rows.filter(
        ({ key, label }) =>
          POLICY_GROUP_OF[key as keyof typeof POLICY_GROUP_OF] === group && found(label, group),
      ),
    }))
    .filter((section) => section.rows.length > 0)
}

/** The words for a kind of item; '' for all of them. */
export const categoryText = (category: string) => (category === '' ? '' : wordFor(ITEM_KINDS, category))

/** A line as it is named where its place does not stand beside it. */
export const nameOf = ({ regionName, category, label }: PolicyLine) =>
  `${regionName}${categoryText(category)}${label}`

/** The city's limits of a case that follow 上海“1、5、15”, as they are in force: contact, fix, promised. */
export const timersOf = (lines: readonly PolicyLine[]): Policy[] =>
  ['contact', 'fix', 'promised'].flatMap(
    (key) => lines.find((line) => line.key === key && line.now?.cityWide)?.now ?? [],
  )

/** What a lower place may do with a number, in words; '' where the rules say nothing of it. */
export function sharperText({ sharper, unit }: Pick<Policy, 'sharper' | 'unit'>): string {
  if (sharper === null) return ''
  if (unit === 'hour') return sharper === 'shorter' ? '下级可以更早，不能更晚' : '下级可以更晚，不能更早'
  const days = unit === 'working_day' || unit === 'calendar_day'
  const [less, more] = days ? ['更短', '更长'] : ['更少', '更多']
  return sharper === 'shorter' ? `下级可以${less}，不能${more}` : `下级可以${more}，不能${less}`
}
