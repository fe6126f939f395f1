import type { JsonValue } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { rowFacts } from './case.entry.ts'
import { CASE_OPENER } from './rectification.consumer.ts'
import * as store from './rectification.store.ts'

const BATCH = 500

/** The same value, whatever order jsonb gave its keys. */
function same(a: JsonValue | undefined, b: JsonValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b
  const [left, right] = [a as Record<string, JsonValue>, b as Record<string, JsonValue>]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].every((key) => same(left[key], right[key] ?? null))
}

/**
 * Every case's row against the last entry the journal has of it, every case the journal opened against its row, and
 * every negative rating against its case: whoever moves the opener's cursor on would spare themselves one.
 */
export const caseCheck: RowCheck = {
  name: 'rectification_case',
  async run(db, report) {
    let after = '00000000-0000-0000-0000-000000000000'
    let count = 0
    for (;;) {
      const found = await store.casesWithLastEntry(db, after, BATCH)
      if (found.length === 0) break
      for (const { row, payload } of found) {
        count++
        const wrong = payload
          ? Object.entries(rowFacts(row)).find(([key, value]) => !same(payload[key], value))?.[0]
          : 'no entry'
        if (wrong)
          report({
            where: `case ${row.case_number} of ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
      after = found.at(-1)!.row.evaluation_id
    }
    for (const { subject_id } of await store.missingCases(db, 20))
      report({ where: `case of ${subject_id}`, what: 'is in the journal but its row was deleted' })
    for (const { evaluation_id } of await store.passedOver(db, CASE_OPENER, 20))
      report({
        where: `evaluation ${evaluation_id}`,
        what: 'is negative and was passed over: it has no case',
      })
    return count
  },
}
