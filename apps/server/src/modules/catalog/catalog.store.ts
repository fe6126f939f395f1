import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

/** A row of any table of the directory, by column name. */
export type AnyRow = Record<string, unknown>

/** Everything the snapshot holds, table by table. Guides are left out: they are long and read one at a time. */
export async function directory(db: Db) {
  return {
    regions: await db.selectFrom('region').selectAll().orderBy('code').execute(),
    organizations: await db.selectFrom('organization').selectAll().orderBy('sort').orderBy('id').execute(),
    halls: await db.selectFrom('hall').selectAll().orderBy('code').execute(),
    windows: await db.selectFrom('service_window').selectAll().orderBy('sort').orderBy('code').execute(),
    platforms: await db.selectFrom('platform').selectAll().orderBy('code').execute(),
    staff: await db.selectFrom('staff_member').selectAll().orderBy('number').execute(),
    items: await db.selectFrom('service_item').selectAll().orderBy('code').execute(),
    options: await db
      .selectFrom('evaluation_option')
      .selectAll()
      .orderBy('level', 'desc')
      .orderBy('code')
      .execute(),
  }
}

export const guideByItem = (db: Db, code: string) =>
  db.selectFrom('service_guide').selectAll().where('item_code', '=', code).executeTakeFirst()

export const guideCodes = (db: Db) => db.selectFrom('service_guide').select('item_code').execute()

export const versionsOf = (db: Db, entity: string, key: string) =>
  db
    .selectFrom('catalog_version')
    .select(['version', 'content', 'changed_by', 'changed_at'])
    .where('entity', '=', entity)
    .where('key', '=', key)
    .orderBy('version', 'desc')
    .execute()

/** All that ever became of the days of the calendar, oldest first. */
export const calendarHistory = (db: Db) =>
  db
    .selectFrom('catalog_version')
    .select(['key', 'content', 'changed_at'])
    .where('entity', '=', 'calendar')
    .orderBy('changed_at')
    .orderBy('version')
    .execute()

const REVISION = 'catalog-revision'

/** A mark that changes with every change of the directory, so that other copies of the program notice. */
export const revision = async (db: Db): Promise<string> =>
  (await db.selectFrom('deployment').select('value').where('key', '=', REVISION).executeTakeFirst())?.value ??
  ''

export const setRevision = (tx: Db, value: string) =>
  tx
    .insertInto('deployment')
    .values({ key: REVISION, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute()

/** One writer of the directory at a time: paths, references and version numbers are computed from what is there. */
export const lockDirectory = (tx: Db) =>
  sql`select pg_advisory_xact_lock(hashtext('haochaping:catalog'))`.execute(tx)

/** All rows of a table. */
export const allRows = async (tx: Db, table: string): Promise<AnyRow[]> =>
  (await sql<AnyRow>`select * from ${sql.table(table)}`.execute(tx)).rows

/** The rows of a table whose column, as text, is one of `values`. */
export const rowsWhere = async (
  tx: Db,
  table: string,
  column: string,
  values: string[],
): Promise<AnyRow[]> =>
  values.length === 0
    ? []
    : (
        await sql<AnyRow>`select * from ${sql.table(table)} where ${sql.ref(column)}::text = any(${values}::text[])`.execute(
          tx,
        )
      ).rows

/**
 * Inserts rows or changes them by key, all in one statement: a foreign key from one row to another of the same
 * statement is checked at its end, so parents may stand after their children.
 */
export async function putRows(
  tx: Db,
  table: string,
  key: readonly string[],
  columns: readonly string[],
  rows: AnyRow[],
) {
  if (rows.length === 0) return
  const names = sql.join(columns.map((c) => sql.ref(c)))
  const changes = sql.join(
    columns.filter((c) => !key.includes(c)).map((c) => sql`${sql.ref(c)} = excluded.${sql.ref(c)}`),
  )
  await sql`insert into ${sql.table(table)} (${names})
    select ${names} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)
    on conflict (${sql.join(key.map((c) => sql.ref(c)))}) do update set ${changes}`.execute(tx)
}

export const insertRows = async (tx: Db, table: string, columns: readonly string[], rows: AnyRow[]) => {
  if (rows.length === 0) return
  const names = sql.join(columns.map((c) => sql.ref(c)))
  await sql`insert into ${sql.table(table)} (${names})
    select ${names} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`.execute(
    tx,
  )
}

/** Moves organisations whose ancestors moved. */
export const setPaths = async (tx: Db, rows: { id: string; path: string }[]) => {
  if (rows.length === 0) return
  await sql`update organization o set path = r.path
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, path text) where o.id = r.id`.execute(
    tx,
  )
}

/** The newest version number of each key of an entity. */
export async function newestVersions(tx: Db, entity: string): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('catalog_version')
    .select(['key', (e) => e.fn.max('version').as('version')])
    .where('entity', '=', entity)
    .groupBy('key')
    .execute()
  return new Map(rows.map((row) => [row.key, Number(row.version)]))
}

export const deleteCalendarDays = (tx: Db, days: string[]) =>
  days.length === 0 ? Promise.resolve() : tx.deleteFrom('calendar_day').where('day', 'in', days).execute()
