import { AsyncLocalStorage } from 'node:async_hooks'
import type { App } from '../platform/context.ts'

/**
 * An app that lives in the past: whatever runs inside `at(moment, …)` finds that moment on the clock, also when many
 * such moments are worked on at once.
 */
export function simulate(app: App) {
  const moments = new AsyncLocalStorage<Date>()
  const simulated: App = {
    ...app,
    clock: () => moments.getStore() ?? app.clock(),
    nudge: () => {},
  }
  return { app: simulated, at: <T>(moment: Date, work: () => Promise<T>) => moments.run(moment, work) }
}
export type At = ReturnType<typeof simulate>['at']
