import {
  isPolicyKey,
  POLICY_DEFAULTS,
  type PolicyDefinition,
  type PolicyRow,
  pickPolicy,
} from '@haochaping/rules'

/** Numbers that are the citizen's: a district may give more of them, never less (R8, R17). */
const CITIZENS = new Set([
  'supplement',
  'resurvey',
  'words_max',
  'resubmit_grace',
  'calling_from',
  'quiet_to',
])

/** What is known of a number; undefined for one the program does not use. */
export const definitionOf = (key: string): PolicyDefinition | undefined =>
  isPolicyKey(key) ? POLICY_DEFAULTS[key] : undefined

/** Which way a number may be sharpened below the city; null: either way. */
export function sharperWay(key: string): 'shorter' | 'longer' | null {
  if (definitionOf(key)?.stricterBelow) return 'shorter'
  return CITIZENS.has(key) ? 'longer' : null
}

/** Why a number cannot be what is proposed, wherever it were to apply; null when it can. */
export function impossible(
  key: string,
  value: number,
  unit: string,
  category = '',
): { field: 'key' | 'value' | 'unit' | 'category'; words: string } | null {
  const definition = definitionOf(key)
  if (!definition) return { field: 'key', words: `没有参数“${key}”` }
  if (category !== '' && !definition.byCategory)
    return { field: 'category', words: `“${definition.label}”不分事项类型` }
  if (unit !== definition.unit)
    return { field: 'unit', words: `“${definition.label}”的单位是 ${definition.unit}` }
  // A month has 28 days at least; a day has hours 0 to 24.
  if (unit === 'day_of_month' && value > 28) return { field: 'value', words: '应为 1 至 28 日' }
  if (unit === 'hour') return value > 24 ? { field: 'value', words: '应为 0 至 24 时' } : null
  // 0 working days means by the end of the same day; 0 of anything else would switch a rule off.
  return value === 0 && unit !== 'working_day' ? { field: 'value', words: '至少为 1' } : null
}

/**
 * Why a value would weaken the one above it, in Chinese; null when it does not. Districts may sharpen the city's
 * frame, never weaken it (R4, Q30): a limit on the authorities may be shorter and never longer, what is the
 * citizen's may be more and never less. Compared with each region above, at the moment the value begins.
 *
 * @param parents the region above each region; null above the city
 */
export function loosened(
  proposed: Omit<PolicyRow, 'version'>,
  rows: readonly PolicyRow[],
  parents: ReadonlyMap<string, string | null>,
): string | null {
  const { key, value, validFrom, category } = proposed
  const way = sharperWay(key)
  const above = regionsAbove(proposed.regionCode, parents)
  if (!way || above.length === 0) return null
  const set = above
    .map((region) => pickPolicy(rows, key, [region], validFrom, category)?.value)
    .filter((v) => v !== undefined)
  const values = set.length > 0 ? set : [definitionOf(key)!.value]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (way === 'shorter' && value > least) return `不能比上级规定的 ${least} 更长：下级只能更严，不能放宽`
  if (way === 'longer' && value < most) return `不能少于上级规定的 ${most}：下级只能对群众更有利`
  return null
}

function regionsAbove(code: string, parents: ReadonlyMap<string, string | null>): string[] {
  const above: string[] = []
  for (let at = parents.get(code) ?? null; at !== null && !above.includes(at); at = parents.get(at) ?? null)
    above.push(at)
  return above
}
