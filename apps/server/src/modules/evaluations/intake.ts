import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import type { EntryRows } from '../ledger/journal.ts'
import type { SealedPerson } from '../people/people.service.ts'

/** All rows of one submission; they are written together or not at all. */
export interface Submission {
  evaluation: EvaluationRow
  entry: EntryRows
  person: SealedPerson | null
}

/** A row of `evaluation`, to be written. */
export interface EvaluationRow {
  evaluation_id: string
  visit_id: string
  submission_id: string
  receipt_number: string
  level: number
  hall_level: number | null
  option_version: string
  option_codes: string[]
  has_words: boolean
  real_name: boolean
  do_not_contact: boolean
  channel: number
  on_site: boolean
  stage: string
  item_code: string
  organization_id: string
  organization_path: string
  region_code: string
  hall_code: string
  window_code: string
  staff_number: string
  platform_code: string
  submitted_at: Date
  entry_id: string
  digest: Buffer
}

const hex = (value: Buffer | null) => (value ? `\\x${value.toString('hex')}` : null)

/**
 * Writes a group of submissions with one statement: the evaluations that are not there yet, and for those their
 * journal entries, pending marks, texts and personal data. Gives the ids written now; the others were there.
 * One statement is one transaction: a failure writes nothing of the group.
 */
export async function insertGroup(db: Kysely<Tables>, group: Submission[]): Promise<Set<string>> {
  const rows = JSON.stringify(
    group.map((s) => ({
      ...s.evaluation,
      submitted_at: s.evaluation.submitted_at.toISOString(),
      digest: hex(s.evaluation.digest),
    })),
  )
  const entries = JSON.stringify(
    group.map(({ entry }) => ({
      ...entry.entry,
      recorded_at: entry.entry.recorded_at.toISOString(),
      payload: JSON.parse(entry.entry.payload),
    })),
  )
  const texts = JSON.stringify(
    group.flatMap(({ entry }) =>
      entry.text
        ? [{ ...entry.text, salt: hex(entry.text.salt), content: JSON.parse(entry.text.content) }]
        : [],
    ),
  )
  const people = JSON.stringify(
    group.flatMap(({ person }) =>
      person
        ? [
            Object.fromEntries(
              Object.entries(person.row).map(([key, value]) => [
                key,
                Buffer.isBuffer(value) ? hex(value) : value,
              ]),
            ),
          ]
        : [],
    ),
  )
  const result = await sql<{ evaluation_id: string }>`
    with written as (
      insert into evaluation
      select r.* from jsonb_populate_recordset(null::evaluation, ${rows}::jsonb) r
      order by r.evaluation_id
      on conflict (evaluation_id) do nothing
      returning evaluation_id
    ), entries as (
      insert into journal_entry
      select e.* from jsonb_populate_recordset(null::journal_entry, ${entries}::jsonb) e
      join written w on w.evaluation_id = e.subject_id
      returning subject_id, entry_id
    ), pending as (
      insert into journal_pending (subject_id, entry_id) select subject_id, entry_id from entries
    ), texts as (
      insert into entry_text
      select t.* from jsonb_populate_recordset(null::entry_text, ${texts}::jsonb) t
      join written w on w.evaluation_id = t.subject_id
    ), people as (
      insert into personal_data
      select p.* from jsonb_populate_recordset(null::personal_data, ${people}::jsonb) p
      join written w on w.evaluation_id = p.evaluation_id
      on conflict do nothing
    )
    select evaluation_id from written`.execute(db)
  return new Set(result.rows.map((row) => row.evaluation_id))
}

/** Whether one member may be at fault (bad data, a constraint, a deadlock), and not the way to the database. */
const mayBeOneMember = (error: unknown) => /^(22|23|40)/.test((error as { code?: string })?.code ?? '')

interface Waiting {
  submission: Submission
  resolve: (created: boolean) => void
  reject: (error: unknown) => void
}

/**
 * Gathers the submissions that arrive while earlier ones are being written and writes them as one group. Each is
 * answered after the commit that holds it. When a group fails for what is in it, its members are tried one by one, so
 * that a bad one fails alone; when the database is not there, all are told at once.
 */
export function makeIntake(db: Kysely<Tables>, maximum = 128, writers = 1) {
  const queue: Waiting[] = []
  let active = 0

  async function write(group: Waiting[]): Promise<void> {
    try {
      const written = await insertGroup(
        db,
        group.map((w) => w.submission),
      )
      for (const w of group) w.resolve(written.has(w.submission.evaluation.evaluation_id))
    } catch (error) {
      if (group.length > 1 && mayBeOneMember(error)) for (const w of group) await write([w])
      else for (const w of group) w.reject(error)
    }
  }

  async function drain(): Promise<void> {
    active++
    while (queue.length > 0) {
      // Two tries at the same rating must not meet in one statement: the second waits for its turn.
      const group: Waiting[] = []
      const ids = new Set<string>()
      while (
        group.length < maximum &&
        queue.length > 0 &&
        !ids.has(queue[0]!.submission.evaluation.evaluation_id)
      ) {
        const next = queue.shift()!
        ids.add(next.submission.evaluation.evaluation_id)
        group.push(next)
      }
      await write(group)
    }
    active--
  }

  return {
    /** Writes one submission; true when it was written now, false when this rating was there already. */
    submit: (submission: Submission) =>
      new Promise<boolean>((resolve, reject) => {
        queue.push({ submission, resolve, reject })
        if (active < writers) void drain()
      }),
  }
}
