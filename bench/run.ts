// npm run bench: how many ratings a second this machine takes over HTTP, beside what the bare database takes, how
// long a rating waits, and how heavy the citizen's page is. Prints a table and writes bench/results.json.
import { fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { roleUrl } from '../apps/server/src/platform/database.ts'
import { startEmbedded } from '../apps/server/src/platform/embedded.ts'
import { generateKeys, openKeys } from '../apps/server/src/platform/keys.ts'
import { prepareCity, visitsAtWindows } from '../tests/support/city.ts'
import { METRICS, pendingEntries } from '../tests/support/metrics.ts'
import { type PartnerKey, reportVisits } from '../tests/support/partner.ts'
import { runScript, startProgram } from '../tests/support/program.ts'
import type { InsertJob } from './insert.ts'
import type { LoadJob } from './load.ts'
import { measurePage } from './page.ts'
import { measureQueue } from './queue.ts'
import type { Measured } from './ratings.ts'
import { type RatingsMeasured, report } from './report.ts'

const CONNECTIONS = 64
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 6)
const WARM_UP = 5

const say = (line: string) => console.log(line)
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Runs one of the two load programs to its end. */
function inOwnProcess(file: string, job: LoadJob | InsertJob): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, file))
    child.once('message', (answer: { result?: Measured; error?: string }) =>
      answer.result ? resolve(answer.result) : reject(new Error(answer.error)),
    )
    child.once('exit', (code) => code !== 0 && reject(new Error(`${file} ended with ${code}`)))
    child.send(job)
  })
}

/** Reports visits in batches, as a business system does, and gives the tokens to rate with. */
async function invitations(url: string, key: PartnerKey, count: number): Promise<string[]> {
  const tokens: string[] = []
  while (tokens.length < count) {
    const batch = await reportVisits(url, key, visitsAtWindows(Math.min(500, count - tokens.length)))
    tokens.push(...batch.map((answer) => answer.token))
  }
  return tokens
}

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** Waits until the sealer has nothing left, so that one stretch does not pay for the one before. */
async function settled(url: string): Promise<void> {
  for (;;) {
    if ((await pendingEntries(url)) === 0) return
    await new Promise((r) => setTimeout(r, 200))
  }
}

async function bench(folder: string): Promise<RatingsMeasured> {
  say('Starting PostgreSQL (fsync on) and the program …')
  const postgres = await startEmbedded(folder)
  const keys = generateKeys('production')
  const keysFile = join(folder, 'keys.json')
  writeFileSync(keysFile, JSON.stringify(keys), { mode: 0o600 })
  const url = postgres.url('haochaping')
  const env = {
    DATABASE_URL: url,
    HAOCHAPING_MODE: 'production',
    HAOCHAPING_KEYS_FILE: keysFile,
    HAOCHAPING_PUBLIC_URL: 'http://localhost',
    HAOCHAPING_DATA_DIR: folder,
    ...METRICS,
  }
  try {
    const key = await prepareCity(env)
    const program = await startProgram(['start'], env)
    try {
      const port = Number(new URL(program.url).port)
      const insertUrl = roleUrl(url, openKeys(keys), 'intake')
      const throughHttp = async (seconds: number, tokens: string[], rate?: number) => {
        await settled(program.url)
        const job: LoadJob = { port, tokens, connections: CONNECTIONS, seconds, ...(rate && { rate }) }
        return inOwnProcess('load.ts', job)
      }
      const bare = async (seconds: number) => {
        await settled(program.url)
        return inOwnProcess('insert.ts', { url: insertUrl, connections: CONNECTIONS, seconds })
      }

      say('Warming up …')
      const warm = await throughHttp(WARM_UP, await invitations(program.url, key, 25_000))
      await bare(WARM_UP)
      // A city in use has been analysed by PostgreSQL long ago; a database of a minute has not.
      await asOwner(url, 'vacuum analyze')
      const enough = Math.ceil(warm.perSecond * SECONDS * 2) + 2000
      const http: Measured[] = []
      const inserts: Measured[] = []
      for (let round = 1; round <= ROUNDS; round++) {
        const tokens = await invitations(program.url, key, enough)
        http.push(await throughHttp(SECONDS, tokens))
        inserts.push(await bare(SECONDS))
        say(
          `Round ${round} of ${ROUNDS}: ${http.at(-1)!.perSecond.toFixed(0)} ratings/s, ` +
            `${inserts.at(-1)!.perSecond.toFixed(0)} bare rows/s`,
        )
      }
      const half = median(http.map((m) => m.perSecond)) / 2
      const tokens = await invitations(program.url, key, Math.ceil(half * SECONDS * 1.1) + 100)
      const halfLoad = await throughHttp(SECONDS, tokens, half)
      say('Measuring the citizen page …')
      const [token] = await invitations(program.url, key, 1)
      const page = await measurePage(program.url, `/r/${token}?c=3`)
      return { connections: CONNECTIONS, http, inserts, halfLoad, halfRate: half, page }
    } finally {
      await program.stop()
    }
  } finally {
    await postgres.stop()
  }
}

const built = await runScript('scripts/build.mjs')
if (built.code !== 0) throw new Error(built.printed)

/** Runs one part in a folder of its own that is gone afterwards. */
async function inFolder<T>(part: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'haochaping-bench-'))
  chmodSync(folder, 0o755)
  try {
    return await part(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// npm run bench -- queue: that part alone.
const wanted = process.argv.slice(2)
const wants = (part: string) => wanted.length === 0 || wanted.includes(part)
const ratings = wants('ratings') ? await inFolder(bench) : null
const queue = wants('queue') ? await inFolder((folder) => measureQueue(folder, say)) : null
const results = { cores: cpus().length, ratings, queue }
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
say(report(results))
