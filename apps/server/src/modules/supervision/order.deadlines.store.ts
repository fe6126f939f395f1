import type { Kysely } from 'kysely'
import { type ClockReach, clocksReached } from '../../platform/clock-reach.ts'
import type { Tables } from '../../platform/tables.ts'
import type { OrderRow } from './order.ts'
import { clocked } from './orders.store.ts'

/** Orders that wait for an answer, with a deadline that one of these years or moments has a part in. */
export const ordersReached = async (db: Kysely<Tables>, reach: ClockReach): Promise<OrderRow[]> =>
  (await db
    .selectFrom('supervision_order')
    .selectAll()
    .where(clocked.where)
    .where(clocksReached(clocked, reach))
    .orderBy('due_at')
    .orderBy('order_id')
    .execute()) as unknown as OrderRow[]
