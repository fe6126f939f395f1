import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { type Database, roleUrl } from '../../apps/server/src/platform/database.ts'
import type { Tables } from '../../apps/server/src/platform/tables.ts'
import type { TestApp } from './app.ts'

/** The system's database, whose server process is killed right before the n-th statement sent to it. */
export interface MortalDatabase {
  db: Database
  /** false when there were fewer statements than that */
  died(): boolean
  close(): Promise<void>
}

/** Opens one, for crashing a worker at each point of its transaction: the process really ends, nothing is pretended. */
export function mortalDatabase(t: TestApp, killBefore: number): MortalDatabase {
  const pool = new pg.Pool({ connectionString: roleUrl(t.ownerUrl, t.app.keys, 'system'), max: 1 })
  pool.on('error', () => {})
  let statements = 0
  let died = false
  async function kill(client: pg.PoolClient): Promise<void> {
    const { rows } = await client.query('select pg_backend_pid() as pid')
    const gone = new Promise<void>((resolve) => client.once('end', resolve))
    await t.asOwner('select pg_terminate_backend($1)', [rows[0].pid])
    await gone
    died = true
  }
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect()
    client.on('error', () => {})
    const query = async (sql: string, values: unknown[]) => {
      if (++statements === killBefore) await kill(client)
      return client.query(sql, values)
    }
    return Object.create(client, {
      query: { value: query },
      release: { value: () => client.release(died) },
    }) as PostgresPoolClient
  }
  const system = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: {} } }),
  })
  return {
    db: { ...t.app.db, system },
    died: () => died,
    close: () => system.destroy(),
  }
}
