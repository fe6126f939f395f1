import { isWorkingTime, recomputeClock, type WorkCalendar } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { makeKeeper } from '../../platform/keeper.ts'
import type { OrderRow } from './order.ts'
import type { Orders } from './orders.service.ts'
import * as store from './orders.store.ts'

const BATCH = 200

/** What the clock does to orders by itself. */
export function orderChores(app: App, orders: Orders, policies: { calendar(): Promise<WorkCalendar> }) {
  const { each, along } = makeKeeper<{ evaluation_id: string; order_id: string }, OrderRow>(app, {
    noun: 'order',
    idOf: (key) => key.order_id,
    lock: (tx, key) => store.lockOrder(tx, key.evaluation_id, key.order_id),
  })

  return [
    {
      name: 'recompute provisional deadlines of orders',
      run: async () => {
        const calendar = await policies.calendar()
        return each(
          () => store.provisionalOrders(app.db.system, [...calendar.years], BATCH),
          async (tx, row) => {
            if (row.clock.missingYears.some((year) => calendar.years.has(year)))
              await orders.redate(tx, row, recomputeClock(row.clock, calendar))
          },
        )
      },
    },
    {
      name: 'mark overdue orders',
      run: () => each(() => store.newlyLate(app.db.system, app.clock(), BATCH), orders.noteLate),
    },
    {
      // At 50 % and 80 % whoever may answer, at 100 % the level above; in working hours only.
      name: 'warn of orders that wait',
      run: async () =>
        isWorkingTime(await policies.calendar(), app.clock())
          ? along<store.AlarmPlace>(
              (after) => store.alarming(app.db.system, app.clock(), after, BATCH),
              BATCH,
              orders.ring,
            )
          : 0,
    },
  ]
}
