import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { projectRoot } from './config.ts'
import { DATABASE_ROLES, rolePassword } from './database.ts'
import type { Keys } from './keys.ts'

/** The migrations on disk, in order. */
export function migrationFiles(): { name: string; sql: string; digest: string }[] {
  const folder = join(projectRoot(), 'database/migrations')
  return readdirSync(folder)
    .filter((name) => /^\d{4}_.*\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8')
      return { name, sql, digest: createHash('sm3').update(sql).digest('hex') }
    })
}

/**
 * Brings the database up to date: makes the roles, then applies each new migration in a transaction of its own.
 * Safe to run from many places at once (advisory lock). Gives the names applied now.
 * @throws Error when a migration that was applied has been edited since, or the database is newer than the program.
 */
export async function migrate(ownerUrl: string, keys: Keys): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('haochaping:migrate'))")
    await makeRoles(client, keys)
    await client.query(
      'create table if not exists schema_migration (name text primary key, digest text not null, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string; digest: string }>(
      'select name, digest from schema_migration',
    )
    const done = new Map(rows.map((row) => [row.name, row.digest]))
    const files = migrationFiles()
    for (const name of done.keys())
      if (!files.some((f) => f.name === name))
        throw new Error(
          `the database knows migration ${name}, this program does not: it is older than the database`,
        )
    const applied: string[] = []
    for (const file of files) {
      const known = done.get(file.name)
      if (known === file.digest) continue
      if (known)
        throw new Error(`migration ${file.name} was changed after it was applied; migrations only go forward`)
      await client.query('begin')
      try {
        await client.query(file.sql)
        await client.query('insert into schema_migration (name, digest) values ($1, $2)', [
          file.name,
          file.digest,
        ])
        await client.query('grant select on schema_migration to haochaping_system')
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`migration ${file.name} failed: ${(error as Error).message}`)
      }
      applied.push(file.name)
    }
    return applied
  } finally {
    await client.end()
  }
}

/** The names of migrations that the database does not have yet. */
export async function missingMigrations(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows: known } = await client.query<{ name: string | null }>(
      "select to_regclass('schema_migration')::text as name",
    )
    const names = migrationFiles().map((file) => file.name)
    if (!known[0]?.name) return names
    const { rows } = await client.query<{ name: string }>('select name from schema_migration')
    return names.filter((name) => !rows.some((row) => row.name === name))
  } finally {
    await client.end()
  }
}

/** Told when a role was made or changed by somebody else at that very moment. */
const MET = ['42710', '23505', 'XX000']
const TRIES = 100

// Roles belong to the whole server, advisory locks to one database: those migrated at once meet here, and whoever
// comes second looks again.
async function makeRoles(client: pg.Client, keys: Keys): Promise<void> {
  for (const role of DATABASE_ROLES)
    for (let tries = 1; ; tries++)
      try {
        await makeRole(client, `haochaping_${role}`, rolePassword(keys, role))
        break
      } catch (error) {
        if (tries === TRIES || !MET.includes((error as { code?: string }).code ?? '')) throw error
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
}

async function makeRole(client: pg.Client, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name])
  if (!rowCount)
    await client.query(`create role ${name} login nosuperuser nocreatedb nocreaterole nobypassrls`)
  await client.query(`alter role ${name} password ${client.escapeLiteral(password)}`)
}
