import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkMessageSettings, MESSAGE_SETTINGS } from './config.messages.ts'
import { checkStorageSettings, onThisMachine, STORAGE_SETTINGS } from './config.storage.ts'
import { address, ConfigError, choice, integer, type Setting, secret, setting, text } from './setting.ts'

export { ConfigError }

const database = (raw: string): string => {
  const url = URL.canParse(raw) ? new URL(raw) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.pathname.length < 2)
    throw new ConfigError('must be like postgres://owner:password@host:5432/haochaping')
  return raw
}
const bearer = (raw: string): string => {
  if (!/^[\x21-\x7e]{16,200}$/.test(raw))
    throw new ConfigError('must be 16 to 200 letters, digits and signs, without blanks')
  return raw
}
const regionCode = (raw: string): string => {
  if (!/^\d{4}[0-9A-Z]{8}$/.test(raw)) throw new ConfigError('must be a region code of 12 characters')
  return raw
}

/** Every setting there is. `haochaping help settings` prints this table. */
export const SETTINGS = {
  port: setting('PORT', 'Port that the HTTP server listens on.', 8080, integer(0, 65535)),
  host: setting('HOST', 'Address that the HTTP server listens on.', '0.0.0.0', text),
  publicUrl: setting(
    'HAOCHAPING_PUBLIC_URL',
    'Address citizens reach the system under; links and QR codes start with it. Default: http://localhost:PORT.',
    '',
    address('an address like https://hcp.example.gov.cn', 'http:', 'https:'),
  ),
  mode: setting(
    'HAOCHAPING_MODE',
    'demo: sample data, demo accounts, messages only shown; production: refuses demo secrets and demo data.',
    'demo' as 'demo' | 'production',
    choice('demo', 'production'),
  ),
  dataDir: setting(
    'HAOCHAPING_DATA_DIR',
    'Folder for the embedded database, demo keys and evidence files. Default: .data in the project.',
    '.data',
    text,
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    'PostgreSQL >= 15 (its owner role). Unset: an embedded PostgreSQL in the data folder.',
    '',
    database,
  ),
  poolSize: setting(
    'HAOCHAPING_POOL_SIZE',
    'Database connections per role (intake, staff, system, portal).',
    8,
    integer(1, 200),
  ),
  keysFile: setting(
    'HAOCHAPING_KEYS_FILE',
    'JSON file with the secrets (made by `haochaping keys generate`). Unset in demo mode: made in the data folder.',
    '',
    text,
  ),
  logLevel: setting(
    'LOG_LEVEL',
    'trace, debug, info, warn, error or silent. Default: info, in demo mode warn.',
    'info',
    choice('trace', 'debug', 'info', 'warn', 'error', 'silent'),
  ),
  trustProxy: setting(
    'HAOCHAPING_TRUST_PROXY',
    'Number of reverse proxies in front (0: none); decides which client address is believed.',
    0,
    integer(0, 10),
  ),
  metricsToken: {
    ...secret(
      'HAOCHAPING_METRICS_TOKEN',
      'Lets GET /metrics be read with `Authorization: Bearer …`. Unset: by nobody in production mode, in demo mode from this machine only.',
    ),
    parse: bearer,
  },
  cityName: setting('HAOCHAPING_CITY_NAME', 'Name shown in page headers.', '长春市', text),
  cityRegion: setting(
    'HAOCHAPING_CITY_REGION',
    '12-digit code of the root region.',
    '220100000000',
    regionCode,
  ),
  ...STORAGE_SETTINGS,
  ...MESSAGE_SETTINGS,
} as const

export type Config = { readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K]['fallback'] }

/**
 * Reads and checks all settings. Takes the environment (name → text), gives the typed configuration.
 * @throws ConfigError naming the variable and what it must be.
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const entries = Object.entries<Setting<unknown>>(SETTINGS).map(([key, s]) => {
    const raw = rawOf(s, env)
    if (raw === undefined || raw === '') return [key, s.fallback]
    try {
      return [key, s.parse(raw)]
    } catch (error) {
      // A connection string holds a password, which is not for terminals and logs.
      const shown = s.env === 'DATABASE_URL' || s.secret ? s.env : `${s.env}=${raw}`
      throw new ConfigError(`${shown}: ${(error as Error).message}. ${s.explain}`)
    }
  })
  const config = Object.fromEntries(entries) as Config
  checkStorageSettings(config)
  return {
    ...config,
    dataDir: env.HAOCHAPING_DATA_DIR ? resolve(config.dataDir) : resolve(projectRoot(), config.dataDir),
    logLevel: env.LOG_LEVEL || config.mode === 'production' ? config.logLevel : 'warn',
    publicUrl: (config.publicUrl || `http://localhost:${config.port}`).replace(/\/+$/, ''),
  }
}

/** What stands in the variable, or in the file that holds a secret. @throws ConfigError for a file that cannot be read */
function rawOf({ env: name, secret }: Setting<unknown>, env: Record<string, string | undefined>) {
  const file = secret && env[`${name}_FILE`]
  if (!file) return env[name]
  if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: leave one out.`)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new ConfigError(`${name}_FILE=${file}: cannot be read.`)
  }
}

/**
 * What must hold before the public is served.
 * @throws ConfigError naming the variable: production has an address of its own, and it is encrypted; what carries
 * messages is set up wholly or not at all
 */
export function checkServable(config: Config, env: Record<string, string | undefined>): void {
  checkMessageSettings(config)
  if (config.mode !== 'production') return
  if (!env.HAOCHAPING_PUBLIC_URL)
    throw new ConfigError(
      'HAOCHAPING_PUBLIC_URL is not set: production mode needs the address citizens use, for links and QR codes.',
    )
  const url = new URL(config.publicUrl)
  if (url.protocol !== 'https:' && !onThisMachine(url))
    throw new ConfigError(
      `HAOCHAPING_PUBLIC_URL=${config.publicUrl}: must begin with https:// in production mode (http only for localhost).`,
    )
}

/** The root of the project: the nearest folder above that holds `database/migrations`. */
export function projectRoot(from: string = import.meta.dirname): string {
  let dir = from
  while (!existsSync(resolve(dir, 'database/migrations'))) {
    const parent = resolve(dir, '..')
    if (parent === dir) throw new ConfigError('database/migrations not found above the program')
    dir = parent
  }
  return dir
}
