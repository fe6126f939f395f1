import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomId } from './ids.ts'
import { type Storage, StorageError, type StoredObject } from './storage.ts'

const missing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** What is refused by the disk itself is the storage's failure; whatever else went wrong is told as it is. */
const failed = (error: unknown): unknown =>
  error instanceof Error && 'syscall' in error ? new StorageError(error.message, { cause: error }) : error

/** Forces a folder's list of names to the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Objects as files below a folder: written beside their place, forced to the disk, then renamed into it. */
export function diskStorage(root: string): Storage {
  const pathOf = (name: string) => join(root, ...name.split('/'))

  async function write(path: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
    const handle = await open(path, 'wx', 0o600)
    try {
      let size = 0
      for await (const chunk of content) {
        await handle.write(chunk)
        size += chunk.length
      }
      await handle.sync()
      return size
    } finally {
      await handle.close()
    }
  }

  async function* filesBelow(folder: string, name: string): AsyncGenerator<StoredObject> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (missing(error)) return []
      throw failed(error)
    })
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) yield* filesBelow(path, `${name}${entry.name}/`)
      else {
        const found = await stat(path).catch(() => null)
        if (found) yield { name: name + entry.name, storedAt: found.mtime }
      }
    }
  }

  return {
    async put(name, size, content) {
      const path = pathOf(name)
      const folder = dirname(path)
      const draft = `${path}.${randomId()}.tmp`
      try {
        if (await mkdir(folder, { recursive: true, mode: 0o700 })) await syncFolder(dirname(folder))
        const written = await write(draft, content)
        if (written !== size) throw new StorageError(`${name}: ${written} bytes came for ${size}`)
        await rename(draft, path)
        await syncFolder(folder)
      } catch (error) {
        await rm(draft, { force: true })
        throw failed(error)
      }
    },
    async get(name) {
      const handle = await open(pathOf(name), 'r').catch((error: unknown) => {
        if (missing(error)) return null
        throw failed(error)
      })
      return handle && createReadStream('', { fd: handle })
    },
    has: (name) =>
      stat(pathOf(name)).then(
        () => true,
        (error: unknown) => {
          if (missing(error)) return false
          throw failed(error)
        },
      ),
    remove: (name) => rm(pathOf(name), { force: true }),
    list: (prefix) => filesBelow(pathOf(prefix), prefix),
  }
}
