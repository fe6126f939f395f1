import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Keys } from './keys.ts'
import { prepareTagged } from './prepared.ts'
import type { Tables } from './tables.ts'

/** Rights by connection: a mistake in one path cannot borrow another's. */
export const DATABASE_ROLES = ['intake', 'staff', 'system', 'portal'] as const
export type DatabaseRole = (typeof DATABASE_ROLES)[number]

export type Tx = Transaction<Tables>
export type Database = Record<DatabaseRole, Kysely<Tables>> & { close(): Promise<void> }

// int8 as number: positions and sizes stay far below 2^53; date as the text it is, so no time zone touches it.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value)

/** The password of a database role, derived so that it need not be stored. */
export const rolePassword = (keys: Keys, role: DatabaseRole) =>
  keys.derive(`database:${role}`).toString('base64url')

/** The connection string of a role, made from the owner's. */
export function roleUrl(ownerUrl: string, keys: Keys, role: DatabaseRole): string {
  const url = new URL(ownerUrl)
  url.username = `haochaping_${role}`
  url.password = rolePassword(keys, role)
  return url.toString()
}

/**
 * Ratings come by key, thousands a second: no statement of theirs is ever better read from end to end, and a plan that
 * was made while the tables were small must stay right when they are not.
 */
const BY_KEY = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']

/**
 * Opens the pools of the serving program. Takes the owner's connection string only for host and database name:
 * no connection of the owner is kept. `hasty` pools do not wait for the disk at each commit: only for filling a new
 * database that is thrown away when the work is broken off.
 */
export function openDatabase(ownerUrl: string, keys: Keys, poolSize: number, hasty = false): Database {
  const open = (role: DatabaseRole) => {
    const pool = new pg.Pool({
      connectionString: roleUrl(ownerUrl, keys, role),
      max: poolSize,
      options: [...(role === 'intake' ? BY_KEY : []), ...(hasty ? ['synchronous_commit'] : [])]
        .map((setting) => `-c ${setting}=off`)
        .join(' '),
      application_name: `haochaping-${role}`,
      connectionTimeoutMillis: 10_000,
    })
    // An idle connection that breaks (database restarted) is replaced on next use; without a listener it would end us.
    pool.on('error', () => {})
    pool.on('connect', prepareTagged)
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  }
  const database = {
    intake: open('intake'),
    staff: open('staff'),
    system: open('system'),
    portal: open('portal'),
  }
  return {
    ...database,
    close: async () => {
      await Promise.all(Object.values(database).map((k) => k.destroy()))
    },
  }
}

/** Where in the organisation tree an official stands; window staff see only what is about themselves. */
export interface Place {
  path: string
  staffNumber?: string | undefined
}

/** Runs `work` in one transaction of the staff role that sees only what `place` allows (row-level security). */
export function asStaff<T>(db: Database, place: Place, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.staff.transaction().execute(async (tx) => {
    await sql`select set_config('app.place', ${place.path}, true), set_config('app.staff_number', ${place.staffNumber ?? ''}, true)`.execute(
      tx,
    )
    return work(tx)
  })
}
