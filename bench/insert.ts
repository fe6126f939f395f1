// What the machine itself gives: one row a transaction into the same table, by as many bare connections. A process of
// its own, as the other side's load is.
import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { type Measured, measured } from './ratings.ts'

/** What the bench asks of this process. */
export interface InsertJob {
  url: string
  connections: number
  seconds: number
}

const COLUMNS = [
  'evaluation_id, visit_id, submission_id, receipt_number, level, hall_level, option_version, option_codes',
  'has_words, real_name, do_not_contact, channel, on_site, stage, item_code, organization_id, organization_path',
  'region_code, hall_code, window_code, staff_number, platform_code, submitted_at, entry_id, digest',
].join(', ')
const text = `insert into evaluation (${COLUMNS}) values (${Array.from({ length: 25 }, (_, i) => `$${i + 1}`).join(', ')})`

const row = (): unknown[] => [
  ...[randomUUID(), randomUUID(), randomUUID(), randomBytes(6).toString('hex'), 5, 4, '2', ['510', '517']],
  ...[true, true, false, 3, true, '办结', '1122010099990029XW3000131001000', 'ccs-scj', '/ccs/ccs-scj/'],
  ...['220100000000', 'CC', 'CC-A01', 'CC0001', '', new Date(), randomUUID(), randomBytes(32)],
]

process.on('message', (job: InsertJob) => {
  run(job).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
  )
})

async function run(job: InsertJob): Promise<Measured> {
  const clients = await Promise.all(
    Array.from({ length: job.connections }, async () => {
      const client = new pg.Client({ connectionString: job.url })
      await client.connect()
      // Prepared before the clock runs.
      await client.query({ name: 'insert', text, values: row() })
      return client
    }),
  )
  const latencies: number[] = []
  const began = performance.now()
  const until = began + job.seconds * 1000
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < until) {
        const sent = performance.now()
        await client.query({ name: 'insert', text, values: row() })
        latencies.push(performance.now() - sent)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  await Promise.all(clients.map((client) => client.end()))
  return measured(latencies, seconds)
}
