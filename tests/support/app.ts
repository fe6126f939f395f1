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

/**
 * The whole system on a database of its own, cloned from the migrated template: services, HTTP server (used without
 * a socket), and a clock the test moves. `settle` seals and runs all consumers until nothing is left.
 */
export async function testApp(env: Record<string, string> = {}) {
  const url = (name: string) => inject('serverUrl').replace('DATABASE', name)
  const name = cloneName()
  const admin = new pg.Client({ connectionString: url('postgres') })
  await admin.connect()
  await admin.query(`create database ${name} template template_haochaping`)
  const folder = mkdtempSync(join(tmpdir(), 'haochaping-app-'))
  const keys = openKeys(JSON.parse(inject('keysFile')))
  const config = loadConfig({
    PORT: '8080',
    LOG_LEVEL: 'silent',
    HAOCHAPING_DATA_DIR: folder,
    HAOCHAPING_POOL_SIZE: process.env.HAOCHAPING_POOL_SIZE ?? '4',
    ...env,
  })
  const ownerUrl = url(name)
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
    async asOwner(sql: string, values: unknown[] = []) {
      const client = new pg.Client({ connectionString: ownerUrl })
      await client.connect()
      try {
        return await client.query(sql, values)
      } finally {
        await client.end()
      }
    },
    async close() {
      await server.close()
      await db.close()
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type TestApp = Awaited<ReturnType<typeof testApp>>
