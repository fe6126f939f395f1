import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

// As the index rectification_case_provisional has it, so that it is used.
const provisional = sql<SqlBool>`missing_years <> '{}'`

/** Running cases with a deadline that crosses one of these years without knowing its holidays, by their key. */
export const provisionalCases = (db: Db, years: number[], after: string, limit: number) =>
  db
    .selectFrom('rectification_case')
    .select(['evaluation_id', 'case_number', 'organization_id', 'clocks'])
    .where(provisional)
    .where(sql<SqlBool>`missing_years && ${years}::int[]`)
    .where('state', '<>', 'closed')
    .where('evaluation_id', '>', after)
    .orderBy('evaluation_id')
    .limit(limit)
    .execute()

/** How many running cases have a deadline that crosses each year whose holidays were not known. */
export const countByMissingYear = async (db: Db) =>
  (
    await sql<{ year: number; cases: number }>`
      select y as year, count(*)::int as cases from rectification_case, unnest(missing_years) y
      where ${provisional} and state <> 'closed' group by 1`.execute(db)
  ).rows
