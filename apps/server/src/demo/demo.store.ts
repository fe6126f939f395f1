import type { Kysely } from 'kysely'
import type { Tables } from '../platform/tables.ts'

const KEY = 'demo-data'

/** How far the demo data of this database has come; null when none was ever begun. */
export const demoState = async (db: Kysely<Tables>): Promise<string | null> =>
  (await db.selectFrom('deployment').select('value').where('key', '=', KEY).executeTakeFirst())?.value ?? null

export const setDemoState = (db: Kysely<Tables>, value: 'loading' | 'loaded') =>
  db
    .insertInto('deployment')
    .values({ key: KEY, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute()
