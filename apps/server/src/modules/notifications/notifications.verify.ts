import type { RowCheck } from '../ledger/verify.ts'
import { MESSAGE_WRITER } from './notifications.service.ts'
import * as store from './notifications.store.ts'

/**
 * Every message against what the journal says became of it, both ways: none is called sent that was not; and every
 * reply against its message.
 */
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
    for (const { evaluation_id } of await store.passedOver(db, MESSAGE_WRITER, 20))
      report({ where: `reply to ${evaluation_id}`, what: 'was passed over: no message tells of it' })
    return store.countMessages(db)
  },
}
