import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Sealed entries that a consumer of the ledger has followed, for a look at what should have come of them: whoever
 * moves its cursor on would spare themselves an effect. `l` is the leaf, `e` the entry.
 */
export const followedEntries = (db: Kysely<Tables>, consumer: string) =>
  db
    .selectFrom('ledger_leaf as l')
    .innerJoin('journal_entry as e', (on) =>
      on.onRef('e.subject_id', '=', 'l.subject_id').onRef('e.entry_id', '=', 'l.entry_id'),
    )
    .where('l.position', '<', (leaf) =>
      leaf.selectFrom('consumer_cursor').select('position').where('consumer', '=', consumer),
    )
