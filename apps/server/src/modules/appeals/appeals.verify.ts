import { disagreeing } from '../../platform/agreement.ts'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { factsOf, LATER_FACTS, rowFacts } from './appeal.entry.ts'
import * as store from './appeals.store.ts'

const BATCH = 500

/** Every appeal's row against the last entry the journal has of it, and every appeal the journal knows against its row. */
export const appealCheck: RowCheck = {
  name: 'appeal',
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      { id: FIRST_ID, number: 0 },
      (after) => store.appealsWithLastEntry(db, after, BATCH),
      ({ row }) => ({ id: row.evaluation_id, number: row.number }),
    )
    for await (const page of pages)
      for (const { row, payload } of page) {
        count++
        const wrong = disagreeing(rowFacts(row), factsOf(payload), LATER_FACTS)
        if (wrong)
          report({
            where: `appeal ${row.number} against ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
    for (const { subject_id } of await store.missingAppeals(db, 20))
      report({ where: `appeal against ${subject_id}`, what: 'is in the journal but its row was deleted' })
    return count
  },
}
