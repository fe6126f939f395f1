import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Database } from './database.ts'
import type { Keys } from './keys.ts'

/** What every service is made with. Time comes in here, so that a month can be played in a second. */
export interface App {
  config: Config
  db: Database
  keys: Keys
  clock: () => Date
  log: Logger
  /** Wakes the workers: there are new journal entries. */
  nudge: () => void
}
