import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { MessageAttemptTable } from '../../platform/tables.notifications.ts'
import type { OutboundMessageTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type OutboundMessage = Selectable<OutboundMessageTable>
export type NewMessage = Insertable<OutboundMessageTable>
type Key = Pick<OutboundMessage, 'evaluation_id' | 'message_id'>

/** True when it was not there yet. */
export const insertMessage = async (tx: Db, row: NewMessage): Promise<boolean> => {
  const inserted = await tx
    .insertInto('outbound_message')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

/** Waiting and due, or kept by a courier that did not come back in time. */
const due = (now: Date) =>
  sql<boolean>`status in ('queued', 'failed', 'sending') and coalesce(lease_until, next_attempt_at) <= ${now}`

/** Those that may be sent now, the longest waiting first. */
export const dueMessages = (db: Db, media: string[], now: Date, limit: number): Promise<Key[]> =>
  db
    .selectFrom('outbound_message')
    .select(['evaluation_id', 'message_id'])
    .where(due(now))
    .where('medium', 'in', media)
    .orderBy(sql`coalesce(lease_until, next_attempt_at)`)
    .limit(limit)
    .execute()

/**
 * Takes one message for a courier until its lease ends; undefined when another courier has it. Counts the attempt
 * before it is made, so that one nobody lived to report is counted too.
 */
export const claimMessage = (
  tx: Db,
  { evaluation_id, message_id }: Key,
  now: Date,
  leaseUntil: Date,
): Promise<OutboundMessage | undefined> =>
  tx
    .updateTable('outbound_message')
    .set((e) => ({
      status: 'sending',
      attempts: e('attempts', '+', 1),
      tries_left: e('tries_left', '-', 1),
      lease_until: leaseUntil,
    }))
    .where('evaluation_id', '=', evaluation_id)
    .where('message_id', '=', message_id)
    .where(due(now))
    .returningAll()
    .executeTakeFirst()

export type Standing = Partial<
  Pick<
    OutboundMessage,
    | 'status'
    | 'reason'
    | 'step'
    | 'sent_at'
    | 'attempts'
    | 'tries_left'
    | 'next_attempt_at'
    | 'lease_until'
    | 'remind_at'
  >
>

/** Writes how a message stands now; false when it is no longer what it was (`attempts` tells one claim from another). */
export const setStanding = async (
  tx: Db,
  was: Pick<OutboundMessage, 'evaluation_id' | 'message_id' | 'status' | 'attempts'>,
  change: Standing,
): Promise<boolean> => {
  const updated = await tx
    .updateTable('outbound_message')
    .set(change)
    .where('evaluation_id', '=', was.evaluation_id)
    .where('message_id', '=', was.message_id)
    .where('status', '=', was.status)
    .where('attempts', '=', was.attempts)
    .executeTakeFirst()
  return updated.numUpdatedRows > 0n
}

export const insertAttempt = (tx: Db, row: Insertable<MessageAttemptTable>) =>
  tx
    .insertInto('message_attempt')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()

/** Keeps couriers of one person apart until the transaction ends: the cap is counted by one at a time. */
export const lockPerson = (tx: Db, index: Buffer) =>
  sql`select pg_advisory_xact_lock(hashtext('message:' || ${index.toString('hex')}))`.execute(tx)

/** How many messages an address got since then, with those on their way. */
export const sentSince = async (tx: Db, index: Buffer, since: Date, except: string): Promise<number> => {
  const { count } = await tx
    .selectFrom('outbound_message')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('address_index', '=', index)
    .where('message_id', '<>', except)
    .where((e) =>
      e.or([e.and([e('status', '=', 'sent'), e('sent_at', '>', since)]), e('status', '=', 'sending')]),
    )
    .executeTakeFirstOrThrow()
  return Number(count)
}

const ENDS = [
  'case.answer_solved',
  'case.answer_unsolved',
  'case.record_solved',
  'case.record_unsolved',
  'case.reopen_by_source',
  'case.close_unanswered',
  'case.object_rejection',
  'case.reopen_by_inspection',
  'case.direct_again',
]
/** Whether what a message asks somebody for has been answered, or is asked no more, since it was made. */
export const isAnswered = async (
  tx: Db,
  caseId: string,
  evaluationId: string,
  since: Date,
): Promise<boolean> =>
  Boolean(
    await tx
      .selectFrom('journal_entry')
      .select('entry_id')
      .where('subject_id', '=', caseId)
      .where((e) =>
        e.or([
          e('kind', 'in', ENDS),
          e.and([e('kind', '=', 'case.note_answer'), e(sql`payload ->> 'answeredBy'`, '=', evaluationId)]),
        ]),
      )
      .where('recorded_at', '>=', since)
      .limit(1)
      .executeTakeFirst(),
  )

/** Requests whose answer is to be reminded of now. */
export const dueReminders = (db: Db, now: Date, limit: number): Promise<Key[]> =>
  db
    .selectFrom('outbound_message')
    .select(['evaluation_id', 'message_id'])
    .where('remind_at', '<=', now)
    .orderBy('remind_at')
    .limit(limit)
    .execute()

/** Takes the reminder of a request: only one gets it. */
export const takeReminder = (tx: Db, { evaluation_id, message_id }: Key, now: Date) =>
  tx
    .updateTable('outbound_message')
    .set({ remind_at: null })
    .where('evaluation_id', '=', evaluation_id)
    .where('message_id', '=', message_id)
    .where('remind_at', '<=', now)
    .returningAll()
    .executeTakeFirst()

/** One message by its own id, locked until the transaction ends. */
export const lockMessage = (tx: Db, messageId: string): Promise<OutboundMessage | undefined> =>
  tx
    .selectFrom('outbound_message')
    .selectAll()
    .where('message_id', '=', messageId)
    .forUpdate()
    .executeTakeFirst()

export const countMessages = async (db: Db): Promise<number> => {
  const { count } = await db
    .selectFrom('outbound_message')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
