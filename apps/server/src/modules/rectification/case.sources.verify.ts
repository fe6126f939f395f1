import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import * as store from './case.sources.store.ts'

const BATCH = 1_000

/** Which case each rating and complaint was joined to, against the entry that says so, both ways. */
export const linkCheck: RowCheck = {
  name: 'matter_link',
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) => store.linksWithEntries(db, after, BATCH),
      (last) => last.evaluation_id,
    )
    for await (const found of pages) {
      for (const { payload, ...row } of found) {
        count++
        const said = payload as Record<string, JsonValue> | null
        if (said?.matterId !== row.matter_id || said.caseEvaluationId !== row.case_evaluation_id)
          report({
            where: `case of ${row.evaluation_id}`,
            what: 'does not agree with the journal: what it was joined to was changed',
          })
      }
    }
    for (const { subject_id } of await store.missingLinks(db, 20))
      report({ where: `case of ${subject_id}`, what: 'was joined by the journal but the row was deleted' })
    return count
  },
}
