import type { RowCheck } from '../ledger/verify.ts'
import * as store from './notifications.store.ts'

/** Every message against what the journal says became of it, both ways: none is called sent that was not. */
export const messageCheck: RowCheck = {
  name: 'outbound_message',
  async run(db, report) {
    for (const row of await store.disagreeing(db, 20))
      report({
        where: `message ${row.message_id} of ${row.evaluation_id}`,
        what: row.stored
          ? `does not agree with the journal (${row.stored} there, ${row.told ?? 'nothing'} here): it was changed`
          : 'is in the journal but its row was deleted',
      })
    return store.countMessages(db)
  },
}
