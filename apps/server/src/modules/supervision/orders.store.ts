import type { OrderKind, OrderState } from '@haochaping/rules'
import { type Kysely, type SqlBool, sql } from 'kysely'
import { type ClockedRows, crossesYears } from '../../platform/clock-reach.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { OrderRow } from './order.ts'

type Db = Kysely<Tables>

const asOrder = (row: object | undefined) => row as OrderRow | undefined
const written = (row: OrderRow) => ({ ...row, clock: JSON.stringify(row.clock) })

/** True when it was not there yet. */
export const insertOrder = async (tx: Db, row: OrderRow): Promise<boolean> => {
  const inserted = await tx
    .insertInto('supervision_order')
    .values(written(row))
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

export const updateOrder = (tx: Db, row: OrderRow) => {
  const { evaluation_id, order_id, ...rest } = written(row)
  return tx
    .updateTable('supervision_order')
    .set(rest)
    .where('evaluation_id', '=', evaluation_id)
    .where('order_id', '=', order_id)
    .execute()
}

/** An order, locked until the transaction ends. */
export const lockOrder = async (tx: Db, evaluationId: string, orderId: string) =>
  asOrder(
    await tx
      .selectFrom('supervision_order')
      .selectAll()
      .where('evaluation_id', '=', evaluationId)
      .where('order_id', '=', orderId)
      .forUpdate()
      .executeTakeFirst(),
  )

/** The ids of those of some orders that somebody answered, in whatever role they were then. */
export async function answeredBy(
  db: Db,
  orders: readonly Pick<OrderRow, 'evaluation_id'>[],
  actor: string,
): Promise<Set<string>> {
  const ids = orders.map((row) => row.evaluation_id)
  const rows = await db
    .selectFrom('journal_entry')
    .select(sql<string>`payload ->> 'orderId'`.as('order_id'))
    .where(sql<SqlBool>`subject_id = any(${ids}::uuid[])`)
    .where('kind', '=', 'supervision.answered')
    .where('actor', '=', actor)
    .execute()
  return new Set(rows.map((row) => row.order_id))
}

/** The orders on a case, oldest first. */
export const ordersOf = async (db: Db, evaluationId: string) =>
  (await db
    .selectFrom('supervision_order')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .orderBy('issued_at')
    .orderBy('order_id')
    .execute()) as unknown as OrderRow[]

/** What a list of orders may be narrowed by. */
export interface OrderFilter {
  kind?: OrderKind | undefined
  state?: OrderState | undefined
  open?: boolean | undefined
  overdue?: boolean | undefined
  organizationPath?: string | undefined
  region?: string | undefined
}

const awaiting = sql<SqlBool>`state in ('issued', 'returned')`
/** Orders that wait for an answer, with their clock. */
export const clocked: ClockedRows = {
  table: sql.table('supervision_order'),
  clocks: sql`jsonb_build_array(clock)`,
  where: awaiting,
}
const open = sql<SqlBool>`state in ('issued', 'answered', 'returned')`
const late = (now: Date) => sql<SqlBool>`(${awaiting} and due_at < ${now})`

export async function listOrders(tx: Db, f: OrderFilter, now: Date, page: number, pageSize: number) {
  let query = tx.selectFrom('supervision_order')
  if (f.kind) query = query.where('kind', '=', f.kind)
  if (f.state) query = query.where('state', '=', f.state)
  if (f.open) query = query.where(open)
  if (f.overdue) query = query.where(late(now))
  if (f.region) query = query.where('region_code', '=', f.region)
  if (f.organizationPath)
    query = query.where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy(sql`case when ${awaiting} then 0 when state = 'answered' then 1 else 2 end`)
    .orderBy(sql`case when ${awaiting} then due_at end`)
    .orderBy('issued_at', 'desc')
    .orderBy('order_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows: rows as unknown as OrderRow[] }
}

/** What is open of the orders on some cases, oldest first. */
export const openOrdersOn = async (tx: Db, ids: readonly string[]) =>
  (await tx
    .selectFrom('supervision_order')
    .select(['evaluation_id', 'kind', 'state', 'due_at'])
    .where(sql<SqlBool>`evaluation_id = any(${ids}::uuid[])`)
    .where(open)
    .orderBy('issued_at')
    .orderBy('order_id')
    .execute()) as Pick<OrderRow, 'evaluation_id' | 'kind' | 'state' | 'due_at'>[]

/** The cases with an open order, those whose answer is due first. */
export const casesWithOpenOrder = async (tx: Db, kind: OrderKind | undefined, limit: number) => {
  const orders = tx.selectFrom('supervision_order').where(open)
  const rows = await (kind ? orders.where('kind', '=', kind) : orders)
    .select('evaluation_id')
    .groupBy('evaluation_id')
    .orderBy(sql`min(due_at)`)
    .limit(limit)
    .execute()
  return rows.map((row) => row.evaluation_id)
}

/** How many orders press, of those that may be seen. */
export const countOrders = async (tx: Db, now: Date) => {
  const row = await tx
    .selectFrom('supervision_order')
    .select([
      sql<number>`count(*) filter (where ${awaiting})`.as('awaiting'),
      sql<number>`count(*) filter (where state = 'answered')`.as('answered'),
      sql<number>`count(*) filter (where ${late(now)})`.as('overdue'),
      sql<number>`count(*) filter (where kind = 'listed' and state not in ('accepted', 'withdrawn'))`.as(
        'listed',
      ),
    ])
    .executeTakeFirstOrThrow()
  return {
    awaiting: Number(row.awaiting),
    answered: Number(row.answered),
    overdue: Number(row.overdue),
    listed: Number(row.listed),
  }
}

/** One step of an order, as the journal has it, with its texts. */
export interface OrderEntry {
  entry_id: string
  kind: string
  recorded_at: Date
  actor: string
  payload: Record<string, JsonValue>
  content: Record<string, string> | null
  position: number | null
}

/** All that happened to the orders of a case, and what spot checks of it found, in their order. */
export const supervisionHistory = async (db: Db, evaluationId: string): Promise<OrderEntry[]> => {
  const rows = await db
    .selectFrom('journal_entry as e')
    .leftJoin('entry_text as t', (on) =>
      on.onRef('t.subject_id', '=', 'e.subject_id').onRef('t.entry_id', '=', 'e.entry_id'),
    )
    .leftJoin('ledger_leaf as l', (on) =>
      on.onRef('l.subject_id', '=', 'e.subject_id').onRef('l.entry_id', '=', 'e.entry_id'),
    )
    .select(['e.entry_id', 'e.kind', 'e.recorded_at', 'e.actor', 'e.payload', 't.content', 'l.position'])
    .where('e.subject_id', '=', evaluationId)
    .where(sql<SqlBool>`e.kind like 'supervision.%' and e.kind not like 'supervision.retaliation%'`)
    .orderBy('e.recorded_at')
    .orderBy(sql`(e.payload ->> 'version')::int`)
    .execute()
  return rows as OrderEntry[]
}

const keysWhere = (db: Db, condition: ReturnType<typeof sql<SqlBool>>, limit: number) =>
  db
    .selectFrom('supervision_order')
    .select(['evaluation_id', 'order_id'])
    .where(condition)
    .orderBy('due_at')
    .limit(limit)
    .execute()

/** Orders whose answer has become late and is not marked yet. */
export const newlyLate = (db: Db, now: Date, limit: number) =>
  keysWhere(db, sql`${late(now)} and not overdue`, limit)

/** Where a look at the alarms that are due goes on. */
export interface AlarmPlace {
  at: Date
  evaluation_id: string
  order_id: string
}
/** Orders whose alarm has come, by when, after a place. */
export const alarming = async (
  db: Db,
  now: Date,
  after: AlarmPlace | null,
  limit: number,
): Promise<AlarmPlace[]> => {
  let query = db
    .selectFrom('supervision_order')
    .select([sql<Date>`next_alarm_at`.as('at'), 'evaluation_id', 'order_id'])
    .where('next_alarm_at', '<=', now)
  if (after)
    query = query.where(
      sql<SqlBool>`(next_alarm_at, evaluation_id, order_id) > (${after.at}, ${after.evaluation_id}::uuid, ${after.order_id}::uuid)`,
    )
  return query.orderBy('next_alarm_at').orderBy('evaluation_id').orderBy('order_id').limit(limit).execute()
}

/** Orders that wait for an answer until a day which a year without its holidays made provisional. */
export const provisionalOrders = (db: Db, years: number[], limit: number) =>
  keysWhere(db, sql`${clocked.where} and ${crossesYears(clocked, years)}`, limit)

/** Orders beside the last thing the journal says of each, read by one statement. */
export const ordersWithLastEntry = async (db: Db, after: [string, string], limit: number) => {
  const rows = await db
    .selectFrom('supervision_order as o')
    .selectAll('o')
    .select(
      sql<Record<string, JsonValue> | null>`(select e.payload from journal_entry e
        where e.subject_id = o.evaluation_id and e.kind like 'supervision.%'
          and e.payload ->> 'orderId' = o.order_id::text
        order by (e.payload ->> 'version')::int desc limit 1)`.as('last'),
    )
    .where(sql<SqlBool>`(o.evaluation_id, o.order_id) > (${after[0]}, ${after[1]})`)
    .orderBy('o.evaluation_id')
    .orderBy('o.order_id')
    .limit(limit)
    .execute()
  return rows.map(({ last, ...row }) => ({ row: row as unknown as OrderRow, payload: last }))
}

/** Orders that the journal gave and that are not there. */
export const missingOrders = async (db: Db, limit: number) => {
  const { rows } = await sql<{ subject_id: string }>`
    select e.subject_id from journal_entry e
    left join supervision_order o on o.evaluation_id = e.subject_id and o.order_id::text = e.payload ->> 'orderId'
    where e.kind = 'supervision.ordered' and o.order_id is null limit ${limit}`.execute(db)
  return rows
}
