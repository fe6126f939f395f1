import { isWorkingTime, recomputeClock, type WorkCalendar } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import type { OrderRow } from './order.ts'
import type { Orders } from './orders.service.ts'
import * as store from './orders.store.ts'

const BATCH = 200
type Key = { evaluation_id: string; order_id: string }

/** What the clock does to orders by itself. Each is a transaction of its own; one that fails holds up no other. */
export function orderChores(app: App, orders: Orders, policies: { calendar(): Promise<WorkCalendar> }) {
  async function attempt(key: Key, work: (tx: Tx, row: OrderRow) => Promise<unknown>): Promise<void> {
    try {
      await app.db.system.transaction().execute(async (tx) => {
        const row = await store.lockOrder(tx, key.evaluation_id, key.order_id)
        if (row) await work(tx, row)
      })
    } catch (error) {
      app.log.error({ err: error, order: key.order_id }, 'an order could not be moved on by the clock')
    }
  }

  async function each(find: () => Promise<Key[]>, work: (tx: Tx, row: OrderRow) => Promise<unknown>) {
    const done = new Set<string>()
    for (;;) {
      const keys = (await find()).filter((key) => !done.has(key.order_id))
      if (keys.length === 0) break
      for (const key of keys) {
        done.add(key.order_id)
        await attempt(key, work)
      }
    }
    if (done.size > 0) app.nudge()
    return done.size
  }

  /** Marks answers that are late, once for each clock. */
  const markLate = () => each(() => store.newlyLate(app.db.system, app.clock(), BATCH), orders.noteLate)

  /** Warns at 50 % and 80 % whoever may answer, tells the level above at 100 %; in working hours only. */
  async function warn(): Promise<number> {
    if (!isWorkingTime(await policies.calendar(), app.clock())) return 0
    let count = 0
    for (let after: store.AlarmPlace | null = null; ; ) {
      const found: store.AlarmPlace[] = await store.alarming(app.db.system, app.clock(), after, BATCH)
      for (const key of found) await attempt(key, orders.ring)
      count += found.length
      after = found.at(-1) ?? null
      if (found.length < BATCH) break
    }
    if (count > 0) app.nudge()
    return count
  }

  /** Deadlines that crossed a year whose holidays have become known. */
  async function recompute() {
    const calendar = await policies.calendar()
    return each(
      () => store.provisionalOrders(app.db.system, [...calendar.years], BATCH),
      async (tx, row) => {
        if (row.clock.missingYears.some((year) => calendar.years.has(year)))
          await orders.redate(tx, row, recomputeClock(row.clock, calendar))
      },
    )
  }

  return [
    { name: 'recompute provisional deadlines of orders', run: recompute },
    { name: 'mark overdue orders', run: markLate },
    { name: 'warn of orders that wait', run: warn },
  ]
}
