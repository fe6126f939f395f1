// What npm start and npm test share: install when the lockfile is newer than what is installed, and run with the
// project's own Node. Plain JavaScript for the system's Node (>= 20), before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'node_modules', '.bin')
const windows = process.platform === 'win32'

/** The environment in which `node` is the pinned one. */
export const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` }

/** Installs exactly what the lockfile says, unless that has been done. */
export function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const mark = join(root, 'node_modules', '.installed-lock')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock && existsSync(join(bin, 'biome'))) return
  console.log('正在安装依赖 / installing dependencies (once) …')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
  })
  if (status !== 0) {
    console.error(
      '依赖安装失败 / npm ci failed. Check the network and the npm registry setting, then run this again.',
    )
    process.exit(status ?? 1)
  }
  writeFileSync(mark, lock)
}

/** The pinned Node, or the one running when the platform has none. */
export const node = () => {
  const own = join(bin, windows ? 'node.cmd' : 'node')
  return existsSync(own) ? own : process.execPath
}

let running = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    // In a terminal Ctrl-C reaches the child by itself as well; it takes the two for one.
    if (running) running.kill(signal)
    else process.exit(130)
  })

// npm runs scripts through a shell, which a signal sent to npm ends without a word to us: then we have a new parent.
const parent = process.ppid
if (process.env.npm_lifecycle_event)
  setInterval(() => {
    if (process.ppid !== parent) running ? running.kill('SIGTERM') : process.exit(130)
  }, 500).unref()

/** Runs a command in the foreground; resolves to its exit code. A signal sent to us is handed on to it. */
export function run(command, args, more = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env, shell: windows, ...more })
    running = child
    const end = (code) => {
      running = null
      resolve(code)
    }
    child.on('exit', (code, signal) => end(code ?? (signal ? 1 : 0)))
    child.on('error', (error) => {
      console.error(String(error))
      end(1)
    })
  })
}
