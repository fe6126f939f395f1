import { parentPort, workerData } from 'node:worker_threads'
import type { Config } from './platform/config.ts'
import type { App } from './platform/context.ts'
import { openDatabase } from './platform/database.ts'
import { loadKeys } from './platform/keys.ts'
import { makeLog } from './platform/log.ts'
import { makeServices } from './services.ts'
import type { ToThread } from './worker.beside.ts'
import { startWorker } from './worker.ts'

// The background work in a thread of its own, beside the one that answers (worker.beside.ts).

const { config, ownerUrl } = workerData as { config: Config; ownerUrl: string }
const keys = loadKeys(config)
const db = openDatabase(ownerUrl, keys, config.poolSize)
const app: App = { config, db, keys, clock: () => new Date(), log: makeLog(config), nudge: () => {} }
const worker = startWorker(app, makeServices(app))
app.nudge = worker.nudge

parentPort?.on('message', async (word: ToThread) => {
  if (word === 'nudge') return worker.nudge()
  await worker.stop()
  await db.close()
  process.exit()
})
