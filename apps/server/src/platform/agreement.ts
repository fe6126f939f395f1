import type { JsonValue } from './tables.ts'

type Facts = Record<string, JsonValue>

/** The same value, whatever order jsonb gave its keys. */
export function same(a: JsonValue | undefined, b: JsonValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b
  const [left, right] = [a as Facts, b as Facts]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].every((key) => same(left[key], right[key] ?? null))
}

/**
 * The name of the first fact of a row that its journal entry does not have so, 'no entry' without one; null when all
 * agree.
 *
 * @param later names of facts that entries from before they were kept do not hold: skipped where the entry has none
 */
export function disagreeing(
  facts: Facts,
  payload: Facts | null,
  later: readonly string[] = [],
): string | null {
  if (payload === null) return 'no entry'
  const wrong = Object.entries(facts).find(
    ([key, value]) => !(payload[key] === undefined && later.includes(key)) && !same(payload[key], value),
  )
  return wrong?.[0] ?? null
}
