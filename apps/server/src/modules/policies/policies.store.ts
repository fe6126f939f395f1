import type { Insertable, Kysely } from 'kysely'
import type { PolicyTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

export const policies = (db: Db) =>
  db.selectFrom('policy').selectAll().orderBy('key').orderBy('region_code').orderBy('version').execute()

export const calendarYears = (db: Db) =>
  db.selectFrom('calendar_year').select(['year', 'source']).orderBy('year').execute()

export const calendarDays = (db: Db) =>
  db.selectFrom('calendar_day').select(['day', 'kind', 'name', 'year']).orderBy('day').execute()

export const insertPolicy = (tx: Db, row: Insertable<PolicyTable>) =>
  tx.insertInto('policy').values(row).execute()
