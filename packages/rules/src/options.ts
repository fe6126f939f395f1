import { NATIONAL_OPTIONS } from './options-data.ts'
import type { SatisfactionLevel } from './scale.ts'

/** An option as it is offered: `folded` ones stand behind "更多". */
export interface EvaluationOption {
  code: string
  label: string
  folded: boolean
}

/** How many options of a level are shown at once; the rest is folded (national page). */
const SHOWN = 3

/**
 * The options that fit a level, in the order of the national list.
 *
 * @example optionsFor(1)[0] // { code: '108', label: '在办事指南之外增加新的审批条件', folded: false }
 */
export const optionsFor = (level: SatisfactionLevel, version: '1' | '2' = '2'): EvaluationOption[] =>
  NATIONAL_OPTIONS.filter((option) => option.version === version && option.level === level).map(
    ({ code, label }, i) => ({ code, label, folded: i >= SHOWN }),
  )

/** Those of the codes that are not options of the level. */
export function checkOptionCodes(
  level: SatisfactionLevel,
  codes: readonly string[],
  version: '1' | '2' = '2',
): string[] {
  const known = new Set(optionsFor(level, version).map((option) => option.code))
  return codes.filter((code) => !known.has(code))
}
