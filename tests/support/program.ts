import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const main = join(root, 'apps/server/dist/main.js')

/** The built program, running as a process of its own. */
export interface Program {
  url: string
  child: ChildProcess
  /** the last of what it printed */
  printed(): string
  /** Ends it as Ctrl-C does, and waits. */
  stop(): Promise<void>
}

/**
 * Starts the built program and waits until it can serve.
 * @throws Error with what it printed, when it ends or is not ready in time.
 */
export async function startProgram(
  args: string[],
  env: Record<string, string>,
  seconds = 120,
): Promise<Program> {
  if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build first`)
  const port = await freePort()
  const child = spawn(process.execPath, ['--enable-source-maps', main, ...args], {
    cwd: root,
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => void (lines.push(chunk.toString()) > 200 && lines.shift()))
  const printed = () => lines.join('')
  const url = `http://127.0.0.1:${port}`
  const until = Date.now() + seconds * 1000
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the program ended (${child.exitCode ?? child.signalCode}):\n${printed()}`)
    if (Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`the program was not ready after ${seconds} s:\n${printed()}`)
    }
    await new Promise((r) => setTimeout(r, 100))
  }
  return { url, child, printed, stop: () => stop(child) }
}

const isReady = (url: string) =>
  fetch(`${url}/readyz`).then(
    async (answer) => {
      await answer.arrayBuffer()
      return answer.ok
    },
    () => false,
  )

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await ended
  clearTimeout(impatient)
}

/** Runs a command of the program to its end; gives its exit code and what it printed. */
export const runProgram = (args: string[], env: Record<string, string>) => runNode([main, ...args], env)

/** Runs one of the project's scripts to its end. */
export const runScript = (path: string) => runNode([join(root, path)], {})

function runNode(args: string[], env: Record<string, string>): Promise<{ code: number; printed: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, printed }))
  })
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
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
