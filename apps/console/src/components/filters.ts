import type { Option } from '../directory.ts'

/**
 * One filter of a FilterBar; `key` is the name of its query parameter.
 * choice: one of a few (or, with `multiple`, some of them, joined by commas); `load` fetches what may be chosen, again
 * when `dependsOn` changes. lookup: looked for on the server while typing. period: two parameters, first and last day.
 */
export type FilterField =
  | { kind: 'text'; key: string; label: string; placeholder?: string; wide?: true }
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
