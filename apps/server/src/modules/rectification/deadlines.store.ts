import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

const FIELDS = ['evaluation_id', 'case_number', 'organization_id', 'clocks'] as const

// As the index rectification_case_provisional has it, so that it is used.
const provisional = sql<SqlBool>`missing_years <> '{}'`

/** Running cases with a deadline that crosses one of these years without knowing its holidays, by their key. */
export const provisionalCases = (db: Db, years: readonly number[], after: string, limit: number) =>
  db
    .selectFrom('rectification_case')
    .select(FIELDS)
    .where(provisional)
    .where(sql<SqlBool>`missing_years && ${years}::int[]`)
    .where('state', '<>', 'closed')
    .where('evaluation_id', '>', after)
    .orderBy('evaluation_id')
    .limit(limit)
    .execute()

// A clock that runs, was begun before the last moment and ends after the first; of some halls, where they are named.
const over = sql.lit(
  '$[*] ? (@.stoppedAt == null && @.until == null && @.startedAt <= $to && @.dueAt >= $from)',
)
const overInHalls = sql.lit(
  '$[*] ? (@.stoppedAt == null && @.until == null && @.startedAt <= $to && @.dueAt >= $from && @.hallCode == $halls[*])',
)

/** Running cases with a deadline that was counted over some moments, by their key. */
export const casesOver = (
  db: Db,
  {
    moments: { from, to },
    halls,
  }: { moments: { from: string; to: string }; halls: readonly string[] | null },
  after: string,
  limit: number,
) =>
  db
    .selectFrom('rectification_case')
    .select(FIELDS)
    .where('state', '<>', 'closed')
    .where('opened_at', '<=', new Date(to))
    .where(
      sql<SqlBool>`jsonb_path_exists(clocks, ${halls === null ? over : overInHalls},
        jsonb_build_object('from', ${from}::text, 'to', ${to}::text, 'halls', ${halls ?? []}::text[]))`,
    )
    .where('evaluation_id', '>', after)
    .orderBy('evaluation_id')
    .limit(limit)
    .execute()

/** How many running cases have a deadline that crosses each year whose holidays were not known. */
export const countByMissingYear = async (db: Db) =>
  (
    await sql<{ year: number; count: number }>`
      select y as year, count(*)::int as count from rectification_case, unnest(missing_years) y
      where ${provisional} and state <> 'closed' group by 1`.execute(db)
  ).rows

/** How many promises run to a day of each year. */
export const countByPromisedYear = async (db: Db) =>
  (
    await sql<{ year: number; count: number }>`
      select extract(year from promised_on)::int as year, count(*)::int as count from rectification_case
      where promised_on is not null and state = 'promised' group by 1`.execute(db)
  ).rows
