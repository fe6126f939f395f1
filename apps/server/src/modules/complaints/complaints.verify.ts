import type { App } from '../../platform/context.ts'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { COMPLAINT_DIGEST, complaintFacts } from './complaints.facts.ts'
import type { ComplaintsService } from './complaints.service.ts'
import * as store from './complaints.store.ts'

const BATCH = 1_000

/** Every complaint against its journal entry, both ways, and its id against what it is derived from. */
export const complaintCheck = (app: App, complaints: Pick<ComplaintsService, 'complaintId'>): RowCheck => ({
  name: 'complaint',
  async run(db, report) {
    const digestKey = app.keys.derive(COMPLAINT_DIGEST)
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) => store.complaintsWithEntries(db, after, BATCH),
      (last) => last.evaluation_id,
    )
    for await (const found of pages) {
      for (const { payload, on_time, ...row } of found) {
        count++
        const said = payload as Record<string, JsonValue> | null
        const fact = said
          ? Object.entries(complaintFacts(row, digestKey)).find(([key, value]) => said[key] !== value)?.[0]
          : 'entry'
        const derived = complaints.complaintId(row.source, row.source_number) === row.evaluation_id
        const wrong = fact ?? (derived ? undefined : 'number') ?? (on_time ? undefined : 'time')
        if (wrong)
          report({
            where: `complaint ${row.complaint_number} (${row.evaluation_id})`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
    }
    for (const { subject_id } of await store.missingComplaints(db, 20))
      report({ where: `complaint ${subject_id}`, what: 'is in the journal but its row was deleted' })
    return count
  },
})
