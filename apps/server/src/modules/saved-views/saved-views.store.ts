import type { Kysely } from 'kysely'
import type { SavedViewTable } from '../../platform/tables.saved-views.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

export const viewsOf = (db: Db, accountId: string, screen: string) =>
  db
    .selectFrom('saved_view')
    .select(['view_id', 'name', 'query'])
    .where('account_id', '=', accountId)
    .where('screen', '=', screen)
    .orderBy('created_at')
    .orderBy('view_id')
    .execute()

/** A view of that name is given the new filters and keeps its place. */
export const putView = (db: Db, row: SavedViewTable) =>
  db
    .insertInto('saved_view')
    .values(row)
    .onConflict((c) => c.columns(['account_id', 'screen', 'name']).doUpdateSet({ query: row.query }))
    .returning(['view_id', 'name', 'query'])
    .executeTakeFirstOrThrow()

export const deleteView = async (db: Db, accountId: string, viewId: string): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('saved_view')
    .where('account_id', '=', accountId)
    .where('view_id', '=', viewId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
