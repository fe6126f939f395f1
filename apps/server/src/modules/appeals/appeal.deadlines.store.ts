import { type Kysely, type SqlBool, sql } from 'kysely'
import { clockReached } from '../../platform/clock-reach.ts'
import type { Tables } from '../../platform/tables.ts'
import type { AppealRow } from './appeal.ts'

type Db = Kysely<Tables>

const waiting = sql<SqlBool>`state in ('filed', 'reexamination_filed')`

/** Appeals that wait for a decision, with a deadline that one of these years or moments has a part in. */
export const appealsReached = async (
  db: Db,
  years: readonly number[],
  moments: { from: string; to: string } | null,
): Promise<AppealRow[]> =>
  (await db
    .selectFrom('appeal')
    .selectAll()
    .where(waiting)
    .where(clockReached(years, moments))
    .orderBy('due_at')
    .execute()) as unknown as AppealRow[]

/** How many of them cross each year whose holidays were not known. */
export const countByMissingYear = async (db: Db) =>
  (
    await sql<{ year: number; count: number }>`
      select y::int as year, count(*)::int as count from appeal, jsonb_array_elements_text(clock -> 'missingYears') y
      where ${waiting} and due_provisional group by 1`.execute(db)
  ).rows
