import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { prepareDemo } from '../../apps/server/src/demo/prepare.ts'
import { loadConfig } from '../../apps/server/src/platform/config.ts'
import type { App } from '../../apps/server/src/platform/context.ts'
import { openDatabase } from '../../apps/server/src/platform/database.ts'
import { startEmbedded } from '../../apps/server/src/platform/embedded.ts'
import { generateKeys, openKeys } from '../../apps/server/src/platform/keys.ts'
import { migrate } from '../../apps/server/src/platform/migrate.ts'
import { makeServices } from '../../apps/server/src/services.ts'
import { catchUp } from '../../apps/server/src/worker.ts'
import { openYear } from './year.check.ts'

/** How long a year, how much happens in it, and when it ends. */
export interface YearSize {
  days: number
  ratings: number
  seed: number
  until: Date
}

/** Plays a year on a database of its own; what is done with it afterwards happens at the moment it ended, or later. */
export async function playYear({ until, ...size }: YearSize) {
  const folder = mkdtempSync(join(tmpdir(), 'haochaping-year-'))
  chmodSync(folder, 0o755)
  const server = await startEmbedded(folder, { fsync: false })
  const ownerUrl = server.url('year')
  const admin = new pg.Client({ connectionString: server.url('postgres') })
  await admin.connect()
  await admin.query('create database year')
  await admin.end()
  const keys = openKeys(generateKeys('demo'))
  await migrate(ownerUrl, keys)
  const config = loadConfig({ LOG_LEVEL: 'silent', HAOCHAPING_DATA_DIR: folder })
  const db = openDatabase(ownerUrl, keys, config.poolSize)
  let now = until
  const log = pino({ level: 'silent' })
  const app: App = { config, db, keys, log, clock: () => now, nudge: () => {} }
  const services = makeServices(app)
  const played = await prepareDemo({ app, services, ownerUrl }, () => {}, size)
  const opened = await openYear(app, ownerUrl)
  return {
    app,
    services,
    played,
    ownerUrl,
    ...opened,
    /** Lets the chores of a later moment happen, and follows the ledger. */
    async keepAt(moment: Date) {
      now = moment
      for (const chore of services.chores) await chore.run()
      await catchUp(app, services.ledger, services.consumers)
    },
    async close() {
      await opened.close()
      await db.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
