import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lengthPrefixed, openBytes, sealBytes, sm3 } from '../../platform/crypto/sm.ts'
import { randomId } from '../../platform/ids.ts'

const context = (digest: string) => lengthPrefixed('evidence-file', digest)

/** Forces a folder's list of names to the disk; where the system cannot, the file itself is still safe. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Files by the SM3 of their content, sealed with a key of their own. The same content is kept once. */
export function makeFileStore(dataDir: string, key: Buffer) {
  const placeOf = (digest: string) => {
    const folder = join(dataDir, 'files', digest.slice(0, 2))
    return { folder, path: join(folder, digest) }
  }

  return {
    /** Writes content so that it is whole or not there, whatever happens; gives its digest (hex). */
    async write(content: Buffer): Promise<string> {
      const digest = sm3(content).toString('hex')
      const { folder, path } = placeOf(digest)
      if (await stat(path).catch(() => null)) return digest
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const draft = `${path}.${randomId()}.tmp`
      const handle = await open(draft, 'wx', 0o600)
      try {
        await handle.writeFile(sealBytes(key, content, context(digest)))
        await handle.sync()
      } catch (error) {
        await handle.close()
        await rm(draft, { force: true })
        throw error
      }
      await handle.close()
      await rename(draft, path)
      await syncFolder(folder)
      return digest
    },
    /** @throws SealError when the file was changed, ENOENT when it is gone */
    async read(digest: string): Promise<Buffer> {
      const content = openBytes(key, await readFile(placeOf(digest).path), context(digest))
      if (sm3(content).toString('hex') !== digest)
        throw new Error(`evidence file ${digest} holds other content`)
      return content
    },
  }
}
