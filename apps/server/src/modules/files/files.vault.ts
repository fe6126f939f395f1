import { openFile, sealedLength, sealedUnder, sealFile } from '../../platform/crypto/sealed-file.ts'
import { lengthPrefixed, openBytes, SealError, sm3 } from '../../platform/crypto/sm.ts'
import type { Keys } from '../../platform/keys.ts'
import type { Storage, StoredObject } from '../../platform/storage.ts'

/** How large a picture is shown: in a list, or by itself. */
export type PreviewSize = 'small' | 'large'

/** A file that the journal or a row names, and the storage has not. */
export class LostFileError extends Error {}

export type Vault = ReturnType<typeof makeVault>

const digestOf = (content: Uint8Array) => sm3(content).toString('hex')
const below = (folder: string, digest: string) => `${folder}/${digest.slice(0, 2)}/${digest}`
const fileName = (digest: string) => below('files', digest)
const previewName = (digest: string, size: PreviewSize) => `${below('previews', digest)}.${size}`

/** Which content a stored object belongs to; null for what is none of ours, or a draft. */
export const digestIn = ({ name }: StoredObject): string | null =>
  /^(?:files|previews)\/[0-9a-f]{2}\/([0-9a-f]{64})(?:\.(?:small|large))?$/.exec(name)?.[1] ?? null

/**
 * Content by the SM3 of its plain bytes, sealed in the storage. The same content is kept once; keeping it again
 * replaces it with itself, so that it is never old while somebody is about to name it.
 */
export function makeVault(storage: Storage, keys: Keys) {
  const { keyring } = keys
  /** Files of the first version were sealed whole, all under one key. */
  const former = (digest: string) => (whole: Buffer) =>
    openBytes(keys.derive('evidence-files'), whole, lengthPrefixed('evidence-file', digest))

  const put = (name: string, content: Buffer) =>
    storage.put(name, sealedLength(keyring, content.length), sealFile(keyring, name, content))

  async function opened(name: string, digest: string): Promise<AsyncGenerator<Buffer> | null> {
    const sealed = await storage.get(name)
    return sealed && openFile(keyring, name, sealed, former(digest))
  }
  async function whole(flow: AsyncIterable<Buffer>): Promise<Buffer> {
    const chunks = []
    for await (const chunk of flow) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  /**
   * The whole content, and proven to be that of its digest.
   * @throws SealError, LostFileError, StorageError
   */
  async function read(digest: string): Promise<Buffer> {
    const flow = await opened(fileName(digest), digest)
    if (!flow) throw new LostFileError(`the file ${digest} is not in the storage`)
    const content = await whole(flow)
    if (digestOf(content) !== digest) throw new LostFileError(`the file ${digest} holds other content`)
    return content
  }

  return {
    read,
    /** Keeps content; gives its digest (hex). When it resolves the content is safe. @throws StorageError */
    async keep(content: Buffer): Promise<string> {
      const digest = digestOf(content)
      await put(fileName(digest), content)
      return digest
    },
    has: (digest: string) => storage.has(fileName(digest)),
    /**
     * The content as it flows, each piece authenticated; the first stands already when this resolves.
     * @throws SealError, LostFileError, StorageError
     */
    async flow(digest: string): Promise<AsyncIterable<Buffer>> {
      const flow = await opened(fileName(digest), digest)
      if (!flow) throw new LostFileError(`the file ${digest} is not in the storage`)
      let first: IteratorResult<Buffer> | null = await flow.next()
      const next = () => {
        const known = first
        first = null
        return known ? Promise.resolve(known) : flow.next()
      }
      // An iterator of its own and no generator: one that was never begun would not hand on its being given up.
      return { [Symbol.asyncIterator]: () => ({ next, return: () => flow.return(undefined) }) }
    },
    keepPreview: (digest: string, size: PreviewSize, content: Buffer) =>
      put(previewName(digest, size), content),
    /** Null also for one that does not open, as when its key was taken away: it is made anew. */
    async preview(digest: string, size: PreviewSize): Promise<Buffer | null> {
      const flow = await opened(previewName(digest, size), digest)
      if (!flow) return null
      return whole(flow).catch((error: unknown) => {
        if (error instanceof SealError) return null
        throw error
      })
    },
    /** Everything stored: content, previews, and drafts of runs that were killed. */
    async *all(): AsyncGenerator<StoredObject> {
      yield* storage.list('files/')
      yield* storage.list('previews/')
    },
    remove: (object: StoredObject) => storage.remove(object.name),
    /** Digests of all content. */
    async *digests(): AsyncGenerator<string> {
      for await (const object of storage.list('files/')) {
        const digest = digestIn(object)
        if (digest) yield digest
      }
    },
    /**
     * Seals a file anew under the current key, unless it is; gives whether it was.
     * @throws SealError, LostFileError, StorageError; the file is then as it was
     */
    async reseal(digest: string): Promise<boolean> {
      const sealed = await storage.get(fileName(digest))
      if (sealed && (await sealedUnder(sealed)) === keyring.currentKekId) return false
      await put(fileName(digest), await read(digest))
      return true
    },
  }
}
