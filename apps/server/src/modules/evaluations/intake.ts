import { type Kysely, sql } from 'kysely'
import { booleans, byteas, jsonbs, smallints, texts, timestamps, uuids } from '../../platform/pg-arrays.ts'
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

/**
 * Writes a group of submissions with one statement: the evaluations that are not there yet, and for those their
 * journal entries, pending marks, texts and personal data. Gives the ids written now; the others were there.
 * One statement is one transaction: a failure writes nothing of the group.
 */
export async function insertGroup(db: Kysely<Tables>, group: Submission[]): Promise<Set<string>> {
  const evaluation = group.map((s) => s.evaluation)
  const entry = group.map((s) => s.entry.entry)
  const text = group.map((s) => s.entry.text)
  const person = group.map((s) => s.person?.row ?? null)
  const result = await sql<{ evaluation_id: string }>`/* prepare insertGroup */
    with given as (
      select * from unnest(
        ${uuids(evaluation.map((e) => e.evaluation_id))}::uuid[],
        ${uuids(evaluation.map((e) => e.visit_id))}::uuid[],
        ${uuids(evaluation.map((e) => e.submission_id))}::uuid[],
        ${texts(evaluation.map((e) => e.receipt_number))}::text[],
        ${smallints(evaluation.map((e) => e.level))}::smallint[],
        ${smallints(evaluation.map((e) => e.hall_level))}::smallint[],
        ${texts(evaluation.map((e) => e.option_version))}::text[],
        ${texts(evaluation.map((e) => e.option_codes.join(',')))}::text[],
        ${booleans(evaluation.map((e) => e.has_words))}::boolean[],
        ${booleans(evaluation.map((e) => e.real_name))}::boolean[],
        ${booleans(evaluation.map((e) => e.do_not_contact))}::boolean[],
        ${smallints(evaluation.map((e) => e.channel))}::smallint[],
        ${booleans(evaluation.map((e) => e.on_site))}::boolean[],
        ${texts(evaluation.map((e) => e.stage))}::text[],
        ${texts(evaluation.map((e) => e.item_code))}::text[],
        ${texts(evaluation.map((e) => e.organization_id))}::text[],
        ${texts(evaluation.map((e) => e.organization_path))}::text[],
        ${texts(evaluation.map((e) => e.region_code))}::text[],
        ${texts(evaluation.map((e) => e.hall_code))}::text[],
        ${texts(evaluation.map((e) => e.window_code))}::text[],
        ${texts(evaluation.map((e) => e.staff_number))}::text[],
        ${texts(evaluation.map((e) => e.platform_code))}::text[],
        ${timestamps(evaluation.map((e) => e.submitted_at))}::timestamptz[],
        ${uuids(evaluation.map((e) => e.entry_id))}::uuid[],
        ${byteas(evaluation.map((e) => e.digest))}::bytea[],
        ${texts(entry.map((e) => e.kind))}::text[],
        ${timestamps(entry.map((e) => e.recorded_at))}::timestamptz[],
        ${texts(entry.map((e) => e.actor))}::text[],
        ${jsonbs(entry.map((e) => e.payload))}::jsonb[],
        ${byteas(text.map((t) => t?.salt ?? null))}::bytea[],
        ${jsonbs(text.map((t) => t?.content ?? null))}::jsonb[],
        ${uuids(person.map((p) => p?.owner_id ?? null))}::uuid[],
        ${texts(person.map((p) => p?.kek_id ?? null))}::text[],
        ${byteas(person.map((p) => p?.wrapped_key ?? null))}::bytea[],
        ${byteas(person.map((p) => p?.name ?? null))}::bytea[],
        ${byteas(person.map((p) => p?.id_number ?? null))}::bytea[],
        ${byteas(person.map((p) => p?.phone ?? null))}::bytea[],
        ${byteas(person.map((p) => p?.phone_index ?? null))}::bytea[],
        ${byteas(person.map((p) => p?.id_number_index ?? null))}::bytea[],
        ${byteas(person.map((p) => p?.salt ?? null))}::bytea[]
      ) as given (
        evaluation_id, visit_id, submission_id, receipt_number, level, hall_level, option_version, option_codes,
        has_words, real_name, do_not_contact, channel, on_site, stage, item_code, organization_id, organization_path,
        region_code, hall_code, window_code, staff_number, platform_code, submitted_at, entry_id, digest,
        kind, recorded_at, actor, payload, text_salt, content,
        owner_id, kek_id, wrapped_key, name, id_number, phone, phone_index, id_number_index, person_salt
      )
    ), written as (
      insert into evaluation (
        evaluation_id, visit_id, submission_id, receipt_number, level, hall_level, option_version, option_codes,
        has_words, real_name, do_not_contact, channel, on_site, stage, item_code, organization_id, organization_path,
        region_code, hall_code, window_code, staff_number, platform_code, submitted_at, entry_id, digest)
      select
        evaluation_id, visit_id, submission_id, receipt_number, level, hall_level, option_version,
        string_to_array(option_codes, ','),
        has_words, real_name, do_not_contact, channel, on_site, stage, item_code, organization_id, organization_path,
        region_code, hall_code, window_code, staff_number, platform_code, submitted_at, entry_id, digest
      from given order by evaluation_id
      on conflict (evaluation_id) do nothing
      returning evaluation_id
    ), entries as (
      insert into journal_entry (subject_id, entry_id, kind, recorded_at, actor, payload)
      select evaluation_id, entry_id, kind, recorded_at, actor, payload
      from given where evaluation_id = any(array(select evaluation_id from written))
    ), pending as (
      insert into journal_pending (subject_id, entry_id)
      select evaluation_id, entry_id from given where evaluation_id = any(array(select evaluation_id from written))
    ), texts as (
      insert into entry_text (subject_id, entry_id, salt, content)
      select evaluation_id, entry_id, text_salt, content
      from given where content is not null and evaluation_id = any(array(select evaluation_id from written))
    ), people as (
      insert into personal_data (evaluation_id, owner_id, kek_id, wrapped_key, name, id_number, phone, phone_index,
        id_number_index, salt)
      select evaluation_id, owner_id, kek_id, wrapped_key, name, id_number, phone, phone_index,
        id_number_index, person_salt
      from given where owner_id is not null and evaluation_id = any(array(select evaluation_id from written))
    )
    select evaluation_id from written`.execute(db)
  return new Set(result.rows.map((row) => row.evaluation_id))
}

/** Whether one member may be at fault (bad data, a constraint, a deadlock), and not the way to the database. */
const mayBeOneMember = (error: unknown) =>
  error instanceof RangeError || /^(22|23|40)/.test((error as { code?: string })?.code ?? '')

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
        if (active >= writers) return
        active++
        // What else arrives in this turn of the event loop comes along, rather than the first going alone.
        setImmediate(() => void drain())
      }),
  }
}
