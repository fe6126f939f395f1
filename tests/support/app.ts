import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { inject } from 'vitest'
import { loadConfig } from '../../apps/server/src/platform/config.ts'
import type { App } from '../../apps/server/src/platform/context.ts'
import { openDatabase } from '../../apps/server/src/platform/database.ts'
import { openKeys } from '../../apps/server/src/platform/keys.ts'
import { makeServer } from '../../apps/server/src/server.ts'
import { makeServices } from '../../apps/server/src/services.ts'
import { catchUp } from '../../apps/server/src/worker.ts'
import { cloneName } from './postgres.global.ts'

/** A clock that a test moves. */
export interface TestClock {
  now: Date
  forward(milliseconds: number): void
}

/** Runs SQL on the server of the tests, outside the databases of the tests. */
export async function onServer<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: urlOf('postgres') })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
const urlOf = (database: string) => inject('serverUrl').replace('DATABASE', database)

/**
 * The whole system on a database of its own, cloned from a template, which is the migrated and empty one if no other
 * is named: services, HTTP server (used without a socket), and a clock the test moves. `settle` seals and runs all
 * consumers until nothing is left. `close` drops the database.
 */
export async function testApp(env: Record<string, string> = {}, template = 'template_haochaping') {
  const name = cloneName()
  // Copying files takes less than writing them to the log, and nobody waits for the disk here.
  await onServer((admin) => admin.query(`create database ${name} template ${template} strategy file_copy`))
  const t = await openApp(name, env)
  return {
    ...t,
    async close() {
      await t.close()
      await onServer((admin) => admin.query(`drop database ${name} with (force)`))
    },
  }
}

/** The whole system on a database that is there; `close` leaves it. */
export async function openApp(name: string, env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'haochaping-app-'))
  const keys = openKeys(JSON.parse(inject('keysFile')))
  const config = loadConfig({
    PORT: '8080',
    LOG_LEVEL: 'silent',
    HAOCHAPING_DATA_DIR: folder,
    HAOCHAPING_POOL_SIZE: process.env.HAOCHAPING_POOL_SIZE ?? '4',
    ...env,
  })
  const ownerUrl = urlOf(name)
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  owner.on('error', () => {})
  const db = openDatabase(ownerUrl, keys, config.poolSize)
  const clock: TestClock = {
    now: new Date('2026-11-24T10:00:00+08:00'),
    forward(milliseconds) {
      this.now = new Date(this.now.getTime() + milliseconds)
    },
  }
  const app: App = {
    config,
    db,
    keys,
    clock: () => clock.now,
    log: pino({ level: 'silent' }),
    nudge: () => {},
  }
  const services = makeServices(app)
  const server = await makeServer(app, services)
  await server.ready()
  return {
    app,
    services,
    server,
    clock,
    ownerUrl,
    settle: () => catchUp(app, services.ledger, services.consumers),
    /** Runs SQL with the owner's power, as an attacker with the database's password would. */
    asOwner: (sql: string, values: unknown[] = []) => owner.query(sql, values),
    async close() {
      await server.close()
      await db.close()
      await owner.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type TestApp = Awaited<ReturnType<typeof testApp>>
