import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { appealEvidence } from '../../../../../tests/support/appeals.ts'
import { aCase, act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import {
  district,
  OFFICIALS,
  testCity,
  type Username,
  XILING,
} from '../../../../../tests/support/longming.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { aClosedCase } from '../../../../../tests/support/supervision.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { type Official, placeOf } from './official.ts'

// What belongs to a rating, a case, a complaint or a message is seen by functions (0025). It is the same that was seen
// by subqueries before, by everybody: the policies of before are put back, and what each sees is compared.

const BEFORE = {
  evidence_file: `alter policy staff_place on evidence_file
    using (exists (select 1 from evaluation e where e.evaluation_id = evidence_file.evaluation_id)
      or exists (select 1 from rectification_case c where c.evaluation_id = evidence_file.evaluation_id))
    with check (exists (select 1 from evaluation e where e.evaluation_id = evidence_file.evaluation_id)
      or exists (select 1 from rectification_case c where c.evaluation_id = evidence_file.evaluation_id))`,
  personal_data: `alter policy staff_place on personal_data
    using ((exists (select 1 from evaluation e where e.evaluation_id = personal_data.evaluation_id)
        or exists (select 1 from rectification_case c where c.evaluation_id = personal_data.evaluation_id))
      and coalesce(current_setting('app.staff_number', true), '') = '');
    alter policy staff_complaint on personal_data
      using (exists (select 1 from complaint c where c.evaluation_id = personal_data.evaluation_id))`,
  follow_up: `alter policy staff_place on follow_up
    using (exists (select 1 from evaluation e where e.evaluation_id = follow_up.evaluation_id))`,
  matter_link: `alter policy staff_place on matter_link
    using (exists (select 1 from evaluation e where e.evaluation_id = matter_link.evaluation_id)
      or exists (select 1 from complaint c where c.evaluation_id = matter_link.evaluation_id))`,
  case_party: `alter policy staff_place on case_party
    using (exists (select 1 from rectification_case c where c.evaluation_id = case_party.evaluation_id))
    with check (exists (select 1 from rectification_case c where c.evaluation_id = case_party.evaluation_id))`,
  case_source: `alter policy staff_place on case_source
    using (exists (select 1 from rectification_case c where c.evaluation_id = case_source.evaluation_id))
    with check (exists (select 1 from rectification_case c where c.evaluation_id = case_source.evaluation_id))`,
  message_attempt: `alter policy staff_place on message_attempt
    using (exists (select 1 from outbound_message m
      where m.evaluation_id = message_attempt.evaluation_id and m.message_id = message_attempt.message_id))`,
} as const
type Table = keyof typeof BEFORE
const TABLES = Object.keys(BEFORE) as Table[]
let t: TestApp
let officials: Official[]
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  officials = await Promise.all((Object.keys(OFFICIALS) as Username[]).map((name) => official(t, name)))
  for (const short of ['dh', 'xl'] as const) await thingsIn(short)
  await shareTwo()
  await t.settle()
  // What couriers write; none runs here.
  await t.asOwner(`insert into message_attempt (evaluation_id, message_id, attempt, carrier, outcome, at)
    select evaluation_id, message_id, 1, 'demo', 'taken', now() from outbound_message on conflict do nothing`)
}, 60_000)
afterAll(() => t.close())

/** One of everything in a district. */
async function thingsIn(short: 'dh' | 'xl') {
  const d = district(short)
  const applicant = { name: '赵小兰', idNumber: '990101199003072344', phone: '13812345678' }
  const handler = await official(t, `handler-${short}`)
  const id = await aCase(t, { realName: true }, { ...at(d), applicant })
  await evidence(t, handler, id)
  await appealEvidence(t, await official(t, `window-${short}`), id)
  // Another's at the same window, which window staff do not see.
  await aCase(t, { realName: true }, { ...at(d), applicant, staffNumber: d.colleague })
  const affairNumber = anAffairNumber()
  const receivedAt = t.clock.now.toISOString()
  const servedAt = new Date(t.clock.now.getTime() - 60_000).toISOString()
  await rate(t, { level: 1 }, { ...at(d), affairNumber, servedAt })
  await t.settle()
  await rate(t, { level: 1 }, { ...at(d), affairNumber, servedAt, visitNumber: 2 })
  await complain(t, { windowCode: d.window, staffNumber: d.staff, affairNumber, receivedAt })
  await complain(t, { windowCode: d.window, receivedAt })
  const closed = await aClosedCase(t, short)
  const again = { level: 4, optionCodes: [], channel: 2, submissionId: randomUUID() }
  await t.services.followUps.submit(t.services.invitations.receiptToken(closed), again)
}

/** A case that another organisation handles with its own: of 东湖 with one of 西岭, and within 西岭. */
async function shareTwo() {
  const city = await official(t, 'city')
  for (const [short, organization] of [
    ['dh', XILING.department],
    ['xl', 'lm-xl-zsj'],
  ] as const) {
    const handler = await official(t, `handler-${short}`)
    const id = await aCase(t, { realName: true }, at(district(short)))
    await evidence(t, handler, id)
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    await act(t, city, id, 'add_co_handler', { organization, note: '请协助核查' })
  }
}

const isWritten = (table: Table): table is keyof typeof NEW_ROW => table in NEW_ROW

/** How the database finds the rows of a table that an official sees. */
const planOf = (table: Table) =>
  asStaff(t.app.db, placeOf(officials[0]!), async (tx) => {
    const { rows } = await sql<Record<string, string>>`explain select * from ${sql.table(table)}`.execute(tx)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })

/** Every row of a table that somebody sees. */
const seenBy = (by: Official, table: Table) =>
  asStaff(t.app.db, placeOf(by), async (tx) => {
    const { rows } = await sql<{ row: string }>`
      select md5(x::text) as row from ${sql.table(table)} x order by 1`.execute(tx)
    return rows.map(({ row }) => row)
  })

/** Of which ratings and cases somebody may add a row to a table. */
const addableBy = (by: Official, table: keyof typeof NEW_ROW, ids: readonly string[]) =>
  asStaff(t.app.db, placeOf(by), async (tx) => {
    const may: string[] = []
    for (const id of ids) if (await adds(tx, table, id)) may.push(id)
    throw new Tried(may)
  }).catch((error: unknown) => {
    if (error instanceof Tried) return error.may
    throw error
  })
class Tried extends Error {
  readonly may: string[]
  constructor(may: string[]) {
    super('nothing is kept')
    this.may = may
  }
}
/** A row more of each table that officials write to. */
const NEW_ROW = {
  evidence_file: (
    id: string,
  ) => sql`insert into evidence_file (evaluation_id, file_id, digest, name, media_type, size,
      uploaded_by, uploaded_at, purpose)
    values (${id}, ${randomUUID()}, 'x', 'x', 'image/png', 1, ${randomUUID()}, now(), 'case')`,
  case_party: (id: string) => sql`insert into case_party (evaluation_id, party_id, case_id, organization_id,
      organization_path, kind, since)
    values (${id}, ${randomUUID()}, ${id}, 'lm', '/lm/', 'co', now())`,
  case_source: (id: string) => sql`insert into case_source (evaluation_id, source_id, case_id, kind, at)
    values (${id}, ${randomUUID()}, ${id}, 'reopened', now())`,
}
async function adds(tx: Tx, table: keyof typeof NEW_ROW, id: string): Promise<boolean> {
  await sql`savepoint trial`.execute(tx)
  try {
    await NEW_ROW[table](id).execute(tx)
    return true
  } catch (error) {
    expect((error as Error).message).toContain('row-level security')
    return false
  } finally {
    await sql`rollback to savepoint trial`.execute(tx)
  }
}

describe('R28: what belongs to ratings, cases, complaints and messages', () => {
  it.each(TABLES)(
    '%s is seen and added to by whoever did so by subqueries, and by nobody else',
    async (table) => {
      const ids = (await t.asOwner('select evaluation_id from rectification_case')).rows.map(
        (row) => row.evaluation_id as string,
      )
      const rights = async () => {
        const found = new Map<string, { seen: string[]; added: string[] }>()
        for (const by of officials)
          found.set(by.username, {
            seen: await seenBy(by, table),
            added: isWritten(table) ? await addableBy(by, table, ids) : [],
          })
        return found
      }
      expect(await planOf(table), 'asked by functions').not.toMatch(/SubPlan|Semi Join/)
      const now = await rights()
      await t.asOwner(BEFORE[table])
      expect(await planOf(table), 'asked by subqueries').toMatch(/SubPlan|Semi Join/)
      expect(now).toEqual(await rights())
      // And it tells: the city sees all there is, a handler some of it.
      const all = (await t.asOwner(`select count(*)::int as n from ${table}`)).rows[0].n
      expect(all).toBeGreaterThan(1)
      expect(now.get('city')!.seen).toHaveLength(all)
      const { seen, added } = now.get('handler-dh')!
      expect(seen.length).toBeGreaterThan(0)
      expect(seen.length).toBeLessThan(all)
      if (!isWritten(table)) return
      expect(now.get('city')!.added).toHaveLength(ids.length)
      expect(added.length).toBeGreaterThan(0)
      expect(added.length).toBeLessThan(ids.length)
    },
  )
})
