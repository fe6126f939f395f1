import { type Kysely, sql } from 'kysely'
import type { MessageChannelTable, MessageOptOutTable } from '../../platform/tables.notifications.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

/** Where a citizen asked to be told, the newest wish first. */
export const channelsOf = (db: Db, evaluationId: string): Promise<MessageChannelTable[]> =>
  db
    .selectFrom('message_channel')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .orderBy('created_at', 'desc')
    .execute()

export const insertChannel = (tx: Db, row: MessageChannelTable) =>
  tx.insertInto('message_channel').values(row).execute()

/** Whether the person behind an address has asked for no more messages: what they said last holds. */
export const isOptedOut = async (db: Db, subjectId: string): Promise<boolean> => {
  const row = await db
    .selectFrom('message_opt_out')
    .select('opted_out')
    .where('subject_id', '=', subjectId)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.opted_out ?? false
}

export const insertOptOut = (tx: Db, row: MessageOptOutTable) =>
  tx.insertInto('message_opt_out').values(row).execute()

/** What a rating or a complaint said of how its sender may be reached; null when there is none. */
export const toldBy = async (db: Db, evaluationId: string) => {
  const { rows } = await sql<{ payload: Record<string, string | boolean> }>`
    select payload from journal_entry where subject_id = ${evaluationId}
      and kind in ('evaluation.submitted', 'complaint.received') limit 1`.execute(db)
  return rows[0]?.payload ?? null
}

/** What a case is about, as its newest entry tells; null without one. */
export const caseFacts = async (db: Db, subjectId: string) => {
  const { rows } = await sql<{ payload: Record<string, string | boolean> }>`
    select payload from journal_entry where subject_id = ${subjectId} and kind like 'case.%' and payload ? 'realName'
    order by recorded_at desc, (payload ->> 'version')::int desc limit 1`.execute(db)
  return rows[0]?.payload ?? null
}

/** Wishes whose row and journal entry do not agree, or which are on one side only. */
export const disagreeingWishes = async (db: Db, limit: number) => {
  const { rows } = await sql<{ entry_id: string }>`
    select coalesce(w.entry_id, j.entry_id) as entry_id
    from (select subject_id, entry_id, case when opted_out then 'contact.opted-out' else 'contact.opted-in' end as kind
        from message_opt_out
      union all select evaluation_id, entry_id, 'contact.channel-added' from message_channel) w
    full join (select subject_id, entry_id, kind from journal_entry where kind like 'contact.%') j
      on j.subject_id = w.subject_id and j.entry_id = w.entry_id and j.kind = w.kind
    where w.entry_id is null or j.entry_id is null limit ${limit}`.execute(db)
  return rows
}

export const countWishes = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from message_opt_out) + (select count(*) from message_channel) as count`.execute(
    db,
  )
  return Number(rows[0]?.count ?? 0)
}
