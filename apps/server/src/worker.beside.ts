import { once } from 'node:events'
import { Worker as Thread } from 'node:worker_threads'
import type { App } from './platform/context.ts'
import type { Worker } from './worker.ts'

/** What the thread is told. */
export type ToThread = 'nudge' | 'stop'

/** Beside this file as it was written, or beside the program as it was built. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './worker.thread.ts' : './worker.thread.js',
  import.meta.url,
)
/** The worker lets a burst gather for as long anyway; a thousand ratings a second need not each be told. */
const NUDGE_MS = 50

/**
 * Starts the background work in a thread of its own with its own connections, so that whoever answers need not wait
 * while a second's entries are hashed, and a second processor has something to do. Nobody waits until it has begun:
 * what it is told before then it hears when it has. What breaks in there breaks the program, as it would in here.
 */
export function startWorkerBeside({ config }: App, ownerUrl: string): Worker {
  const thread = new Thread(THREAD, { workerData: { config, ownerUrl } })
  const ended = once(thread, 'exit')
  let nudged: NodeJS.Timeout | undefined
  const say = (word: ToThread) => thread.postMessage(word)
  return {
    nudge: () => {
      nudged ??= setTimeout(() => {
        nudged = undefined
        say('nudge')
      }, NUDGE_MS)
    },
    stop: async () => {
      clearTimeout(nudged)
      say('stop')
      await ended
    },
  }
}
