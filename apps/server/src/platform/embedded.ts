import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { openToServer, programFolder, type ServerAccount, serverAccount } from './embedded.place.ts'
import { join as joinUsers, withLock } from './embedded.users.ts'

/** A PostgreSQL server of our own, run beside the program. */
export interface EmbeddedServer {
  /** connection string of its superuser */
  url(database: string): string
  /** true when it was running already, for another process of ours or left over by a killed one */
  found: boolean
  /** Lets go of it; whoever is the last to do so stops it. */
  stop(): Promise<void>
}

interface Options {
  fsync?: boolean
  settings?: string[]
}

/**
 * Gives the embedded PostgreSQL under `<dataDir>/postgres`: the one that runs there already, or a new one, making
 * the cluster on first use. Any number of processes of ours may use it at once; it is stopped with the last of them.
 * It runs in a session of its own, so that Ctrl-C in a terminal ends the program first and the database after it.
 * @throws Error with what the server printed, when it does not come up
 */
export async function startEmbedded(dataDir: string, options: Options = {}): Promise<EmbeddedServer> {
  mkdirSync(dataDir, { recursive: true })
  if (process.getuid?.() === 0) openToServer(dataDir)
  const account = serverAccount()
  const leaves = await withLock(dataDir, async () => {
    const user = joinUsers(dataDir)
    try {
      const cluster = await makeCluster(dataDir, account)
      const found = await running(cluster)
      const port = found ?? (await launch(cluster, options))
      return { user, cluster, port, found: found !== null }
    } catch (error) {
      user.leave()
      throw error
    }
  })
  const { user, cluster, port, found } = leaves
  // A program that ends without saying goodbye (an uncaught error) takes its database with it all the same.
  const onExit = () => {
    if (user.leave() === 0) endNow(cluster)
  }
  process.once('exit', onExit)
  return {
    url: (database) => urlOf(cluster, port, database),
    found,
    stop: async () => {
      process.removeListener('exit', onExit)
      await withLock(dataDir, async () => {
        if (user.leave() === 0) await halt(cluster)
      })
    },
  }
}

/** A cluster on disk, and how to run it. */
interface Cluster {
  folder: string
  password: string
  account: ServerAccount
  programs: string
  logFile: string
}

const urlOf = ({ password }: Cluster, port: number, database: string) =>
  `postgres://postgres:${password}@127.0.0.1:${port}/${database}`

async function makeCluster(dataDir: string, account: ServerAccount): Promise<Cluster> {
  const folder = join(dataDir, 'postgres')
  const secretFile = join(dataDir, 'postgres-superuser')
  const cluster = {
    folder,
    account,
    programs: await programFolder(dataDir),
    logFile: join(dataDir, 'postgres.log'),
  }
  if (existsSync(join(folder, 'PG_VERSION')))
    return { ...cluster, password: readFileSync(secretFile, 'utf8') }
  const password = randomBytes(18).toString('base64url')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  writeFileSync(secretFile, password, { mode: 0o600 })
  const once = join(dataDir, 'postgres-first-password')
  writeFileSync(once, `${password}\n`, { mode: 0o600 })
  if (account.uid !== undefined && account.gid !== undefined)
    for (const path of [folder, once]) chownSync(path, account.uid, account.gid)
  try {
    const made = run({ ...cluster, password }, 'initdb', [
      `--pgdata=${folder}`,
      '--username=postgres',
      `--pwfile=${once}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ])
    const code = await ended(made)
    if (code !== 0) throw new Error(`the embedded PostgreSQL could not be made:\n${tail(cluster.logFile)}`)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  } finally {
    rmSync(once, { force: true })
  }
  return { ...cluster, password }
}

function run(cluster: Cluster, program: string, args: string[]): ChildProcess {
  const output = openSync(cluster.logFile, program === 'postgres' ? 'w' : 'a')
  try {
    return spawn(join(cluster.programs, 'bin', program), args, {
      ...cluster.account,
      cwd: cluster.folder,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', output, output],
      detached: true,
    })
  } finally {
    closeSync(output)
  }
}

const ended = (child: ChildProcess) =>
  new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => resolve(code ?? 1))
    child.once('error', reject)
  })

const tail = (file: string) =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-20).join('\n') : ''

/** Starts the server and waits until it answers; gives its port. */
async function launch(cluster: Cluster, options: Options): Promise<number> {
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    // The socket's folder may not be writable, and nobody needs it.
    'unix_socket_directories=',
    'max_connections=300',
    'shared_buffers=256MB',
    ...(options.fsync === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
    ...(options.settings ?? []),
  ]
  const server = run(cluster, 'postgres', [
    '-D',
    cluster.folder,
    '-p',
    String(port),
    ...settings.flatMap((s) => ['-c', s]),
  ])
  let gone: string | null = null
  server.once('exit', (code, signal) => {
    gone = `it ended (${signal ?? code})`
  })
  server.once('error', (error) => {
    gone = error.message
  })
  server.unref()
  for (let waited = 0; waited < START_MS && gone === null; waited += STEP_MS) {
    if (await answers(urlOf(cluster, port, 'postgres'))) return port
    await pause(STEP_MS)
  }
  throw new Error(
    `the embedded PostgreSQL did not start: ${gone ?? 'it does not answer'}\n${tail(cluster.logFile)}`,
  )
}

const START_MS = 60_000
const STOP_MS = 20_000
const STEP_MS = 50
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** The process that runs a cluster, by the file PostgreSQL keeps; null when there is none. */
function postmaster({ folder }: Cluster): { pid: number; port: number } | null {
  const file = join(folder, 'postmaster.pid')
  if (!existsSync(file)) return null
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  if (Number.isInteger(pid) && pid > 0 && isAlive(pid) && isPostgres(pid))
    return { pid, port: Number(lines[3]) }
  // The number may by now be another program's, and PostgreSQL would not start over it.
  rmSync(file, { force: true })
  return null
}

/**
 * The port of the server that runs on a cluster. It is one that another process of ours uses, or that a killed one
 * left over: either is as good as new. One that does not answer is ended.
 */
async function running(cluster: Cluster): Promise<number | null> {
  const deadline = Date.now() + START_MS
  for (let found = postmaster(cluster); found; found = postmaster(cluster)) {
    if (found.port > 0 && (await answers(urlOf(cluster, found.port, 'postgres')))) return found.port
    if (Date.now() > deadline) await halt(cluster)
    await pause(200)
  }
  return null
}

/** Ends the server: fast at first (sessions are cut, everything is written), at once when that takes too long. */
async function halt(cluster: Cluster): Promise<void> {
  const found = postmaster(cluster)
  if (!found) return
  if (process.platform === 'win32') {
    await ended(run(cluster, 'pg_ctl', ['stop', '-D', cluster.folder, '-m', 'fast', '-w']))
    return
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(found.pid, signal)
    } catch {
      return
    }
    for (let waited = 0; waited < STOP_MS; waited += STEP_MS) {
      if (!isAlive(found.pid)) return
      await pause(STEP_MS)
    }
  }
}

function endNow(cluster: Cluster): void {
  const found = postmaster(cluster)
  if (found) process.kill(found.pid, 'SIGINT')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A pid may have been given to another program since; where it can be seen, make sure. */
function isPostgres(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) ? readFileSync(file, 'utf8').includes('postgres') : true
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
