import type { App } from './context.ts'
import type { Tx } from './database.ts'

/** Rows of one kind that the clock moves on by itself. */
export interface KeptRows<Key, Row> {
  /** what one is called in the log */
  noun: string
  idOf(key: Key): string
  /** the row, locked until the transaction ends */
  lock(tx: Tx, key: Key): Promise<Row | undefined>
}

/**
 * What the clock does to rows by itself: each in a transaction of its own, under a lock; one that fails is logged and
 * holds up no other. Whoever follows the journal is woken when anything was looked at.
 */
export function makeKeeper<Key, Row>(app: App, { noun, idOf, lock }: KeptRows<Key, Row>) {
  type Work = (tx: Tx, row: Row) => Promise<unknown>

  /** True when nothing went wrong. */
  async function attempt(key: Key, work: Work): Promise<boolean> {
    try {
      await app.db.system.transaction().execute(async (tx) => {
        const row = await lock(tx, key)
        if (row) await work(tx, row)
      })
      return true
    } catch (error) {
      app.log.error({ err: error, [noun]: idOf(key) }, `the clock could not move a row on: ${noun}`)
      return false
    }
  }

  const woken = (count: number): number => {
    if (count > 0) app.nudge()
    return count
  }

  return {
    attempt,
    /** Works on what is found until nothing new is: what was worked on is found no more, or passed over. */
    async each(find: () => Promise<Key[]>, work: Work): Promise<number> {
      const done = new Set<string>()
      for (;;) {
        const keys = (await find()).filter((key) => !done.has(idOf(key)))
        if (keys.length === 0) return woken(done.size)
        for (const key of keys) {
          done.add(idOf(key))
          await attempt(key, work)
        }
      }
    },
    /** Works once on each that is found after the one before it; a page that is not full is the last. */
    async along<Place extends Key>(
      find: (after: Place | null) => Promise<Place[]>,
      full: number,
      work: Work,
    ): Promise<number> {
      let count = 0
      for (let after: Place | null = null; ; ) {
        const found: Place[] = await find(after)
        for (const key of found) await attempt(key, work)
        count += found.length
        after = found.at(-1) ?? null
        if (found.length < full) return woken(count)
      }
    },
  }
}
