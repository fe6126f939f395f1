import type { App } from '../../platform/context.ts'
import { diskStorage } from '../../platform/storage.disk.ts'
import { makeVault, type Vault } from './files.vault.ts'

/** Told after each file how far a long work has come. */
export type Progress = (done: number) => void

/** What an operator does with the storage as a whole. */
export const fileKeeping = (app: App, vault: Vault) => ({
  /**
   * Seals every file that is not under the current key-encryption key anew, those of the first version among them.
   * May be broken off and begun again. Gives how many were.
   * @throws SealError, LostFileError, StorageError at the first file that does not open; it is left as it is
   */
  async reseal(progress: Progress): Promise<number> {
    let [seen, sealed] = [0, 0]
    for await (const digest of vault.digests()) {
      if (await vault.reseal(digest)) sealed++
      progress(++seen)
    }
    return sealed
  },

  /**
   * Brings the files of the data folder into the storage that is used now, each proven to be whole; the folder stays
   * as it is. Gives how many were missing there.
   */
  async bring(progress: Progress): Promise<number> {
    const folder = makeVault(diskStorage(app.config.dataDir), app.keys)
    let [seen, brought] = [0, 0]
    for await (const digest of folder.digests()) {
      if (!(await vault.has(digest))) {
        await vault.keep(await folder.read(digest))
        brought++
      }
      progress(++seen)
    }
    return brought
  },

  /** Opens a file and holds it to its digest; gives in a few words what is wrong, or null. */
  async inspectContent(digest: string): Promise<string | null> {
    try {
      await vault.read(digest)
      return null
    } catch (error) {
      return (error as Error).message
    }
  },
})
