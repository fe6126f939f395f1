import { correctClock, ORDER_KINDS, orderAwaitsAnswer } from '@haochaping/rules'
import { countByMissingYear } from '../../platform/clock-reach.ts'
import type { App } from '../../platform/context.ts'
import { makeKeeper } from '../../platform/keeper.ts'
import { commonReach, type DeadlineBook, type DeadlineMover } from '../policies/calendar.books.ts'
import { ordersReached } from './order.deadlines.store.ts'
import type { OrderRow } from './order.ts'
import type { Orders } from './orders.service.ts'
import { clocked, lockOrder } from './orders.store.ts'

/** The deadlines of orders that wait for an answer, as the calendar reaches them. Reads only. */
export const makeOrderDeadlines = (app: App): DeadlineBook => ({
  async *running(reach, db) {
    const common = commonReach(reach)
    if (!common) return
    const rows = await ordersReached(db, common)
    yield rows.map((row) => ({
      kind: 'order',
      evaluationId: row.evaluation_id,
      name: `${ORDER_KINDS[row.kind]}（${row.case_number}）`,
      organizationId: row.organization_id,
      clock: row.clock,
    }))
  },
  async needs() {
    const counts = await countByMissingYear(app.db.system, clocked)
    return counts.map((row) => ({ ...row, of: 'orders' as const }))
  },
})

/** Moves the deadlines of orders after a correction, each in a transaction of its own. */
export function makeOrderMover(app: App, orders: Pick<Orders, 'redate'>): DeadlineMover {
  const { attempt } = makeKeeper<OrderRow, OrderRow>(app, {
    noun: 'order',
    idOf: (key) => key.order_id,
    lock: (tx, key) => lockOrder(tx, key.evaluation_id, key.order_id),
  })
  return async (reach, calendar) => {
    const count = { moved: 0, failed: 0 }
    const common = commonReach(reach)
    const rows = common ? await ordersReached(app.db.system, common) : []
    for (const found of rows.filter((row) => correctClock(row.clock, calendar) !== row.clock)) {
      const done = await attempt(found, async (tx, row) => {
        const corrected = correctClock(row.clock, calendar)
        if (!orderAwaitsAnswer(row.state) || corrected === row.clock) return
        await orders.redate(tx, row, corrected)
        count.moved++
      })
      if (!done) count.failed++
    }
    return count
  }
}
