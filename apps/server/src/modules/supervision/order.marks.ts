import { isOrderKind, ORDER_KINDS } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { isOrderLate } from './order.ts'
import * as store from './orders.store.ts'

/**
 * Open orders as they mark cases in the work queue (R18). Whoever lists cases asks in their own transaction, so that
 * an official is shown the orders they may see and no others.
 */
export const makeOrderMarks = (app: App) => ({
  /** The open orders on these cases, oldest first. */
  async marksOf(tx: Tx, ids: readonly string[]) {
    if (ids.length === 0) return new Map<string, never[]>()
    const now = app.clock()
    const rows = await store.openOrdersOn(tx, ids)
    return new Map(
      [...Map.groupBy(rows, (row) => row.evaluation_id)].map(([id, orders]) => [
        id,
        orders.map((row) => ({
          kind: row.kind,
          label: ORDER_KINDS[row.kind],
          overdue: isOrderLate(row, now),
        })),
      ]),
    )
  },

  /** Cases with an open order, of one kind or of any: those whose answer is due first, as many as are asked for. */
  markedCases: (tx: Tx, kind: string | undefined, limit: number): Promise<string[]> =>
    kind !== undefined && !isOrderKind(kind)
      ? Promise.resolve([])
      : store.casesWithOpenOrder(tx, kind, limit),
})
