// How long an official waits for a page of the work queue, and for the registers with their sums, when a million cases
// are in the database. The cases are
// written by the database's owner, many at a time; they are asked for over HTTP, as the console asks.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { loadConfig } from '../apps/server/src/platform/config.ts'
import { openDatabase } from '../apps/server/src/platform/database.ts'
import { startEmbedded } from '../apps/server/src/platform/embedded.ts'
import { generateKeys, openKeys } from '../apps/server/src/platform/keys.ts'
import { makeServices } from '../apps/server/src/services.ts'
import { prepareCity } from '../tests/support/city.ts'
import { startProgram } from '../tests/support/program.ts'

const CASES = Number(process.env.BENCH_CASES ?? 1_000_000)
const TRIES = 15
const PASSWORD = 'Bench-Queue-2026'

const ACCOUNTS = {
  city: { role: 'city_authority', organizationId: 'ccs' },
  district: { role: 'district_authority', organizationId: '220102' },
  handler: { role: 'handler', organizationId: 'ccs-rsj' },
} as const
type Who = keyof typeof ACCOUNTS

/** One page of the queue as it was asked for, and how long each try took in milliseconds. */
export interface QueuePage {
  who: Who
  query: string
  rows: number
  tries: number[]
}

/** Cases spread over all organisations and three years; one in twenty is open, due within a month of now. */
const INSERT = `
  insert into rectification_case (evaluation_id, case_id, case_number, state, level, real_name, do_not_contact,
    item_code, organization_id, organization_path, region_code, opened_at, state_since, round_since, next_due_at,
    next_due_key, due_at, closed_at, outcome, rectified_at, persons)
  select gen_random_uuid(), gen_random_uuid(),
    'CP20260101-' || translate(upper(lpad(to_hex(i), 8, '2')), '01ILO', 'XYZWV'),
    case when open then (array['to_sign', 'verifying', 'fixing', 'promised', 'explaining', 'feeding_back', 'resurvey',
        'transfer_proposed', 'rejection_proposed', 'reopened'])[1 + i / 20 % 10]
      else 'closed' end,
    1 + i % 2, i % 3 = 0, i % 11 = 0, '1122010099990029XW3000131001000', o.id, o.path, o.region_code, opened, opened, opened,
    case when open then due end, case when open then (array['sign', 'fix', 'fix', 'promised', 'fix', 'reply', 'resurvey',
      'transfer', 'confirm', 'review'])[1 + i / 20 % 10] end,
    case when open then due end, case when open then null else opened + interval '9 days' end,
    case when open then null else 'solved' end, case when open then null else opened + interval '8 days' end,
    case when i % 3 = 0 then jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'doNotContact', i % 11 = 0,
      'contacted', not open, 'attempts', 1)) else '[]' end
  from (
    select i, i % 20 = 0 as open, now() - (i % 1000) * interval '26 hours' as opened,
      now() + ((i * 7919) % 43200 - 7200) * interval '1 minute' as due, 1 + (i * 31 + i / 20) % places.n as place
    from generate_series($1::bigint, $2::bigint) i, (select count(*) as n from organization) places
  ) s
  join (select *, row_number() over (order by id) as place from organization) o using (place)`

/** Of the handler's organisation every other case at work is their own to verify. */
const VERIFIED = `
  update rectification_case set verifier_id = a.account_id
  from account a
  where a.username = 'bench-handler' and rectification_case.organization_id = a.organization_id
    and state in ('verifying', 'fixing', 'promised', 'explaining', 'feeding_back', 'resurvey')
    and abs(hashtext(evaluation_id::text)) % 2 = 0`

/** A fifth of the cases were called back and promised, and most of these completed. */
const CALLED_BACK = `
  insert into journal_entry (subject_id, entry_id, kind, recorded_at, actor, payload)
  select evaluation_id, gen_random_uuid(), 'case.record_contact', opened_at + interval '20 hours', 'system',
    '{"round": 1, "version": 3, "result": "reached"}'
  from rectification_case where abs(hashtext(evaluation_id::text)) % 5 = 0`
const PROMISED = `
  insert into commitment (evaluation_id, entry_id, version, round, case_number, item_code, staff_number,
    organization_id, organization_path, region_code, promised_at, promised_first, promised_on, completed_at)
  select evaluation_id, gen_random_uuid(), 4, 1, case_number, item_code, '', organization_id, organization_path,
    region_code, opened_at + interval '30 hours', (opened_at + interval '9 days')::date,
    (opened_at + interval '9 days')::date, closed_at
  from rectification_case where abs(hashtext(evaluation_id::text)) % 5 = 0`

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const step = 100_000
  for (let from = 1; from <= CASES; from += step)
    await client.query(INSERT, [from, Math.min(from + step - 1, CASES)])
  await client.query(VERIFIED)
  await client.query(CALLED_BACK)
  await client.query(PROMISED)
  await client.query('vacuum analyze rectification_case, journal_entry, commitment')
  await client.end()
}

async function accounts(env: Record<string, string>): Promise<void> {
  const config = loadConfig(env)
  const keys = openKeys(JSON.parse(String(env.BENCH_KEYS)))
  const db = openDatabase(config.databaseUrl, keys, 1)
  const app = { config, db, keys, clock: () => new Date(), log: pino({ level: 'silent' }), nudge: () => {} }
  const { identity } = makeServices(app)
  for (const [username, place] of Object.entries(ACCOUNTS))
    await identity.createAccount('system', {
      username: `bench-${username}`,
      displayName: username,
      password: PASSWORD,
      demo: true,
      ...place,
    })
  await db.close()
}

/** Signs in and gives a way to ask for pages. */
async function signedIn(url: string, who: Who) {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: `bench-${who}`, password: PASSWORD }),
  })
  if (!answer.ok) throw new Error(`${who} could not sign in: ${answer.status}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return async (query: string) => {
    const began = performance.now()
    const path =
      query === 'counts' ? 'cases/counts' : query.startsWith('registers/') ? query : `cases?${query}`
    const page = await fetch(`${url}/api/v1/${path}`, { headers: { cookie } })
    const body = (await page.json()) as { items?: unknown[]; next?: string | null }
    if (!page.ok) throw new Error(`${who} ${query}: ${page.status}`)
    return { body, took: performance.now() - began }
  }
}

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
const YEAR = `from=${day(365)}&to=${day(0)}`
/** The registers come with their sums; the longest period that may be asked for is a year. */
const REGISTERS = ['registers/callbacks', 'registers/commitments'].flatMap((path) => [
  path,
  `${path}?${YEAR}`,
])

const QUERIES: Record<Who, string[]> = {
  city: [
    '',
    'due=overdue',
    'due=late',
    'due=today',
    'state=verifying',
    'clock=fix',
    'region=220103000000',
    'level=1',
    'turn=me',
    'closed=true',
    'closed=true&region=220103000000',
    'q=CP2026',
    'registers/callbacks?missing=any',
    'registers/commitments?status=broken',
    ...REGISTERS,
  ],
  district: ['', 'due=overdue', 'state=promised', 'turn=me', 'closed=true', ...REGISTERS],
  handler: ['', 'due=soon', 'mine=true', 'turn=me', 'closed=true'],
}

/** Measures every page once warm; the first and one far down the list, by each official. */
export async function measureQueue(folder: string, say: (line: string) => void): Promise<QueuePage[]> {
  const postgres = await startEmbedded(folder)
  try {
    const keys = generateKeys('production')
    const keysFile = join(folder, 'keys.json')
    writeFileSync(keysFile, JSON.stringify(keys), { mode: 0o600 })
    const env = {
      DATABASE_URL: postgres.url('queue'),
      HAOCHAPING_MODE: 'production',
      HAOCHAPING_KEYS_FILE: keysFile,
      HAOCHAPING_PUBLIC_URL: 'http://localhost',
      HAOCHAPING_DATA_DIR: folder,
    }
    await prepareCity(env)
    await accounts({ ...env, BENCH_KEYS: JSON.stringify(keys) })
    say(`Writing ${CASES} cases …`)
    await fill(env.DATABASE_URL)
    // Only served: the cases have no journal that the workers could follow.
    const program = await startProgram(['serve'], env)
    const pages: QueuePage[] = []
    try {
      for (const who of Object.keys(QUERIES) as Who[]) {
        const ask = await signedIn(program.url, who)
        const far = await cursorFarDown(ask)
        for (const query of [...QUERIES[who], 'counts', ...(far ? [`after=${far}`] : [])]) {
          await ask(query)
          const tries: number[] = []
          let rows = 0
          for (let i = 0; i < TRIES; i++) {
            const { body, took } = await ask(query)
            rows = body.items?.length ?? 0
            tries.push(took)
          }
          pages.push({ who, query: far && query === `after=${far}` ? 'page 100' : query, rows, tries })
        }
      }
    } finally {
      await program.stop()
    }
    return pages
  } finally {
    await postgres.stop()
  }
}

async function cursorFarDown(ask: Awaited<ReturnType<typeof signedIn>>): Promise<string | null> {
  let cursor: string | null = null
  for (let page = 1; page < 100; page++) {
    const { body } = await ask(cursor ? `after=${cursor}&pageSize=20` : 'pageSize=20')
    if (!body.next) return cursor
    cursor = body.next
  }
  return cursor
}
