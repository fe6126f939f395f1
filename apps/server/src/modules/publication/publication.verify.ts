import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { LedgerService } from '../ledger/ledger.service.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { type PublicCase, publicCaseOf } from './public-case.ts'
import * as store from './publication.store.ts'

const BATCH = 200

/** A record without its texts: these were masked by the names known when the case was closed. */
const comparable = (record: PublicCase) =>
  JSON.stringify({
    ...record,
    steps: record.steps.map(({ label, at, facts, texts }) => ({ label, at, facts, texts: texts.length })),
  })

/** Every published case against the journal it was made from, both ways: none is left out, none is embellished. */
export const publicationCheck = (ledger: LedgerService, consumer: string): RowCheck => ({
  name: 'publication_case',
  derived: true,
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) => store.closedCases(db, after, consumer, BATCH),
      (last) => last,
    )
    for await (const ids of pages) {
      const coming = await store.followUpsToCome(db, ids, consumer)
      const histories = (await ledger.histories(db, ids)).filter(
        (entry) => entry.kind !== 'evaluation.followed_up' || !coming.has(entry.subjectId),
      )
      for (const history of Map.groupBy(histories, (entry) => entry.subjectId).values()) {
        const right = publicCaseOf(history, [])
        if (!right) continue
        count++
        const found = await store.caseByNumber(db, right.caseNumber)
        const where = `published case ${right.caseNumber}`
        if (!found) report({ where, what: 'is closed in the journal but its record was deleted' })
        else if (comparable(found) !== comparable(right))
          report({ where, what: 'does not agree with the journal: it was changed' })
      }
    }
    const published = await store.countCases(db)
    if (published > count)
      report({
        where: 'published cases',
        what: `${published} are published, the journal has ${count} closed: some were made up`,
      })
    return published
  },
})
