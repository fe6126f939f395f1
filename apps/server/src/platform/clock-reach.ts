import { type SqlBool, sql } from 'kysely'

/**
 * Rows with one clock in a column `clock`, and its end in `due_at`, that one of these years or moments has a part in.
 * @param moments the first end and the last beginning that are asked for; null for none
 */
export const clockReached = (years: readonly number[], moments: { from: string; to: string } | null) =>
  sql<SqlBool>`exists (select 1 from jsonb_array_elements_text(clock -> 'missingYears') y where y::int = any(${years}::int[]))
    or (due_at >= ${moments?.from ?? null}::timestamptz and clock ->> 'startedAt' <= ${moments?.to ?? null}::text)`
