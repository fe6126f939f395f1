import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../apps/server/src/platform/embedded.ts'
import { generateKeys } from '../../apps/server/src/platform/keys.ts'
import { prepareCity } from '../support/city.ts'
import { METRICS } from '../support/metrics.ts'
import type { PartnerKey } from '../support/partner.ts'
import type { Program } from '../support/program.ts'

/** A city's installation in a folder of its own: its embedded database writes to disk as in real use. */
export interface Installed {
  env: Record<string, string>
  key: PartnerKey
  /** Reads with the owner's power. */
  query<T extends pg.QueryResultRow>(sql: string): Promise<T[]>
  /** Ends program and database at this instant, as a power cut does. */
  kill(program: Program): Promise<void>
  remove(): void
}

/** Installs Changchun in a new folder, in production mode, without any demo data. */
export async function install(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'haochaping-faults-'))
  chmodSync(folder, 0o755)
  const keysFile = join(folder, 'keys.json')
  writeFileSync(keysFile, JSON.stringify(generateKeys('production')), { mode: 0o600 })
  const env = {
    HAOCHAPING_MODE: 'production',
    HAOCHAPING_KEYS_FILE: keysFile,
    HAOCHAPING_DATA_DIR: folder,
    HAOCHAPING_PUBLIC_URL: 'http://localhost',
    LOG_LEVEL: 'warn',
    ...METRICS,
  }
  const postgres = await startEmbedded(folder)
  try {
    const key = await prepareCity({ ...env, DATABASE_URL: postgres.url('haochaping') })
    return {
      env,
      key,
      query: (sql) => query(folder, sql),
      kill: (program) => kill(folder, program),
      remove: () => rmSync(folder, { recursive: true, force: true }),
    }
  } finally {
    await postgres.stop()
  }
}

async function query<T extends pg.QueryResultRow>(folder: string, sql: string): Promise<T[]> {
  const postgres = await startEmbedded(folder)
  const client = new pg.Client({ connectionString: postgres.url('haochaping') })
  try {
    await client.connect()
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
    await postgres.stop()
  }
}

async function kill(folder: string, program: Program): Promise<void> {
  const postmaster = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  const family = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const backends = family.filter(([, parent]) => parent === postmaster).map(([pid]) => pid)
  const gone = new Promise((resolve) => program.child.once('exit', resolve))
  // The postmaster before its children: it would notice their end and begin to recover.
  for (const pid of [program.child.pid!, postmaster, ...backends])
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  await gone
}
