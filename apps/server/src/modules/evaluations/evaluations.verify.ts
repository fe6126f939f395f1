import { type Kysely, sql } from 'kysely'
import type { App } from '../../platform/context.ts'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { Finding, RowCheck } from '../ledger/verify.ts'
import type { PeopleService } from '../people/people.service.ts'
import { RATING_DIGEST, ratingDigest, ratingFacts } from './evaluations.facts.ts'

const BATCH = 1_000

const same = (a: JsonValue | undefined, b: JsonValue) => JSON.stringify(a ?? null) === JSON.stringify(b)

/** Every evaluation row against its journal entry, both ways, and against the digest that only the program can make. */
export const evaluationCheck = (app: App): RowCheck => ({
  name: 'evaluation',
  async run(db: Kysely<Tables>, report: (finding: Finding) => void): Promise<number> {
    const digestKey = app.keys.derive(RATING_DIGEST)
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) =>
        db
          .selectFrom('evaluation')
          .selectAll()
          .where('evaluation_id', '>', after)
          .orderBy('evaluation_id')
          .limit(BATCH)
          .execute(),
      (last) => last.evaluation_id,
    )
    for await (const rows of pages) {
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
          ? Object.entries(ratingFacts(row)).find(([key, value]) => !same(payload[key], value))?.[0]
          : 'entry'
        const told = row.digest.toString('hex') === payload?.digest
        const ours = ratingDigest(digestKey, row).equals(row.digest)
        if (wrong || !told)
          report({
            where: `evaluation ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong ?? 'digest'}): it was changed`,
          })
        else if (!ours)
          report({
            where: `evaluation ${row.evaluation_id}`,
            what: 'was not given through the program: it was made up, or changed before it was sealed',
          })
      }
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
})

/** Every sealed person against the commitment in the journal entry of the visit, rating or complaint they came with, both ways. */
export const personCheck = (people: PeopleService): RowCheck => ({
  name: 'personal_data',
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) =>
        db
          .selectFrom('personal_data')
          .selectAll()
          .where('owner_id', '>', after)
          .orderBy('owner_id')
          .limit(BATCH)
          .execute(),
      (last) => last.owner_id,
    )
    for await (const rows of pages) {
      const entries = await db
        .selectFrom('journal_entry')
        .select(['subject_id', 'payload'])
        .where(
          'subject_id',
          'in',
          rows.map((row) => row.evaluation_id),
        )
        .where('kind', 'in', ['visit.reported', 'evaluation.submitted', 'complaint.received'])
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
    }
    const { rows: missing } = await sql<{ owner_id: string }>`
      select o.owner_id from (
        select subject_id, case kind when 'visit.reported' then (payload ->> 'visitId')::uuid else subject_id end as owner_id
        from journal_entry
        where kind in ('visit.reported', 'evaluation.submitted', 'complaint.received') and payload ->> 'personalCommitment' is not null
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
