import type { Insertable, Kysely } from 'kysely'
import type { HallDayTable } from '../../platform/tables.clocks.ts'
import type { PolicyTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

export const policies = (db: Db) =>
  db.selectFrom('policy').selectAll().orderBy('key').orderBy('region_code').orderBy('version').execute()

export const calendarYears = (db: Db) =>
  db.selectFrom('calendar_year').select(['year', 'source']).orderBy('year').execute()

export const calendarDays = (db: Db) =>
  db.selectFrom('calendar_day').select(['day', 'kind', 'name', 'year']).orderBy('day').execute()

export const hallDays = (db: Db) =>
  db.selectFrom('hall_day').selectAll().orderBy('hall_code').orderBy('day').execute()

/** The opening days of a hall, all of them anew. */
export async function replaceHallDays(tx: Db, hallCode: string, rows: Insertable<HallDayTable>[]) {
  await tx.deleteFrom('hall_day').where('hall_code', '=', hallCode).execute()
  if (rows.length > 0) await tx.insertInto('hall_day').values(rows).execute()
}

export const insertPolicy = (tx: Db, row: Insertable<PolicyTable>) =>
  tx.insertInto('policy').values(row).execute()
