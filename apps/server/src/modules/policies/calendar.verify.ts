import { same } from '../../platform/agreement.ts'
import type { RowCheck } from '../ledger/verify.ts'
import * as store from './policies.store.ts'

/** Every correction of the calendar that deadlines are to follow, against what the journal says of it. */
export const correctionCheck: RowCheck = {
  name: 'calendar_correction',
  async run(db, report) {
    const rows = await store.correctionsWithEntries(db)
    for (const { id, row, decided, in_time } of rows) {
      const where = `calendar correction ${id}`
      if (!row) report({ where, what: 'stands in the journal but its row was deleted' })
      else if (!decided) report({ where, what: 'has no entry in the journal: it was made up' })
      else if (
        !in_time ||
        row.year !== (decided.year ?? null) ||
        !same(decided.halls ?? [], row.halls) ||
        row.first_day !== decided.firstDay ||
        row.last_day !== decided.lastDay
      )
        report({ where, what: 'does not agree with the journal: it was changed' })
    }
    return rows.length
  },
}
