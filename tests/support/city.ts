import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { importCity } from '../../apps/server/src/commands/import.ts'
import { loadConfig } from '../../apps/server/src/platform/config.ts'
import type { App } from '../../apps/server/src/platform/context.ts'
import { openDatabase } from '../../apps/server/src/platform/database.ts'
import { loadKeys } from '../../apps/server/src/platform/keys.ts'
import { migrate } from '../../apps/server/src/platform/migrate.ts'
import { makeServices } from '../../apps/server/src/services.ts'
import type { PartnerKey } from './partner.ts'

/**
 * Makes a database what an installed city's is before the first visit: migrated, the directory of Changchun in it,
 * one business system with a key. `env` is what the program will run with, DATABASE_URL among it.
 */
export async function prepareCity(env: Record<string, string>): Promise<PartnerKey> {
  const config = loadConfig(env)
  const keys = loadKeys(config)
  await createDatabase(config.databaseUrl)
  await migrate(config.databaseUrl, keys)
  const db = openDatabase(config.databaseUrl, keys, 2)
  const app: App = {
    config,
    db,
    keys,
    clock: () => new Date(),
    log: pino({ level: 'silent' }),
    nudge: () => {},
  }
  try {
    const { catalog, affairs } = makeServices(app)
    const reports = await importCity(app, join(import.meta.dirname, '../../data/changchun'), undefined, {
      catalog,
    })
    const refused = reports.flatMap((report) => report.rejected)
    if (refused.length > 0) throw new Error(`the city's data is refused: ${JSON.stringify(refused[0])}`)
    const keyId = 'window-system'
    return { keyId, secret: await affairs.createPartner(keyId, 'hall', '窗口业务系统') }
  } finally {
    await db.close()
  }
}

async function createDatabase(url: string): Promise<void> {
  const server = new URL(url)
  const name = server.pathname.slice(1)
  server.pathname = '/postgres'
  const client = new pg.Client({ connectionString: server.toString() })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}

/** Visits at windows of the city, as a business system reports them; one affair each, served just now. */
export const visitsAtWindows = (count: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, i) => ({
    affairNumber: `22${randomUUID().replaceAll('-', '').slice(0, 20)}`,
    visitNumber: 1,
    stage: '办结',
    onSite: true,
    itemCode: '1122010099990029XW3000131001000',
    windowCode: 'CC-A01',
    staffNumber: 'CC0001',
    applicantType: '1',
    applicant: { name: '王小明', phone: `138${String(10_000_000 + (i % 90_000_000))}` },
    servedAt: new Date(Date.now() - 60_000).toISOString(),
  }))
