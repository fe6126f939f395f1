import { type Kysely, sql } from 'kysely'
import type { InboxItemTable } from '../../platform/tables.notifications.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type InboxItem = InboxItemTable

/** Those of the items that were not there yet. */
export const insertItems = (tx: Db, rows: InboxItem[]): Promise<Pick<InboxItem, 'account_id'>[]> =>
  tx
    .insertInto('inbox_item')
    .values(rows)
    .onConflict((c) => c.doNothing())
    .returning('account_id')
    .execute()

/** What one's notices may be narrowed by. */
export interface InboxFilter {
  unread: boolean
  /** the template they are made of */
  kind?: string | undefined
}

export async function itemsOf(
  db: Db,
  accountId: string,
  { unread, kind }: InboxFilter,
  page: number,
  pageSize: number,
) {
  const own = db.selectFrom('inbox_item').where('account_id', '=', accountId)
  const those = unread ? own.where('read_at', 'is', null) : own
  const wanted = kind === undefined ? those : those.where('template', '=', kind)
  const { total } = await wanted.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await wanted
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('item_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows }
}

export const countUnread = async (db: Db, accountId: string): Promise<number> => {
  const { count } = await db
    .selectFrom('inbox_item')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** How many notices of each kind somebody has, read ones too. */
export const countByKind = async (db: Db, accountId: string): Promise<{ kind: string; count: number }[]> => {
  const rows = await db
    .selectFrom('inbox_item')
    .select((e) => ['template as kind', e.fn.countAll<number>().as('count')])
    .where('account_id', '=', accountId)
    .groupBy('template')
    .execute()
  return rows.map(({ kind, count }) => ({ kind, count: Number(count) }))
}

/** Marks what some templates say of a matter as read for everybody who has not read it. */
export const settle = (tx: Db, path: string, templates: readonly string[], at: Date) =>
  tx
    .updateTable('inbox_item')
    .set({ read_at: at })
    .where('path', '=', path)
    .where('template', 'in', [...templates])
    .where('read_at', 'is', null)
    .execute()

/** Marks one item, or all of them, as read; gives how many it found. What was read first stays. */
export const markRead = async (db: Db, accountId: string, at: Date, itemId?: string): Promise<number> => {
  let query = db
    .updateTable('inbox_item')
    .set({ read_at: sql<Date>`coalesce(read_at, ${at})` })
    .where('account_id', '=', accountId)
  query = itemId ? query.where('item_id', '=', itemId) : query.where('read_at', 'is', null)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}

export const emailOf = async (db: Db, accountId: string): Promise<string | undefined> =>
  (
    await db
      .selectFrom('account_notice')
      .select('email')
      .where('account_id', '=', accountId)
      .executeTakeFirst()
  )?.email

export const emailsOf = async (db: Db, accountIds: string[]): Promise<Map<string, string>> => {
  const rows = await db
    .selectFrom('account_notice')
    .selectAll()
    .where('account_id', 'in', accountIds)
    .execute()
  return new Map(rows.map((row) => [row.account_id, row.email]))
}

export const setEmail = (db: Db, accountId: string, email: string) =>
  email === ''
    ? db.deleteFrom('account_notice').where('account_id', '=', accountId).execute()
    : db
        .insertInto('account_notice')
        .values({ account_id: accountId, email })
        .onConflict((c) => c.column('account_id').doUpdateSet({ email }))
        .execute()
