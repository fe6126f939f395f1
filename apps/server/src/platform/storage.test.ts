import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Store, startStore } from '../../../../tests/support/s3.ts'
import { diskStorage } from './storage.disk.ts'
import { bucketStorage } from './storage.s3.ts'
import { type Storage, StorageError } from './storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'haochaping-storage-'))
let store: Store
beforeAll(async () => {
  store = await startStore()
})
afterAll(async () => {
  await store.stop()
  rmSync(folder, { recursive: true, force: true })
})

const whole = async (found: AsyncIterable<Uint8Array> | null) => {
  if (!found) return null
  const chunks = []
  for await (const chunk of found) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}
async function names(storage: Storage, prefix: string) {
  const found = []
  for await (const { name } of storage.list(prefix)) found.push(name)
  return found.sort()
}
async function* torn() {
  yield Buffer.from('half')
  throw new Error('the sender is gone')
}

describe.each([
  ['a folder', () => diskStorage(folder)],
  ['a bucket of a real S3 server', () => bucketStorage(store.bucket)],
])('%s', (_, make) => {
  it('keeps objects whole, gives them back, replaces and lists them', async () => {
    const storage = make()
    const large = 'x'.repeat(3_000_000)
    await storage.put('files/ab/abc', 5, [Buffer.from('ab'), Buffer.from('cde')])
    await storage.put('files/cd/large', large.length, [Buffer.from(large)])
    await storage.put('previews/ab/abc', 1, [Buffer.from('p')])
    expect(await whole(await storage.get('files/ab/abc'))).toBe('abcde')
    expect(await whole(await storage.get('files/cd/large'))).toBe(large)
    await storage.put('files/ab/abc', 3, [Buffer.from('new')])
    expect(await whole(await storage.get('files/ab/abc'))).toBe('new')
    expect(await names(storage, 'files/')).toEqual(['files/ab/abc', 'files/cd/large'])
    for await (const { storedAt } of storage.list('files/'))
      expect(Math.abs(Date.now() - storedAt.getTime())).toBeLessThan(60_000)
  })

  it('tells what is there from what is not', async () => {
    const storage = make()
    expect([await storage.has('files/ab/abc'), await storage.has('files/ab/none')]).toEqual([true, false])
    expect(await storage.get('files/ab/none')).toBeNull()
    await storage.remove('files/ab/abc')
    await storage.remove('files/ab/abc')
    expect(await storage.has('files/ab/abc')).toBe(false)
    expect(await names(storage, 'nothing/')).toEqual([])
  })

  it('says so when what was to be kept broke off', async () => {
    const storage = make()
    await expect(storage.put('files/ef/torn', 10, torn())).rejects.toThrow()
    await expect(storage.put('files/ef/short', 10, [Buffer.from('half')])).rejects.toThrow()
  })
})

describe('a folder', () => {
  it('has nothing of an object that broke off, and is for its owner only', async () => {
    const storage = diskStorage(folder)
    expect(await names(storage, 'files/ef/')).toEqual([])
    await storage.put('files/gh/x', 1, [Buffer.from('x')])
    expect(statSync(join(folder, 'files/gh/x')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'files/gh')).mode & 0o777).toBe(0o700)
  })
})

describe('a bucket', () => {
  it('lists also what does not fit into one answer', async () => {
    const storage = bucketStorage(store.bucket)
    const many = Array.from({ length: 1003 }, (_, i) => `many/${i}`)
    for (let i = 0; i < many.length; i += 50)
      await Promise.all(many.slice(i, i + 50).map((name) => storage.put(name, 1, [Buffer.from('x')])))
    expect((await names(storage, 'many/')).length).toBe(1003)
  })

  it('that refuses us, is not there, or does not answer is an error and no empty one', async () => {
    const wrong = (change: Partial<Store['bucket']>) => bucketStorage({ ...store.bucket, ...change })
    const attempts = [
      wrong({ secretAccessKey: 'wrong' }),
      wrong({ url: store.bucket.url.replace(/evidence$/, 'other') }),
      wrong({ url: 'http://127.0.0.1:1/evidence' }),
    ]
    for (const storage of attempts) {
      await expect(storage.put('files/ab/x', 1, [Buffer.from('x')])).rejects.toThrow(StorageError)
      await expect(storage.get('files/ab/x')).rejects.toThrow(StorageError)
      await expect(names(storage, 'files/')).rejects.toThrow(StorageError)
    }
  })
})
