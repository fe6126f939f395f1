import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmbeddedServer, startEmbedded } from './embedded.ts'

describe('the embedded database', () => {
  let folder: string
  const started: EmbeddedServer[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'haochaping-embedded-'))
  })
  afterEach(async () => {
    for (const server of started.splice(0)) await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const start = async () => {
    const server = await startEmbedded(folder, { fsync: false })
    started.push(server)
    return server
  }
  const ask = async (server: EmbeddedServer, sql: string) => {
    const client = new pg.Client({ connectionString: server.url('postgres') })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  const running = () => existsSync(join(folder, 'postgres', 'postmaster.pid'))

  it('is shared by all who ask for it, and stops with the last of them', async () => {
    const [first, second] = [await start(), await start()]
    expect([first.found, second.found]).toEqual([false, true])
    await first.stop()
    expect(await ask(second, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
    expect(running()).toBe(false)
  })

  it('is started once by two who ask at the same time', async () => {
    const both = await Promise.all([start(), start()])
    expect(both.map((server) => server.found).sort()).toEqual([false, true])
    expect(both[0].url('x')).toBe(both[1].url('x'))
  })

  it('keeps what was written when it is started again', async () => {
    const first = await start()
    await ask(first, 'create table kept as select 7 as n')
    await first.stop()
    expect(await ask(await start(), 'select n from kept')).toEqual([{ n: 7 }])
  })

  it('that a killed program left running is taken over, not taken from anybody alive', async () => {
    const module = join(import.meta.dirname, 'embedded.ts')
    const other = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `const { startEmbedded } = await import(${JSON.stringify(module)})
       await startEmbedded(${JSON.stringify(folder)}, { fsync: false })
       console.log('up')
       setInterval(() => {}, 1000)`,
    ])
    const ended = once(other, 'close')
    await Promise.race([once(other.stdout, 'data'), ended])
    const beside = await start()
    expect(beside.found).toBe(true)
    await beside.stop()
    expect(running()).toBe(true)
    other.kill('SIGKILL')
    await ended
    const after = await start()
    expect(after.found).toBe(true)
    await after.stop()
    expect(running()).toBe(false)
    expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toContain('ready to accept connections')
  })
})
