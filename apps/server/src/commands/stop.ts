/** A signal repeated within this time is the same key pressed once: npm and the terminal may both hand it on. */
const SAME_MS = 1_000

let stop: (() => void) | null = null
let asked = 0

/**
 * Takes charge of Ctrl-C and its kin. Before `untilStopped` is waited for they end the program at once (the database
 * of ours goes with it); then they ask it to stop, and asked again they force it.
 */
export function installSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      const now = Date.now()
      if (asked !== 0 && now - asked < SAME_MS) return
      if (!stop || asked !== 0) process.exit(stop ? 1 : 130)
      asked = now
      stop()
    })
}

/** Resolves when somebody asks the program to stop. */
export const untilStopped = () =>
  new Promise<void>((resolve) => {
    stop = resolve
  })
