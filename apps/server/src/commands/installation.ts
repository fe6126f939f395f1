import { mkdirSync } from 'node:fs'
import pg from 'pg'
import { type Config, ConfigError, checkServable, loadConfig } from '../platform/config.ts'
import type { App } from '../platform/context.ts'
import { openDatabase } from '../platform/database.ts'
import { claimDeployment } from '../platform/deployment.ts'
import { closedFolder, substituteDataDir } from '../platform/embedded.place.ts'
import { type EmbeddedServer, startEmbedded } from '../platform/embedded.ts'
import { type Keys, loadKeys } from '../platform/keys.ts'
import { makeLog } from '../platform/log.ts'
import { migrate, missingMigrations } from '../platform/migrate.ts'
import { makeServices, type Services } from '../services.ts'
import type { Say } from './terminal.ts'

/** The program on its database, as a command works with it. */
export interface Installation {
  app: App
  services: Services
  /** connection string of the database's owner */
  ownerUrl: string
  /** Lets go of the database; an embedded one stops when nobody else uses it. */
  close(): Promise<void>
}

/** What a command needs before it can begin. */
export interface Needs {
  say: Say
  /** bring the database up to date first; else it must be */
  migrate?: boolean
  /** the public will be served: production settings must be complete */
  serving?: boolean
  /** only look: the database is not marked with the mode it is used in */
  looking?: boolean
}

/** Settings, secrets and the database, before any service is made. */
export interface Ground {
  config: Config
  keys: Keys
  ownerUrl: string
  stop(): Promise<void>
}

/**
 * Reads the settings and makes sure of a database.
 * @throws ConfigError for a setting that cannot be used
 */
export async function openGround({ say, serving = false }: Needs): Promise<Ground> {
  const config = placed(loadConfig(process.env), say)
  if (serving) checkServable(config, process.env)
  if (!config.databaseUrl) mkdirSync(config.dataDir, { recursive: true })
  const keys = loadKeys(config)
  if (config.databaseUrl) return { config, keys, ownerUrl: config.databaseUrl, stop: () => Promise.resolve() }
  if (serving && config.mode === 'production')
    say(
      '注意：正在使用内置数据库。正式运行请用独立的 PostgreSQL(DATABASE_URL)并做好备份。/ embedded database in production',
    )
  say('启动数据库 / starting the database')
  const embedded = await startEmbedded(config.dataDir)
  try {
    return {
      config,
      keys,
      ownerUrl: await ensureDatabase(embedded),
      stop: () => embedded.stop(),
    }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

/**
 * Opens the installation that the settings describe.
 * @throws ConfigError for a setting that cannot be used, or a database that is not up to date or of the other mode
 */
export async function openInstallation(needs: Needs): Promise<Installation> {
  const ground = await openGround(needs)
  const { config, keys, ownerUrl } = ground
  const db = openDatabase(ownerUrl, keys, config.poolSize)
  const close = async () => {
    await db.close()
    await ground.stop()
  }
  try {
    if (needs.migrate) await bringUpToDate(ground, needs.say)
    else {
      const missing = await missingMigrations(ownerUrl)
      if (missing.length > 0)
        throw new ConfigError(
          `the database is not up to date (${missing.join(', ')}). Run \`haochaping db migrate\` first. / 请先运行 haochaping db migrate`,
        )
    }
    if (!needs.looking) await claimDeployment(db.system, config.mode)
    const app: App = { config, db, keys, clock: () => new Date(), log: makeLog(config), nudge: () => {} }
    return { app, services: makeServices(app), ownerUrl, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Applies what is missing, and says what it was. */
export async function bringUpToDate({ ownerUrl, keys }: Ground, say: Say): Promise<string[]> {
  const applied = await migrate(ownerUrl, keys)
  if (applied.length > 0) say(`数据库结构已更新 / migrated: ${applied.join(', ')}`)
  return applied
}

/** Opens an installation, works with it, and lets go of it whatever happens. */
export async function withInstallation<T>(
  needs: Needs,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation(needs)
  try {
    return await work(installation)
  } finally {
    await installation.close()
  }
}

/** Root's own folders are closed to the database's user: a trial then keeps its data where both can reach it. */
function placed(config: Config, say: Say): Config {
  const chosen = process.env.HAOCHAPING_DATA_DIR || config.databaseUrl || config.mode === 'production'
  if (process.getuid?.() !== 0 || chosen || !closedFolder(config.dataDir)) return config
  const dataDir = substituteDataDir(config.dataDir)
  say(
    `${closedFolder(config.dataDir)} 不对其他用户开放，数据改存放在 ${dataDir} / data is kept there (HAOCHAPING_DATA_DIR changes it)`,
  )
  return { ...config, dataDir }
}

async function ensureDatabase(embedded: EmbeddedServer): Promise<string> {
  const client = new pg.Client({ connectionString: embedded.url('postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = 'haochaping'")
    if (!rowCount) await client.query('create database haochaping')
    return embedded.url('haochaping')
  } finally {
    await client.end()
  }
}
