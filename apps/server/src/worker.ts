import { advance, type Consumer } from './modules/ledger/consumers.ts'
import type { LedgerService } from './modules/ledger/ledger.service.ts'
import type { App } from './platform/context.ts'

/** What the workers do besides sealing and following the ledger, once a minute. */
export interface Chore {
  name: string
  run(): Promise<unknown>
}

/** Background work of one process; any number of processes may do it beside each other. */
export interface Worker {
  nudge(): void
  /** Waits for what is under way and stops. */
  stop(): Promise<void>
}

const IDLE_MS = 1_000
const CHORE_MS = 60_000

/** Seals and hands entries to all consumers until nothing is left. */
export async function catchUp(app: App, ledger: LedgerService, consumers: Consumer[]): Promise<void> {
  for (;;) {
    let moved = await ledger.seal()
    for (const consumer of consumers) moved += await advance(app, consumer)
    if (moved === 0) return
  }
}

/** Starts sealing, following and the chores. A failure is logged and tried again; it never ends the program. */
export function startWorker(app: App, ledger: LedgerService, consumers: Consumer[], chores: Chore[]): Worker {
  let stopped = false
  let wake: () => void = () => {}
  let lastChores = 0

  const attempt = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work()
      return true
    } catch (error) {
      app.log.error({ err: error, work: name }, 'background work failed, will be tried again')
      return false
    }
  }
  const loop = async () => {
    while (!stopped) {
      let moved = 0
      await attempt('seal', async () => {
        moved += await ledger.seal()
      })
      for (const consumer of consumers)
        await attempt(consumer.name, async () => {
          moved += await advance(app, consumer)
        })
      if (Date.now() - lastChores >= CHORE_MS) {
        lastChores = Date.now()
        for (const chore of chores) await attempt(chore.name, () => chore.run())
      }
      if (moved === 0 && !stopped)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, IDLE_MS)
          wake = () => {
            clearTimeout(timer)
            // A moment's patience lets a burst of ratings be sealed as one batch.
            setTimeout(resolve, 50)
          }
        })
    }
  }
  const running = loop()
  return {
    nudge: () => wake(),
    stop: async () => {
      stopped = true
      wake()
      await running
    },
  }
}
