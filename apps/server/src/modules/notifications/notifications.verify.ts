import type { RowCheck } from '../ledger/verify.ts'
import { countWishes, disagreeingWishes } from './contacts.store.ts'
import { MESSAGE_WRITER } from './message.queue.ts'
import * as list from './messages.list.store.ts'
import * as store from './notifications.store.ts'
import * as templates from './templates.store.ts'

/**
 * Every message against what the journal says became of it, both ways: none is called sent that was not; every
 * attempt against its message; and every reply against its message.
 */
export const messageCheck: RowCheck = {
  name: 'outbound_message',
  async run(db, report) {
    for (const row of await list.disagreeing(db, 20))
      report({
        where: `message ${row.message_id} of ${row.evaluation_id}`,
        what: row.stored
          ? `does not agree with the journal (${row.stored} there, ${row.told ?? 'nothing'} here): it was changed`
          : 'is in the journal but its row was deleted',
      })
    for (const row of await list.strayAttempts(db, 20))
      report({
        where: `message ${row.message_id} of ${row.evaluation_id}`,
        what: 'its attempts do not fit: one is there without the message, or it was sent without one',
      })
    for (const { evaluation_id } of await list.passedOver(db, MESSAGE_WRITER, 20))
      report({ where: `reply to ${evaluation_id}`, what: 'was passed over: no message tells of it' })
    return store.countMessages(db)
  },
}

/** Who wants no messages, or wants them elsewhere, against the entries in which they said so. */
export const wishCheck: RowCheck = {
  name: 'message_opt_out, message_channel',
  async run(db, report) {
    for (const { entry_id } of await disagreeingWishes(db, 20))
      report({
        where: `entry ${entry_id}`,
        what: 'what somebody wished about messages was changed or removed',
      })
    return countWishes(db)
  },
}

/** Every version of the words of messages against the entry in which they were written; its commitment holds the text. */
export const templateCheck: RowCheck = {
  name: 'message_template',
  async run(db, report) {
    for (const { key, medium, version, stored, told } of await templates.disagreeingTemplates(db, 20))
      report({
        where: `words ${version} of ${key} by ${medium}`,
        what: !stored
          ? 'are in the journal but their row was deleted'
          : told
            ? 'do not agree with the journal: they were changed'
            : 'are not in the journal: nobody wrote them through the program',
      })
    return templates.countTemplates(db)
  },
}
