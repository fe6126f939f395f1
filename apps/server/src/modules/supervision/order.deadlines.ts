import { correctClock, ORDER_KINDS, orderAwaitsAnswer } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { type DeadlineBook, type DeadlineMover, momentsOf } from '../policies/calendar.books.ts'
import * as store from './order.deadlines.store.ts'
import type { Orders } from './orders.service.ts'
import { lockOrder } from './orders.store.ts'

/** The deadlines of orders that wait for an answer, as the calendar reaches them. Reads only. */
export const makeOrderDeadlines = (app: App): DeadlineBook => ({
  async *running({ years, days }) {
    const rows = await store.ordersReached(app.db.system, years, days && momentsOf(days))
    yield rows.map((row) => ({
      kind: 'order',
      evaluationId: row.evaluation_id,
      name: `${ORDER_KINDS[row.kind]}（${row.case_number}）`,
      organizationId: row.organization_id,
      clock: row.clock,
    }))
  },
  async needs() {
    return (await store.countByMissingYear(app.db.system)).map((row) => ({ ...row, of: 'orders' as const }))
  },
})

/** Moves the deadlines of orders after a correction, each in a transaction of its own. */
export const makeOrderMover =
  (app: App, orders: Pick<Orders, 'redate'>): DeadlineMover =>
  async ({ years, days }, calendar) => {
    const count = { moved: 0, failed: 0 }
    const rows = await store.ordersReached(app.db.system, years, days && momentsOf(days))
    for (const { evaluation_id: id, order_id } of rows.filter(
      (row) => correctClock(row.clock, calendar) !== row.clock,
    ))
      try {
        await app.db.system.transaction().execute(async (tx) => {
          const row = await lockOrder(tx, id, order_id)
          if (!row || !orderAwaitsAnswer(row.state)) return
          const corrected = correctClock(row.clock, calendar)
          if (corrected === row.clock) return
          await orders.redate(tx, row, corrected)
          count.moved++
        })
      } catch (error) {
        count.failed++
        app.log.error({ err: error, order: order_id }, 'the deadline of an order could not be corrected')
      }
    return count
  }
