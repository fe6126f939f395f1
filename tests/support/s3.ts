import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import type { Bucket } from '../../apps/server/src/platform/storage.s3.ts'

/** A running S3 server with one empty bucket. */
export interface Store {
  bucket: Bucket
  /** the settings under which the program uses it */
  env: Record<string, string>
  stop(): Promise<void>
}

/** Starts a real S3 server on loopback that checks signatures; the keys are the ones it is made with. */
export async function startStore(): Promise<Store> {
  const directory = mkdtempSync(join(tmpdir(), 'haochaping-s3-'))
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'evidence', configs: [] }],
  })
  const { port }: AddressInfo = await server.run()
  const bucket = {
    url: `http://127.0.0.1:${port}/evidence`,
    region: 'us-east-1',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  }
  return {
    bucket,
    env: {
      HAOCHAPING_STORAGE: 's3',
      HAOCHAPING_S3_BUCKET: bucket.url,
      HAOCHAPING_S3_ACCESS_KEY: bucket.accessKeyId,
      HAOCHAPING_S3_SECRET_KEY: bucket.secretAccessKey,
    },
    async stop() {
      server.httpServer.closeAllConnections()
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
