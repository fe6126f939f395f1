import type { RowCheck } from '../ledger/verify.ts'
import * as store from './summary.store.ts'
import { summaryFacts } from './summary.ts'

const BATCH = 100

/** Every summary against the last thing the journal says of it: its figures, its state, and that none was lost. */
export const summaryCheck: RowCheck = {
  name: 'summary',
  async run(db, report) {
    let count = 0
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const rows = await store.after(db, after, BATCH)
      const said = await store.lastSaid(
        db,
        rows.map((row) => row.summaryId),
      )
      for (const row of rows) {
        count++
        const last = said.get(row.summaryId)
        const where = `summary ${row.summaryId}`
        if (!last) report({ where, what: 'has no entry in the journal: it was made up' })
        else if (Object.entries(summaryFacts(row)).some(([name, value]) => last[name] !== value))
          report({ where, what: 'does not agree with the journal: it was changed' })
      }
      if (rows.length < BATCH) break
      after = rows.at(-1)!.summaryId
    }
    for (const id of await store.lost(db, BATCH))
      report({ where: `summary ${id}`, what: 'stands in the journal but its row was deleted' })
    return count
  },
}
