import { createServer } from 'node:net'
import type { App } from '../platform/context.ts'
import { makeServer } from '../server.ts'
import { startWorkerBeside } from '../worker.beside.ts'
import { startWorker } from '../worker.ts'
import type { Installation } from './installation.ts'
import { untilStopped } from './stop.ts'

/** What a process does. */
export interface Roles {
  /** answer over HTTP */
  serve: boolean
  /** seal, follow the ledger, watch deadlines */
  work: boolean
}

/** The port is somebody else's; the message says what to do. */
export class PortTaken extends Error {}

/** Running requests and work may take this long to finish when the program is asked to stop. */
const GRACE_MS = 3_500

/** Runs until it is asked to stop, then finishes what is under way. `ready` is called once all is up. */
export async function run(
  { app, services, ownerUrl }: Installation,
  roles: Roles,
  ready: () => void | Promise<void>,
): Promise<void> {
  const stopped = untilStopped()
  const server = roles.serve ? await makeServer(app, services) : null
  const { port, host } = app.config
  try {
    await server?.listen({ port, host })
  } catch (error) {
    await server?.close()
    throw portProblem(error, port)
  }
  const worker = roles.work
    ? roles.serve
      ? startWorkerBeside(app, ownerUrl)
      : startWorker(app, services)
    : null
  if (worker) app.nudge = () => worker.nudge()
  await ready()
  await stopped
  await within(GRACE_MS, server?.close(), () => server?.server.closeAllConnections())
  await within(GRACE_MS, worker?.stop(), () => app.log.warn('background work did not finish in time'))
}

async function within(ms: number, work: Promise<unknown> | undefined, late: () => void): Promise<void> {
  if (!work) return
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late()
      resolve()
    }, ms)
  })
  await Promise.race([work, limit])
  clearTimeout(timer)
}

/** Finds out before a long start whether the port can be had. @throws PortTaken */
export function checkPort({ port, host }: Pick<App['config'], 'port' | 'host'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(portProblem(error, port)))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function portProblem(error: unknown, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new PortTaken(
      `端口 ${port} 已被其他程序占用，请换一个：PORT=${port + 1} npm start / port ${port} is taken, choose another with PORT=${port + 1}`,
    )
  if (code === 'EACCES')
    return new PortTaken(
      `没有使用端口 ${port} 的权限，请换一个：PORT=8080 npm start / not allowed to use port ${port}, choose another with PORT=8080`,
    )
  return error
}
