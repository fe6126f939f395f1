import type { JsonValue as EntryValue } from '@haochaping/ledger'
import { checkEncodable, encodeValue } from '@haochaping/ledger'
import { type Kysely, sql } from 'kysely'
import { freshBytes } from '../../platform/crypto/random.ts'
import { commitment } from '../../platform/crypto/sealer.ts'
import { randomId } from '../../platform/ids.ts'
import { jsonbs, texts, timestamps, uuids } from '../../platform/pg-arrays.ts'
import type { Tables } from '../../platform/tables.ts'

/** What happened, before it is written down. */
export interface NewEntry {
  /** evaluation_id of what it belongs to, or the derived id of a catalog row, policy or account */
  subjectId: string
  kind: string
  /** 'citizen', 'system', 'partner:<source>', 'account:<uuid>' */
  actor: string
  at: Date
  /** no personal data, no free text: only null, booleans, safe integers, strings, arrays, objects */
  payload: { [key: string]: EntryValue }
  /** free text by field name; kept beside the journal, which holds a salted commitment of it */
  text?: Record<string, string>
}

/** Rows of an entry, ready to be inserted together. */
export interface EntryRows {
  entry: {
    subject_id: string
    entry_id: string
    kind: string
    recorded_at: Date
    actor: string
    payload: string
  }
  text: { subject_id: string; entry_id: string; salt: Buffer; content: string } | null
}

/** The salted commitment of a set of texts, as it stands in `payload.textCommitment` (hex). */
export const textCommitment = (salt: Uint8Array, content: Record<string, string>): string =>
  Buffer.from(commitment(salt, encodeValue(content))).toString('hex')

/**
 * Makes the rows of an entry: `journal_entry` and, when there is free text, `entry_text`.
 * @throws TypeError when the payload holds what has no canonical encoding (fractions, undefined, NUL).
 */
export function entryRows(entry: NewEntry, entryId: string = randomId()): EntryRows {
  const given = Object.entries(entry.text ?? {}).filter(([, value]) => value !== '')
  let payload = entry.payload
  let text: EntryRows['text'] = null
  if (given.length > 0) {
    const content = Object.fromEntries(given)
    const salt = freshBytes(16)
    text = { subject_id: entry.subjectId, entry_id: entryId, salt, content: JSON.stringify(content) }
    payload = { ...payload, textCommitment: textCommitment(salt, content) }
  }
  checkEncodable(payload)
  return {
    entry: {
      subject_id: entry.subjectId,
      entry_id: entryId,
      kind: entry.kind,
      recorded_at: entry.at,
      actor: entry.actor,
      payload: JSON.stringify(payload),
    },
    text,
  }
}

/**
 * Writes one entry inside the caller's transaction, together with its row in `journal_pending`, from which the
 * sealer will take it. Gives the entry's id.
 */
export async function appendEntry(tx: Kysely<Tables>, entry: NewEntry): Promise<string> {
  const rows = entryRows(entry)
  await appendRows(tx, [rows])
  return rows.entry.entry_id
}

/** Writes many prepared entries at once, as `appendEntry` does one. */
export async function appendRows(tx: Kysely<Tables>, rows: EntryRows[]): Promise<void> {
  const entry = rows.map((row) => row.entry)
  const text = rows.flatMap((row) => (row.text ? [row.text] : []))
  await sql`/* prepare appendEntries */
    with given as (
      select * from unnest(
        ${uuids(entry.map((e) => e.subject_id))}::uuid[],
        ${uuids(entry.map((e) => e.entry_id))}::uuid[],
        ${texts(entry.map((e) => e.kind))}::text[],
        ${timestamps(entry.map((e) => e.recorded_at))}::timestamptz[],
        ${texts(entry.map((e) => e.actor))}::text[],
        ${jsonbs(entry.map((e) => e.payload))}::jsonb[]
      ) as given (subject_id, entry_id, kind, recorded_at, actor, payload)
    ), pending as (
      insert into journal_pending (subject_id, entry_id) select subject_id, entry_id from given
    )
    insert into journal_entry (subject_id, entry_id, kind, recorded_at, actor, payload)
    select subject_id, entry_id, kind, recorded_at, actor, payload from given`.execute(tx)
  // Whoever may see an entry may see its text: row-level security asks for the entry first.
  if (text.length > 0) await tx.insertInto('entry_text').values(text).execute()
}
