import pg from 'pg'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { cloneName } from '../../../../tests/support/postgres.global.ts'
import { openDatabase } from './database.ts'
import { openKeys } from './keys.ts'
import { migrate, migrationFiles, missingMigrations } from './migrate.ts'

const keys = openKeys(JSON.parse(inject('keysFile')))
const urlOf = (name: string) => inject('serverUrl').replace('DATABASE', name)
const names = migrationFiles().map((file) => file.name)

async function query(name: string, text: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: urlOf(name) })
  await client.connect()
  try {
    return (await client.query(text, values)).rows
  } finally {
    await client.end()
  }
}
const made: string[] = []
async function freshDatabase(): Promise<string> {
  const name = cloneName()
  made.push(name)
  await query('postgres', `create database ${name}`)
  return name
}
afterEach(async () => {
  for (const name of made.splice(0)) await query('postgres', `drop database ${name} with (force)`)
})

describe('the migrations', () => {
  it('are numbered one after the other', () => {
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, i) => i + 1))
  })

  it('are applied in order to an empty database, and then never again', async () => {
    const name = await freshDatabase()
    expect(await missingMigrations(urlOf(name))).toEqual(names)
    expect(await migrate(urlOf(name), keys)).toEqual(names)
    expect(await migrate(urlOf(name), keys)).toEqual([])
    expect(await missingMigrations(urlOf(name))).toEqual([])
    const applied = await query(name, 'select name from schema_migration order by applied_at, name')
    expect(applied.map((row) => row.name)).toEqual(names)
  })

  it('started from four places at once are applied once', async () => {
    const name = await freshDatabase()
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(urlOf(name), keys)))
    expect(results.map((applied) => applied.length).sort((a, b) => a - b)).toEqual([0, 0, 0, names.length])
  })

  it('of several databases of one server can run at once: they share the roles', async () => {
    const databases = [
      await freshDatabase(),
      await freshDatabase(),
      await freshDatabase(),
      await freshDatabase(),
    ]
    const results = await Promise.all(databases.map((name) => migrate(urlOf(name), keys)))
    for (const applied of results) expect(applied).toEqual(names)
  })

  it('that were edited after they were applied are refused', async () => {
    const name = await freshDatabase()
    await migrate(urlOf(name), keys)
    await query(name, `update schema_migration set digest = 'another' where name = $1`, [names[0]])
    await expect(migrate(urlOf(name), keys)).rejects.toThrow(`${names[0]} was changed after it was applied`)
  })

  it('that this program does not know are refused: the database is newer', async () => {
    const name = await freshDatabase()
    await migrate(urlOf(name), keys)
    await query(name, `insert into schema_migration (name, digest) values ('9999_later.sql', 'x')`)
    await expect(migrate(urlOf(name), keys)).rejects.toThrow(/9999_later\.sql.*older than the database/)
  })

  it('of which one fails leave the database at the one before it, and go on from there', async () => {
    const name = await freshDatabase()
    await query(name, 'create table rectification_case (x int)')
    await expect(migrate(urlOf(name), keys)).rejects.toThrow(/0003_cases\.sql failed: .*already exists/)
    const applied = await query(name, 'select name from schema_migration order by name')
    expect(applied.map((row) => row.name)).toEqual(names.slice(0, 2))
    expect(await query(name, `select to_regclass('evidence_file') as there`)).toEqual([{ there: null }])
    await query(name, 'drop table rectification_case')
    expect(await migrate(urlOf(name), keys)).toEqual(names.slice(2))
  })

  it('make roles whose passwords open the database', async () => {
    const name = await freshDatabase()
    await migrate(urlOf(name), keys)
    const db = openDatabase(urlOf(name), keys, 1)
    await expect(db.portal.selectFrom('region').selectAll().execute()).resolves.toEqual([])
    await db.close()
  })
})
