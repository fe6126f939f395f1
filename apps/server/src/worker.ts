import { advance, BATCH, type Consumer } from './modules/ledger/consumers.ts'
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

/** What takes things out of the house: slow, because others answer, and yet done within seconds. */
export interface Courier {
  name: string
  /** One round; leaves off between two things when it is told to stop. */
  run(stop?: AbortSignal): Promise<unknown>
}

/** All that is done in the background. */
export interface Work {
  ledger: LedgerService
  consumers: Consumer[]
  chores: Chore[]
  couriers: Courier[]
}

const IDLE_MS = 1_000
/**
 * How often the ledger is led on while entries keep coming. A round costs its fifty statements and its signature
 * whatever its size, and takes them from the ratings that come in meanwhile. It holds the ledger up by no more than
 * this: a round with a full batch is followed by the next at once.
 */
const ROUND_MS = 250
const COURIER_MS = 2_000
const CHORE_MS = 60_000

/** Seals and hands entries to all consumers until nothing is left. */
export async function catchUp(app: App, ledger: LedgerService, consumers: Consumer[]): Promise<void> {
  for (;;) {
    let moved = await ledger.seal()
    for (const consumer of consumers) moved += await advance(app, consumer)
    if (moved === 0) return
  }
}

/** Tries, and logs a failure; gives whether it went well. */
async function attempt(app: App, name: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    app.log.error({ err: error, work: name }, 'background work failed, will be tried again')
    return false
  }
}

/** A pause that can be cut short. */
function makePause() {
  let wake: () => void = () => {}
  return {
    wake: () => wake(),
    wait: (milliseconds: number, patience = 0) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        wake = () => {
          clearTimeout(timer)
          setTimeout(resolve, patience)
        }
      }),
  }
}

/**
 * Starts sealing, following, the chores and, in a loop of their own, the couriers: a carrier that takes its time holds
 * up no ledger. A failure is logged and tried again; it never ends the program.
 */
export function startWorker(app: App, { ledger, consumers, chores, couriers }: Work): Worker {
  const stop = new AbortController()
  const [ledgerPause, roundPause, courierPause] = [makePause(), makePause(), makePause()]
  let lastChores = 0

  const follow = async () => {
    while (!stop.signal.aborted) {
      let moved = 0
      const move = async (entries: Promise<number>) => {
        moved = Math.max(moved, await entries)
      }
      await attempt(app, 'seal', () => move(ledger.seal()))
      for (const consumer of consumers) await attempt(app, consumer.name, () => move(advance(app, consumer)))
      if (moved > 0) courierPause.wake()
      if (Date.now() - lastChores >= CHORE_MS) {
        lastChores = Date.now()
        for (const chore of chores) await attempt(app, chore.name, () => chore.run())
      }
      if (stop.signal.aborted || moved >= BATCH) continue
      // A moment's patience lets a burst of ratings be sealed as one batch.
      await (moved > 0 ? roundPause.wait(ROUND_MS) : ledgerPause.wait(IDLE_MS, 50))
    }
  }
  const carry = async () => {
    while (!stop.signal.aborted) {
      for (const courier of couriers) await attempt(app, courier.name, () => courier.run(stop.signal))
      if (!stop.signal.aborted) await courierPause.wait(COURIER_MS)
    }
  }
  const running = Promise.all([follow(), carry()])
  return {
    nudge: ledgerPause.wake,
    stop: async () => {
      stop.abort()
      ledgerPause.wake()
      roundPause.wake()
      courierPause.wake()
      await running
    },
  }
}
