import type { App } from '../../platform/context.ts'
import type { StoredObject } from '../../platform/storage.ts'
import * as store from './files.store.ts'
import { digestIn, type Vault } from './files.vault.ts'

const HOUR = 3_600_000
/** Content whose row was not written within this will not get one: whoever sent it is long gone. */
const ORPHAN_AFTER = 24 * HOUR
const EVERY = 6 * HOUR
const BATCH = 500

/** Takes away what nobody names: content whose form was never sent, previews of it, drafts of a killed run. */
export function fileChores(app: App, vault: Vault) {
  let sweptAt = Number.NEGATIVE_INFINITY

  const old = ({ storedAt }: StoredObject) => storedAt.getTime() < app.clock().getTime() - ORPHAN_AFTER

  /** Removes an object unless it is named after all; whoever is about to name it waits, and then misses it. */
  const removeUnnamed = (object: StoredObject, digest: string) =>
    app.db.system.transaction().execute(async (tx) => {
      await store.claimDigest(tx, digest)
      if ((await store.knownDigests(tx, [digest])).size > 0) return
      await vault.remove(object)
      app.log.info({ object: object.name }, 'swept a file that nothing names')
    })

  async function sweepBatch(objects: StoredObject[]): Promise<void> {
    const digests = objects.flatMap((object) => digestIn(object) ?? [])
    const known = await store.knownDigests(app.db.system, digests)
    for (const object of objects) {
      const digest = digestIn(object)
      if (digest && !known.has(digest)) await removeUnnamed(object, digest)
      if (!digest && object.name.endsWith('.tmp')) await vault.remove(object)
    }
  }

  async function sweep(): Promise<void> {
    const now = app.clock().getTime()
    if (now - sweptAt < EVERY) return
    sweptAt = now
    let batch: StoredObject[] = []
    for await (const object of vault.all()) {
      if (!old(object)) continue
      batch.push(object)
      if (batch.length < BATCH) continue
      await sweepBatch(batch)
      batch = []
    }
    await sweepBatch(batch)
  }

  return [{ name: 'sweep files nothing names', run: sweep }]
}
