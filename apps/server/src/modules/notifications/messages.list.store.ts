import { type Kysely, type SqlBool, sql } from 'kysely'
import { followedEntries } from '../../platform/passed-over.ts'
import type { Tables } from '../../platform/tables.ts'
import type { OutboundMessage } from './notifications.store.ts'

type Db = Kysely<Tables>

/** What to look for among the messages. */
export interface MessageFilter {
  status?: string | undefined
  medium?: string | undefined
  template?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

const matching = (db: Db, { status, medium, template, from, to }: MessageFilter) => {
  let query = db.selectFrom('outbound_message')
  if (status) query = query.where('status', '=', status)
  if (medium) query = query.where('medium', '=', medium)
  if (template) query = query.where('template', '=', template)
  if (from) query = query.where('created_at', '>=', from)
  if (to) query = query.where('created_at', '<', to)
  return query
}

export async function listMessages(
  tx: Db,
  filter: MessageFilter,
  page: number,
  pageSize: number,
): Promise<{ total: number; rows: OutboundMessage[] }> {
  const { total } = await matching(tx, filter)
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await matching(tx, filter)
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('message_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows }
}

/** How many messages there are of each status. */
export const countsByStatus = (tx: Db) =>
  tx
    .selectFrom('outbound_message')
    .select((e) => ['status', e.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute()

export const attemptsOf = (tx: Db, evaluationIds: string[], messageIds: string[]) =>
  messageIds.length === 0
    ? []
    : tx
        .selectFrom('message_attempt')
        .selectAll()
        .where('evaluation_id', 'in', evaluationIds)
        .where('message_id', 'in', messageIds)
        .orderBy('attempt')
        .execute()

/** Ids of what was given up within the place of whoever asks, the oldest first. */
export const deadMessages = async (
  tx: Db,
  filter: Pick<MessageFilter, 'template' | 'medium'>,
  limit: number,
): Promise<string[]> => {
  const rows = await matching(tx, { ...filter, status: 'dead' })
    .select('message_id')
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.message_id)
}

/** Whether a message is within the place of whoever asks. */
export const isVisible = async (tx: Db, messageId: string): Promise<boolean> =>
  Boolean(
    await tx
      .selectFrom('outbound_message')
      .select('message_id')
      .where('message_id', '=', messageId)
      .executeTakeFirst(),
  )

/**
 * Messages that do not stand as the last of their entries says, or which are on one side only; of one moment.
 * Waiting, being sent and waiting for another attempt are one thing in the journal. Entries from before messages had
 * steps are in the order of what they say.
 */
export const disagreeing = async (db: Db, limit: number) => {
  const { rows } = await sql<{
    evaluation_id: string
    message_id: string
    stored: string | null
    told: string | null
  }>`
    select coalesce(m.evaluation_id, j.subject_id) as evaluation_id, coalesce(m.message_id::text, j.message_id) as message_id,
      m.status as stored, j.status as told
    from outbound_message m full join (
      select distinct on (subject_id, payload ->> 'messageId') subject_id, payload ->> 'messageId' as message_id,
        case payload ->> 'status' when 'no_recipient' then 'suppressed' when 'failed' then 'dead'
          else payload ->> 'status' end as status
      from journal_entry where kind like 'message.%' or kind like 'notice.%'
      order by subject_id, payload ->> 'messageId',
        coalesce((payload ->> 'step')::int, case when kind like '%.queued' then 0 else 1 end) desc
    ) j on j.subject_id = m.evaluation_id and j.message_id = m.message_id::text
    where case when m.status in ('queued', 'sending', 'failed') then 'queued' else m.status end
      is distinct from j.status limit ${limit}`.execute(db)
  return rows
}

/** Ratings with fewer messages than replies that the writer of messages (a consumer of the ledger) has passed. */
export const passedOver = (db: Db, consumer: string, limit: number) =>
  followedEntries(db, consumer)
    .select('l.subject_id as evaluation_id')
    .where('e.kind', '=', 'case.reply')
    .groupBy('l.subject_id')
    .having(
      sql<SqlBool>`count(*) > (select count(distinct j.payload ->> 'messageId') from journal_entry j
        where j.subject_id = l.subject_id and j.kind like 'message.%' and j.payload ->> 'template' = 'case_reply')`,
    )
    .limit(limit)
    .execute()

/** Attempts of messages that are not there, and sent messages that no attempt tells of, since attempts are noted. */
export const strayAttempts = async (db: Db, limit: number) => {
  const { rows } = await sql<{ evaluation_id: string; message_id: string }>`
    select coalesce(a.evaluation_id, m.evaluation_id) as evaluation_id, coalesce(a.message_id, m.message_id) as message_id
    from (select distinct evaluation_id, message_id from message_attempt) a
    full join (select evaluation_id, message_id, status, attempts from outbound_message) m
      on m.evaluation_id = a.evaluation_id and m.message_id = a.message_id
    where m.message_id is null or (a.message_id is null and m.status = 'sent' and m.attempts > 0)
    limit ${limit}`.execute(db)
  return rows
}
