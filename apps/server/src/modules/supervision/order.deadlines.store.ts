import { type Kysely, type SqlBool, sql } from 'kysely'
import { clockReached } from '../../platform/clock-reach.ts'
import type { Tables } from '../../platform/tables.ts'
import type { OrderRow } from './order.ts'

type Db = Kysely<Tables>

const waiting = sql<SqlBool>`state in ('issued', 'returned')`

/** Orders that wait for an answer, with a deadline that one of these years or moments has a part in. */
export const ordersReached = async (
  db: Db,
  years: readonly number[],
  moments: { from: string; to: string } | null,
): Promise<OrderRow[]> =>
  (await db
    .selectFrom('supervision_order')
    .selectAll()
    .where(waiting)
    .where(clockReached(years, moments))
    .orderBy('due_at')
    .execute()) as unknown as OrderRow[]

/** How many of them cross each year whose holidays were not known. */
export const countByMissingYear = async (db: Db) =>
  (
    await sql<{ year: number; count: number }>`
      select y::int as year, count(*)::int as count
      from supervision_order, jsonb_array_elements_text(clock -> 'missingYears') y
      where ${waiting} and due_provisional group by 1`.execute(db)
  ).rows
