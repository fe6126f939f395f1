import type { JsonValue } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { rowFacts } from './appeal.entry.ts'
import * as store from './appeals.store.ts'

const BATCH = 500

/** The same value, whatever order jsonb gave its keys. */
function same(a: JsonValue | undefined, b: JsonValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b
  const [left, right] = [a as Record<string, JsonValue>, b as Record<string, JsonValue>]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].every((key) => same(left[key], right[key] ?? null))
}

/** Every appeal's row against the last entry the journal has of it, and every appeal the journal knows against its row. */
export const appealCheck: RowCheck = {
  name: 'appeal',
  async run(db, report) {
    let after = { id: '00000000-0000-0000-0000-000000000000', number: 0 }
    let count = 0
    for (;;) {
      const found = await store.appealsWithLastEntry(db, after, BATCH)
      if (found.length === 0) break
      for (const { row, payload } of found) {
        count++
        const wrong = payload
          ? Object.entries(rowFacts(row)).find(([key, value]) => !same(payload[key], value))?.[0]
          : 'no entry'
        if (wrong)
          report({
            where: `appeal ${row.number} against ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
      const last = found.at(-1)!.row
      after = { id: last.evaluation_id, number: last.number }
    }
    for (const { subject_id } of await store.missingAppeals(db, 20))
      report({ where: `appeal against ${subject_id}`, what: 'is in the journal but its row was deleted' })
    return count
  },
}
