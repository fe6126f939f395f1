import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Rows of a table that keep clocks as JSON: which rows are looked at, and their clocks as one JSON array. */
export interface ClockedRows {
  table: RawBuilder<unknown>
  /** an expression that makes the array; what is null in it is passed over */
  clocks: RawBuilder<unknown>
  where: RawBuilder<SqlBool>
}

/** Years and moments that the clocks of rows may have a part in. */
export interface ClockReach {
  years: readonly number[]
  /** the first end and the last beginning that are asked for; null for none */
  moments: { from: string; to: string } | null
}

/** A running clock of the row crosses one of these years without knowing its holidays (Q61). */
export const crossesYears = ({ clocks }: Pick<ClockedRows, 'clocks'>, years: readonly number[]) =>
  sql<SqlBool>`jsonb_path_exists(${clocks}, '$[*] ? (@.stoppedAt == null && @.missingYears[*] == $years[*])',
    jsonb_build_object('years', ${years}::int[]))`

/** A running clock of the row was counted over one of these moments, or crosses one of these years unknown (Q61). */
export const clocksReached = (rows: Pick<ClockedRows, 'clocks'>, { years, moments }: ClockReach) =>
  sql<SqlBool>`(${crossesYears(rows, years)} or jsonb_path_exists(${rows.clocks},
    '$[*] ? (@.stoppedAt == null && @.startedAt <= $to && @.dueAt >= $from)',
    jsonb_build_object('from', ${moments?.from ?? null}::text, 'to', ${moments?.to ?? null}::text)))`

/** How many rows have a running clock that crosses each year whose holidays were not known (Q61). */
export const countByMissingYear = async (db: Kysely<Tables>, { table, clocks, where }: ClockedRows) =>
  (
    await sql<{ year: number; count: number }>`
      select year, count(*)::int as count from ${table}, lateral (
        select distinct jsonb_path_query(${clocks}, '$[*] ? (@.stoppedAt == null).missingYears[*]')::int as year) y
      where ${where} group by year`.execute(db)
  ).rows
