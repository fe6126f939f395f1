import { Readable } from 'node:stream'
import { AwsClient } from 'aws4fetch'
import { type Storage, StorageError, type StoredObject } from './storage.ts'

/** A bucket of an S3-compatible store, and who may use it. */
export interface Bucket {
  /** the bucket's own address: https://store/bucket or https://bucket.store */
  url: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** A store that does not answer within this is out of reach. */
const PATIENCE_MS = 60_000

const firstMatch = (xml: string, tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? ''

/** What a listing holds, and whether there is more. Our names have no character that XML would spell differently. */
function readListing(xml: string): { objects: StoredObject[]; more: boolean } {
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, inside = '']) => ({
    name: firstMatch(inside, 'Key'),
    storedAt: new Date(firstMatch(inside, 'LastModified')),
  }))
  return { objects, more: firstMatch(xml, 'IsTruncated') === 'true' && objects.length > 0 }
}

/**
 * Objects in a bucket. Requests are signed (SigV4) without their bodies: what we store is authenticated by its own
 * seal, and so it need not be held in memory to be hashed first.
 */
export function bucketStorage({ url, region, accessKeyId, secretAccessKey }: Bucket): Storage {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })
  const base = url.replace(/\/+$/, '')

  async function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      ...(init.headers as Record<string, string>),
    }
    const signed = await client.sign(`${base}${path}`, { method, headers })
    try {
      return await fetch(signed.url, {
        ...init,
        ...(init.body && { duplex: 'half' }),
        method,
        headers: signed.headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
    } catch (error) {
      const { cause } = error as Error
      throw new StorageError(`${method} ${path}: the store cannot be reached`, { cause: cause ?? error })
    }
  }

  async function refused(answer: Response, what: string): Promise<StorageError> {
    const code = firstMatch(await answer.text().catch(() => ''), 'Code')
    return new StorageError(`${what}: the store answered ${answer.status} ${code}`.trim())
  }

  /** The answer, or null for "no such object"; a bucket that is missing is no such answer. */
  async function found(method: 'GET' | 'HEAD', name: string): Promise<Response | null> {
    const answer = await send(method, `/${name}`)
    if (answer.ok) return answer
    if (answer.status !== 404) throw await refused(answer, `${method} ${name}`)
    if (firstMatch(await answer.text(), 'Code') === 'NoSuchBucket')
      throw new StorageError(`${method} ${name}: there is no such bucket`)
    return null
  }

  return {
    async put(name, size, content) {
      const answer = await send('PUT', `/${name}`, {
        headers: { 'content-length': String(size), 'content-type': 'application/octet-stream' },
        body: Readable.toWeb(Readable.from(content)) as BodyInit,
      })
      if (!answer.ok) throw await refused(answer, `PUT ${name}`)
      await answer.body?.cancel()
    },
    get: async (name) => (await found('GET', name))?.body ?? null,
    has: async (name) => (await found('HEAD', name)) !== null,
    async remove(name) {
      const answer = await send('DELETE', `/${name}`)
      if (!answer.ok && answer.status !== 404) throw await refused(answer, `DELETE ${name}`)
      await answer.body?.cancel()
    },
    // The first version of the listing, which every store has: it goes on after the last name seen.
    async *list(prefix) {
      for (let after: string | null = ''; after !== null; ) {
        const query: string = `prefix=${encodeURIComponent(prefix)}&marker=${encodeURIComponent(after)}`
        const answer = await send('GET', `?${query}`)
        if (!answer.ok) throw await refused(answer, `list ${prefix}`)
        const { objects, more } = readListing(await answer.text())
        yield* objects
        after = more ? objects.at(-1)!.name : null
      }
    },
  }
}
