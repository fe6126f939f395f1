import { type Kysely, sql } from 'kysely'
import type { MessageTemplateTable } from '../../platform/tables.notifications.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type TemplateRow = MessageTemplateTable

export const newestTemplate = (db: Db, key: string, medium: string): Promise<TemplateRow | undefined> =>
  db
    .selectFrom('message_template')
    .selectAll()
    .where('key', '=', key)
    .where('medium', '=', medium)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

export const allTemplates = (db: Db): Promise<TemplateRow[]> =>
  db.selectFrom('message_template').selectAll().orderBy('version', 'desc').execute()

/** False when somebody else has made this version in the meantime. */
export const insertTemplate = async (tx: Db, row: TemplateRow): Promise<boolean> => {
  const inserted = await tx
    .insertInto('message_template')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

/** Words that are not as the entry of their version says, or which are on one side only; compared where they stand. */
export const disagreeingTemplates = async (db: Db, limit: number) => {
  const { rows } = await sql<{
    key: string
    medium: string
    version: number
    stored: boolean
    told: boolean
  }>`
    select coalesce(m.key, j.key) as key, coalesce(m.medium, j.medium) as medium, coalesce(m.version, j.version) as version,
      m.key is not null as stored, j.key is not null as told
    from message_template m full join (
      select e.payload ->> 'key' as key, e.payload ->> 'medium' as medium, (e.payload ->> 'version')::int as version,
        e.payload ->> 'carrierCode' as carrier_code, coalesce(t.content ->> 'title', '') as title,
        coalesce(t.content ->> 'body', '') as body, e.actor, e.recorded_at
      from journal_entry e left join entry_text t on t.subject_id = e.subject_id and t.entry_id = e.entry_id
      where e.kind = 'message-template.changed') j
      on j.key = m.key and j.medium = m.medium and j.version = m.version
    where m.key is null or j.key is null
      or (m.title, m.body, m.carrier_code, m.changed_by, m.changed_at)
        is distinct from (j.title, j.body, j.carrier_code, j.actor, j.recorded_at)
    order by 1, 2, 3 limit ${limit}`.execute(db)
  return rows
}

export const countTemplates = async (db: Db): Promise<number> => {
  const { count } = await db
    .selectFrom('message_template')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
