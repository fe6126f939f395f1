import { type Kysely, sql } from 'kysely'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { Finding, RowCheck } from '../ledger/verify.ts'
import type { PeopleService } from '../people/people.service.ts'
import type { Evaluation } from './evaluations.store.ts'

const BATCH = 1_000

/** What of an evaluation row stands in its journal entry too, spelled the same way. */
const facts = (e: Evaluation): Record<string, JsonValue> => ({
  visitId: e.visit_id,
  submissionId: e.submission_id,
  receiptNumber: e.receipt_number,
  level: e.level,
  hallLevel: e.hall_level,
  optionVersion: e.option_version,
  optionCodes: e.option_codes,
  hasWords: e.has_words,
  realName: e.real_name,
  doNotContact: e.do_not_contact,
  channel: e.channel,
  onSite: e.on_site,
  stage: e.stage,
  itemCode: e.item_code,
  organizationId: e.organization_id,
  organizationPath: e.organization_path,
  regionCode: e.region_code,
  hallCode: e.hall_code,
  windowCode: e.window_code,
  staffNumber: e.staff_number,
  platformCode: e.platform_code,
  digest: e.digest.toString('hex'),
})

const same = (a: JsonValue | undefined, b: JsonValue) => JSON.stringify(a ?? null) === JSON.stringify(b)

/** Every evaluation row against its journal entry, both ways. */
export const evaluationCheck: RowCheck = {
  name: 'evaluation',
  async run(db: Kysely<Tables>, report: (finding: Finding) => void): Promise<number> {
    let after = '00000000-0000-0000-0000-000000000000'
    let count = 0
    for (;;) {
      const rows = await db
        .selectFrom('evaluation')
        .selectAll()
        .where('evaluation_id', '>', after)
        .orderBy('evaluation_id')
        .limit(BATCH)
        .execute()
      if (rows.length === 0) break
      const entries = await db
        .selectFrom('journal_entry')
        .select(['subject_id', 'entry_id', 'payload'])
        .where(
          'subject_id',
          'in',
          rows.map((row) => row.evaluation_id),
        )
        .where('kind', '=', 'evaluation.submitted')
        .execute()
      const byId = new Map(entries.map((entry) => [`${entry.subject_id} ${entry.entry_id}`, entry]))
      for (const row of rows) {
        count++
        const entry = byId.get(`${row.evaluation_id} ${row.entry_id}`)
        const payload = entry?.payload as Record<string, JsonValue> | undefined
        const wrong = payload
          ? Object.entries(facts(row)).find(([key, value]) => !same(payload[key], value))?.[0]
          : 'entry'
        if (wrong)
          report({
            where: `evaluation ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
      after = rows.at(-1)!.evaluation_id
    }
    // Compared where they are stored: a date in the program would not tell microseconds apart.
    const moved = await db
      .selectFrom('evaluation')
      .innerJoin('journal_entry', (on) =>
        on
          .onRef('journal_entry.subject_id', '=', 'evaluation.evaluation_id')
          .onRef('journal_entry.entry_id', '=', 'evaluation.entry_id'),
      )
      .select('evaluation_id')
      .whereRef('recorded_at', '<>', 'submitted_at')
      .limit(20)
      .execute()
    for (const row of moved)
      report({
        where: `evaluation ${row.evaluation_id}`,
        what: 'does not agree with the journal (submitted_at): it was changed',
      })
    const missing = await db
      .selectFrom('journal_entry')
      .leftJoin('evaluation', 'evaluation.evaluation_id', 'journal_entry.subject_id')
      .select(['journal_entry.subject_id', 'journal_entry.entry_id'])
      .where('journal_entry.kind', '=', 'evaluation.submitted')
      .where('evaluation.evaluation_id', 'is', null)
      .limit(20)
      .execute()
    for (const row of missing)
      report({ where: `evaluation ${row.subject_id}`, what: 'is in the journal but its row was deleted' })
    return count
  },
}

/** Every sealed person against the commitment in the journal entry of the visit or rating they came with, both ways. */
export const personCheck = (people: PeopleService): RowCheck => ({
  name: 'personal_data',
  async run(db, report) {
    let after = '00000000-0000-0000-0000-000000000000'
    let count = 0
    for (;;) {
      const rows = await db
        .selectFrom('personal_data')
        .selectAll()
        .where('owner_id', '>', after)
        .orderBy('owner_id')
        .limit(BATCH)
        .execute()
      if (rows.length === 0) break
      const entries = await db
        .selectFrom('journal_entry')
        .select(['subject_id', 'payload'])
        .where(
          'subject_id',
          'in',
          rows.map((row) => row.evaluation_id),
        )
        .where('kind', 'in', ['visit.reported', 'evaluation.submitted'])
        .execute()
      for (const row of rows) {
        count++
        const committed = entries
          .filter((entry) => entry.subject_id === row.evaluation_id)
          .map((entry) => (entry.payload as Record<string, JsonValue>).personalCommitment)
        let found: string | undefined
        try {
          found = people.commitmentOf(row)
        } catch {
          found = undefined
        }
        if (!found || !committed.includes(found))
          report({
            where: `personal data of ${row.owner_id}`,
            what: 'does not fit its commitment in the journal: it was changed',
          })
      }
      after = rows.at(-1)!.owner_id
    }
    const { rows: missing } = await sql<{ owner_id: string }>`
      select o.owner_id from (
        select subject_id, case kind when 'visit.reported' then (payload ->> 'visitId')::uuid else subject_id end as owner_id
        from journal_entry
        where kind in ('visit.reported', 'evaluation.submitted') and payload ->> 'personalCommitment' is not null
      ) o
      where not exists (
        select 1 from personal_data p where p.evaluation_id = o.subject_id and p.owner_id = o.owner_id
      ) limit 20`.execute(db)
    for (const row of missing)
      report({
        where: `personal data of ${row.owner_id}`,
        what: 'is in the journal but its row was deleted',
      })
    return count
  },
})
