import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../apps/server/src/platform/embedded.ts'
import { generateKeys, openKeys } from '../../apps/server/src/platform/keys.ts'
import { migrate } from '../../apps/server/src/platform/migrate.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** connection string of the server's superuser; 'DATABASE' stands where the name goes */
    serverUrl: string
    keysFile: string
  }
}

/** One PostgreSQL for a run of the tests, with a migrated template that each file clones. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'haochaping-test-'))
  const server = await startEmbedded(folder, { fsync: false })
  const keysFile = generateKeys('demo')
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  await client.query('create database template_haochaping')
  await client.end()
  await migrate(server.url('template_haochaping'), openKeys(keysFile))
  project.provide('serverUrl', server.url('DATABASE'))
  project.provide('keysFile', JSON.stringify(keysFile))
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A name for a clone. */
export const cloneName = () => `test_${randomBytes(6).toString('hex')}`
