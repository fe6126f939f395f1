import { type Kysely, type Selectable, sql } from 'kysely'
import type { OutboundMessageTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type OutboundMessage = Selectable<OutboundMessageTable>

/** True when it was not there yet. */
export const insertMessage = async (tx: Db, row: OutboundMessage): Promise<boolean> => {
  const inserted = await tx
    .insertInto('outbound_message')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

/** Those that wait to be sent, oldest first. */
export const queued = (db: Db, limit: number) =>
  db
    .selectFrom('outbound_message')
    .select(['evaluation_id', 'message_id'])
    .where('status', '=', 'queued')
    .orderBy('created_at')
    .limit(limit)
    .execute()

/** One message, locked until the transaction ends: two workers never send it both. */
export const lockMessage = (tx: Db, evaluationId: string, messageId: string) =>
  tx
    .selectFrom('outbound_message')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('message_id', '=', messageId)
    .forUpdate()
    .executeTakeFirst()

export const markMessage = (
  tx: Db,
  message: Pick<OutboundMessage, 'evaluation_id' | 'message_id'>,
  change: { status: string; sent_at: Date | null },
) =>
  tx
    .updateTable('outbound_message')
    .set(change)
    .where('evaluation_id', '=', message.evaluation_id)
    .where('message_id', '=', message.message_id)
    .execute()

export async function listMessages(tx: Db, page: number, pageSize: number) {
  const { total } = await tx
    .selectFrom('outbound_message')
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await tx
    .selectFrom('outbound_message')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('message_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows }
}

/** Messages whose status is not the last one the journal tells, or which are on one side only; of one moment. */
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
        payload ->> 'status' as status
      from journal_entry where kind in ('message.queued', 'message.sent', 'message.failed')
      order by subject_id, payload ->> 'messageId', payload ->> 'status' = 'queued'
    ) j on j.subject_id = m.evaluation_id and j.message_id = m.message_id::text
    where m.status is distinct from j.status limit ${limit}`.execute(db)
  return rows
}

/** Ratings with fewer messages than replies that the writer of messages (a consumer of the ledger) has passed. */
export const passedOver = async (db: Db, consumer: string, limit: number) => {
  const { rows } = await sql<{ evaluation_id: string }>`
    select l.subject_id as evaluation_id from ledger_leaf l
    join journal_entry e on e.subject_id = l.subject_id and e.entry_id = l.entry_id
    where l.position < (select position from consumer_cursor where consumer = ${consumer}) and e.kind = 'case.reply'
    group by l.subject_id
    having count(*) > (select count(distinct j.payload ->> 'messageId') from journal_entry j
      where j.subject_id = l.subject_id and j.kind in ('message.queued', 'message.failed'))
    limit ${limit}`.execute(db)
  return rows
}

export const countMessages = async (db: Db): Promise<number> => {
  const { count } = await db
    .selectFrom('outbound_message')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
