import { type Insertable, type Kysely, sql } from 'kysely'
import type { CalendarCorrectionTable, HallDayTable } from '../../platform/tables.clocks.ts'
import type { JsonValue, PolicyTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

export const policies = (db: Db) =>
  db.selectFrom('policy').selectAll().orderBy('key').orderBy('region_code').orderBy('version').execute()

const calendarYears = (db: Db) =>
  db.selectFrom('calendar_year').select(['year', 'source']).orderBy('year').execute()

const calendarDays = (db: Db) =>
  db.selectFrom('calendar_day').select(['day', 'kind', 'name', 'year']).orderBy('day').execute()

const hallDays = (db: Db) =>
  db.selectFrom('hall_day').selectAll().orderBy('hall_code').orderBy('day').execute()

/** The calendar as it stands: years, their days, and the opening days of halls. */
export const calendarState = async (db: Db) => ({
  years: await calendarYears(db),
  days: await calendarDays(db),
  hallDays: await hallDays(db),
})
export type CalendarState = Awaited<ReturnType<typeof calendarState>>

/** Corrections of the calendar that running deadlines were not yet all looked through for. */
export const openCorrections = (db: Db) =>
  db
    .selectFrom('calendar_correction')
    .selectAll()
    .where('done_at', 'is', null)
    .orderBy('decided_at')
    .orderBy('correction_id')
    .execute()

export const insertCorrection = (tx: Db, row: Insertable<CalendarCorrectionTable>) =>
  tx.insertInto('calendar_correction').values(row).execute()

/** True for the one who ends it. */
export const endCorrection = async (tx: Db, id: string, at: Date): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('calendar_correction')
    .set({ done_at: at })
    .where('correction_id', '=', id)
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** The opening days of a hall, all of them anew. */
export async function replaceHallDays(tx: Db, hallCode: string, rows: Insertable<HallDayTable>[]) {
  await tx.deleteFrom('hall_day').where('hall_code', '=', hallCode).execute()
  if (rows.length > 0) await tx.insertInto('hall_day').values(rows).execute()
}

export const insertPolicy = (tx: Db, row: Insertable<PolicyTable>) =>
  tx.insertInto('policy').values(row).execute()

/** Every correction that deadlines follow: its row, the decision in the journal, and whether it was carried out. */
export async function correctionsWithEntries(db: Db) {
  const { rows } = await sql<{
    id: string
    row: { year: number | null; halls: string[]; first_day: string; last_day: string } | null
    decided: Record<string, JsonValue> | null
    /** the moments of the row are those of its entries */
    in_time: boolean
  }>`
    select coalesce(c.correction_id, e.subject_id) as id, to_jsonb(c) as row, e.payload as decided,
      c.decided_at = e.recorded_at and c.done_at is not distinct from (select min(a.recorded_at) from journal_entry a
        where a.subject_id = c.correction_id and a.kind = 'calendar.correction-applied') as in_time
    from calendar_correction c
    full join (select subject_id, payload, recorded_at from journal_entry
      where kind = 'calendar.corrected' and payload ->> 'running' = 'prolong') e on e.subject_id = c.correction_id
    order by 1`.execute(db)
  return rows
}
