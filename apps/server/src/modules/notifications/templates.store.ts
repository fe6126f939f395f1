import type { Kysely } from 'kysely'
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
