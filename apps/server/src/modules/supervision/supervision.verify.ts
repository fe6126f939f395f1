import { drawSample, populationDigest } from '@haochaping/rules'
import { disagreeing, same } from '../../platform/agreement.ts'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { checkFacts, itemFacts, sm3Hex } from './check.ts'
import * as checks from './checks.store.ts'
import { LATER_ORDER_FACTS, orderFacts } from './order.ts'
import * as orders from './orders.store.ts'
import * as retaliation from './retaliation.store.ts'
import { reportFacts } from './retaliation.store.ts'

const BATCH = 500
type Pair = [string, string]
const FIRST_PAIR: Pair = [FIRST_ID, FIRST_ID]

const changed = (why: string) => `does not agree with the journal (${why}): it was changed`
const deleted = 'is in the journal but its row was deleted'

/** Every order's row against the last entry the journal has of it, and every order given against its row. */
export const orderCheck: RowCheck = {
  name: 'supervision_order',
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      FIRST_PAIR,
      (after) => orders.ordersWithLastEntry(db, after, BATCH),
      ({ row }): Pair => [row.evaluation_id, row.order_id],
    )
    for await (const page of pages)
      for (const { row, payload } of page) {
        count++
        const wrong = disagreeing(orderFacts(row), payload, LATER_ORDER_FACTS)
        if (wrong) report({ where: `order ${row.order_id} of ${row.evaluation_id}`, what: changed(wrong) })
      }
    for (const { subject_id } of await orders.missingOrders(db, 20))
      report({ where: `order on ${subject_id}`, what: deleted })
    return count
  },
}

/** Every round against the journal, every draw drawn again from the list it was made from, every case of a round. */
export const spotCheckCheck: RowCheck = {
  name: 'spot_check',
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) => checks.checksWithLastEntry(db, after, BATCH),
      ({ row }) => row.check_id,
    )
    for await (const page of pages)
      for (const { row, payload, drawn } of page) {
        count++
        const where = `spot check ${row.check_id}`
        const wrong = disagreeing(checkFacts(row), payload)
        if (wrong) report({ where, what: changed(wrong) })
        if (row.state === 'planned') continue
        const items = await checks.itemsWithLastEntry(db, row.check_id)
        if (
          !same(
            drawn,
            items.map((item) => item.row.evaluation_id),
          )
        )
          report({ where, what: 'does not hold the cases that were drawn' })
        if (row.selection === 'draw') {
          const ids = await checks.populationIds(db, row.check_id)
          if (populationDigest(ids, sm3Hex) !== row.population_digest)
            report({ where, what: 'the list it was drawn from was changed' })
          else if (!same(drawn, drawSample(ids, row.seed ?? '', drawn?.length ?? 0, sm3Hex)))
            report({ where, what: 'drawn again, gives other cases' })
          if (sm3Hex(row.seed ?? '') !== row.seed_commitment)
            report({ where, what: 'was drawn with another seed than was committed to' })
        }
        for (const item of items) {
          // Before anything was done with it, the draw is all the journal says of a case.
          if (item.payload === null && item.row.version === 1 && item.row.finding === null) continue
          const why = disagreeing(itemFacts(item.row), item.payload)
          if (why) report({ where: `${where}, case ${item.row.case_number}`, what: changed(why) })
        }
      }
    for (const { subject_id } of await checks.missingChecks(db, 20))
      report({ where: `spot check ${subject_id}`, what: deleted })
    return count
  },
}

/** Every report of retaliation against the journal: one that was put away is found. */
export const retaliationCheck: RowCheck = {
  name: 'retaliation_report',
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      FIRST_PAIR,
      (after) => retaliation.reportsWithLastEntry(db, after, BATCH),
      ({ row }): Pair => [row.evaluation_id, row.report_id],
    )
    for await (const page of pages)
      for (const { row, payload } of page) {
        count++
        const wrong = disagreeing(reportFacts(row), payload)
        if (wrong) report({ where: `retaliation report ${row.report_id}`, what: changed(wrong) })
      }
    for (const { subject_id } of await retaliation.missingReports(db, 20))
      report({ where: `retaliation report about ${subject_id}`, what: deleted })
    return count
  },
}
