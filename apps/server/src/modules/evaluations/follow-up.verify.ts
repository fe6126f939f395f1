import type { App } from '../../platform/context.ts'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { FOLLOW_UP_DIGEST, followUpDigest, followUpFacts } from './follow-up.facts.ts'
import * as store from './follow-up.store.ts'

const BATCH = 1_000

const same = (a: JsonValue | undefined, b: JsonValue) => JSON.stringify(a ?? null) === JSON.stringify(b)

/** Every follow-up against its journal entry, both ways, and against the digest that only the program can make. */
export const followUpCheck = (app: App): RowCheck => ({
  name: 'follow_up',
  async run(db, report) {
    const digestKey = app.keys.derive(FOLLOW_UP_DIGEST)
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) => store.followUpsWithEntries(db, after, BATCH),
      (last) => last.evaluation_id,
    )
    for await (const found of pages) {
      for (const { payload, on_time, ...row } of found) {
        count++
        const said = payload as Record<string, JsonValue> | null
        const wrong = said
          ? Object.entries(followUpFacts(row)).find(([key, value]) => !same(said[key], value))?.[0]
          : 'entry'
        const told = row.digest.toString('hex') === said?.digest
        if (wrong || !told || !on_time)
          report({
            where: `follow-up of ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong ?? (told ? 'submitted_at' : 'digest')}): it was changed`,
          })
        else if (!followUpDigest(digestKey, row).equals(row.digest))
          report({
            where: `follow-up of ${row.evaluation_id}`,
            what: 'was not given through the program: it was made up, or changed before it was sealed',
          })
      }
    }
    for (const { subject_id } of await store.missingFollowUps(db, 20))
      report({ where: `follow-up of ${subject_id}`, what: 'is in the journal but its row was deleted' })
    return count
  },
})
