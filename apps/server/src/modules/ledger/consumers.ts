import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import type { JsonValue } from '../../platform/tables.ts'
import * as store from './ledger.store.ts'

/** A sealed journal entry, as consumers get it: in ledger order, each once. */
export interface SealedEntry {
  position: number
  subjectId: string
  entryId: string
  kind: string
  recordedAt: Date
  actor: string
  payload: { [key: string]: JsonValue }
}

/** Something that follows the ledger. Its effect and its cursor are moved by one transaction. */
export interface Consumer {
  name: string
  handle(tx: Tx, entries: SealedEntry[]): Promise<void>
  /** Throws away what it made, so that it can be made again from the first entry. */
  reset?(tx: Tx): Promise<void>
}

/** How many entries are sealed, and handed to a consumer, by one transaction at most: a consumer never falls behind. */
export const BATCH = 1_000

/** An entry as consumers get it. */
const sealedEntry = (entry: store.StoredEntry, position: number): SealedEntry => ({
  position,
  subjectId: entry.subject_id,
  entryId: entry.entry_id,
  kind: entry.kind,
  recordedAt: entry.recorded_at,
  actor: entry.actor,
  payload: entry.payload as { [key: string]: JsonValue },
})

/**
 * What was sealed or read last. The consumers stand at the same place most of the time, right behind the sealer, and
 * what is sealed never changes.
 */
const known = new WeakMap<App, SealedEntry[]>()

/** Spares the consumers reading what the sealer has read: entries that were sealed from a position on, and committed. */
export const keepSealed = (app: App, position: number, entries: store.StoredEntry[]): void => {
  const kept = entries.map((entry, i) => sealedEntry(entry, position + i))
  known.set(app, kept)
}

async function entriesFrom(app: App, tx: Tx, position: number): Promise<SealedEntry[]> {
  const kept = known.get(app) ?? []
  const at = position - (kept[0]?.position ?? Number.POSITIVE_INFINITY)
  if (at >= 0 && at < kept.length) return kept.slice(at, at + BATCH)
  const rows = await store.sealedFrom(tx, position, BATCH)
  const entries = rows.map(({ kind, recorded_at, actor, payload, ...row }, i): SealedEntry => {
    if (row.position !== position + i) throw new Error(`ledger position ${position + i} is gone`)
    if (kind === null || recorded_at === null || actor === null)
      throw new Error(`ledger position ${row.position}: its journal entry is gone`)
    return sealedEntry({ ...row, kind, recorded_at, actor, payload }, row.position)
  })
  if (entries.length > 0) known.set(app, entries)
  return entries
}

/** Hands a consumer its next sealed entries; gives how many. The cursor row keeps two runners apart. */
export const advance = (app: App, consumer: Consumer): Promise<number> =>
  app.db.system.transaction().execute(async (tx) => {
    const position = await store.cursorForUpdate(tx, consumer.name)
    const entries = await entriesFrom(app, tx, position)
    if (entries.length === 0) return 0
    await consumer.handle(tx, entries)
    await store.moveCursor(tx, consumer.name, position + entries.length)
    return entries.length
  })

/** Makes all of a consumer's work anew from the first entry, in one sweep. */
export async function rebuild(
  app: App,
  consumer: Consumer,
  progress: (done: number) => void = () => {},
): Promise<number> {
  if (!consumer.reset) throw new Error(`${consumer.name} cannot be rebuilt: its effects are facts themselves`)
  await app.db.system.transaction().execute(async (tx) => {
    await store.cursorForUpdate(tx, consumer.name)
    await consumer.reset?.(tx)
    await store.moveCursor(tx, consumer.name, 0)
  })
  let done = 0
  for (;;) {
    const count = await advance(app, consumer)
    if (count === 0) return done
    done += count
    progress(done)
  }
}
