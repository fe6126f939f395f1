import type { Option } from '../directory.ts'

/**
 * One filter of a FilterBar; `key` is the name of its query parameter.
 * choice: one of a few (or, with `multiple`, some of them, joined by commas); `load` fetches what may be chosen, again
 * when `dependsOn` changes. lookup: looked for on the server while typing. period: two parameters, first and last day.
 */
export type FilterField =
  | { kind: 'text'; key: string; label: string; placeholder?: string }
  | {
      kind: 'choice'
      key: string
      label: string
      options?: Option[]
      load?: (on: string | undefined) => Promise<Option[]>
      dependsOn?: string
      /** what stands there until the filter it depends on is set */
      before?: string
      multiple?: true
      /** what nothing chosen means */
      all?: string
    }
  | {
      kind: 'lookup'
      key: string
      label: string
      find: (words: string) => Promise<Option[]>
      name: (value: string) => Promise<string>
    }
  | { kind: 'organization'; key: string; label: string; everywhere?: true }
  | { kind: 'period'; from: string; to: string; label: string }

/** For filters that are yes, no, or not set. */
export const yesNo = (yes: string, no: string): Option[] => [
  { value: 'true', label: yes },
  { value: 'false', label: no },
]

/** The names of the query parameters of some filters. */
export const keysOf = (fields: readonly FilterField[]): string[] =>
  fields.flatMap((field) => (field.kind === 'period' ? [field.from, field.to] : [field.key]))

/** The first and last day of a period filter, each standing for the other where only one is set; null when neither is. */
export function periodIn(
  values: Record<string, string | undefined>,
  { from, to }: Extract<FilterField, { kind: 'period' }>,
): [string, string] | null {
  const [first, last] = [values[from], values[to]]
  return first || last ? [first ?? last!, last ?? first!] : null
}

/** What a choice changes: itself, and whatever was chosen of that which depends on it is no longer chosen. */
export const choiceMade = (
  fields: readonly FilterField[],
  key: string,
  value: string | undefined,
): Record<string, string | undefined> => ({
  [key]: value,
  ...Object.assign(
    {},
    ...fields.map((field) =>
      field.kind === 'choice' && field.dependsOn === key ? choiceMade(fields, field.key, undefined) : {},
    ),
  ),
})
