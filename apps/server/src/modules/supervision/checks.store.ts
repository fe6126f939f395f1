import { type Kysely, type SqlBool, sql } from 'kysely'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { CheckRow, ItemRow } from './check.ts'

type Db = Kysely<Tables>

const written = (row: CheckRow) => ({ ...row, filter: JSON.stringify(row.filter) })
const asCheck = (row: object | undefined) => row as CheckRow | undefined

export const insertCheck = (tx: Db, row: CheckRow) =>
  tx.insertInto('spot_check').values(written(row)).execute()

export const updateCheck = (tx: Db, row: CheckRow) => {
  const { check_id, ...rest } = written(row)
  return tx.updateTable('spot_check').set(rest).where('check_id', '=', check_id).execute()
}

export const checkById = async (db: Db, checkId: string) =>
  asCheck(await db.selectFrom('spot_check').selectAll().where('check_id', '=', checkId).executeTakeFirst())

/** A round, locked until the transaction ends. */
export const lockCheck = async (tx: Db, checkId: string) =>
  asCheck(
    await tx
      .selectFrom('spot_check')
      .selectAll()
      .where('check_id', '=', checkId)
      .forUpdate()
      .executeTakeFirst(),
  )

export async function listChecks(tx: Db, page: number, pageSize: number) {
  const { total } = await tx
    .selectFrom('spot_check')
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await tx
    .selectFrom('spot_check')
    .selectAll()
    .orderBy('planned_at', 'desc')
    .orderBy('check_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows: rows as unknown as CheckRow[] }
}

/** How far rounds are: cases, those with a finding, those where something was found. */
export const progressOf = async (tx: Db, checkIds: string[]) => {
  if (checkIds.length === 0) return new Map<string, { items: number; done: number; wrong: number }>()
  const rows = await tx
    .selectFrom('spot_check_item')
    .select([
      'check_id',
      sql<number>`count(*)`.as('items'),
      sql<number>`count(finding)`.as('done'),
      sql<number>`count(*) filter (where finding <> 'none')`.as('wrong'),
    ])
    .where('check_id', 'in', checkIds)
    .groupBy('check_id')
    .execute()
  return new Map(
    rows.map((row) => [
      row.check_id,
      { items: Number(row.items), done: Number(row.done), wrong: Number(row.wrong) },
    ]),
  )
}

export const insertPopulation = (tx: Db, checkId: string, ids: string[]) =>
  tx.insertInto('spot_check_population').values({ check_id: checkId, ids }).execute()

export const populationIds = async (db: Db, checkId: string): Promise<string[]> =>
  (
    await db
      .selectFrom('spot_check_population')
      .select('ids')
      .where('check_id', '=', checkId)
      .executeTakeFirst()
  )?.ids ?? []

export const insertItems = (tx: Db, rows: ItemRow[]) =>
  tx.insertInto('spot_check_item').values(rows).execute()

export const updateItem = (tx: Db, row: ItemRow) => {
  const { evaluation_id, check_id, ...rest } = row
  return tx
    .updateTable('spot_check_item')
    .set(rest)
    .where('evaluation_id', '=', evaluation_id)
    .where('check_id', '=', check_id)
    .execute()
}

export const itemsOf = async (db: Db, checkId: string) =>
  (await db
    .selectFrom('spot_check_item')
    .selectAll()
    .where('check_id', '=', checkId)
    .orderBy('place')
    .execute()) as ItemRow[]

export const itemOf = async (db: Db, checkId: string, evaluationId: string) =>
  (await db
    .selectFrom('spot_check_item')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('check_id', '=', checkId)
    .executeTakeFirst()) as ItemRow | undefined

/** The same, locked until the transaction ends. */
export const lockItem = async (tx: Db, checkId: string, evaluationId: string) =>
  (await tx
    .selectFrom('spot_check_item')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('check_id', '=', checkId)
    .forUpdate()
    .executeTakeFirst()) as ItemRow | undefined

/** What spot checks found in one case. */
export const foundIn = async (db: Db, evaluationId: string) =>
  (await db
    .selectFrom('spot_check_item')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('finding', 'is not', null)
    .orderBy('found_at')
    .execute()) as ItemRow[]

/** The texts and evidence of a round's findings, by case. */
export const findingEntries = async (db: Db, ids: string[], checkId: string) => {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('journal_entry as e')
    .leftJoin('entry_text as t', (on) =>
      on.onRef('t.subject_id', '=', 'e.subject_id').onRef('t.entry_id', '=', 'e.entry_id'),
    )
    .select(['e.subject_id', 'e.payload', 't.content'])
    .where('e.subject_id', 'in', ids)
    .where('e.kind', '=', 'supervision.item_found')
    .where(sql<SqlBool>`e.payload ->> 'checkId' = ${checkId}`)
    .execute()
  return rows as {
    subject_id: string
    payload: Record<string, JsonValue>
    content: Record<string, string> | null
  }[]
}

/** Rounds beside the last thing the journal says of each, and the cases it says were drawn. */
export const checksWithLastEntry = async (db: Db, after: string, limit: number) => {
  const rows = await db
    .selectFrom('spot_check as c')
    .selectAll('c')
    .select([
      sql<Record<string, JsonValue> | null>`(select e.payload from journal_entry e
        where e.subject_id = c.check_id and e.kind like 'supervision.check_%'
        order by (e.payload ->> 'version')::int desc limit 1)`.as('last'),
      sql<string[] | null>`(select e.payload -> 'drawn' from journal_entry e
        where e.subject_id = c.check_id and e.kind = 'supervision.check_drawn' limit 1)`.as('drawn'),
    ])
    .where('c.check_id', '>', after)
    .orderBy('c.check_id')
    .limit(limit)
    .execute()
  return rows.map(({ last, drawn, ...row }) => ({ row: row as unknown as CheckRow, payload: last, drawn }))
}

/** The cases of a round beside the last thing the journal says of each; nothing while only the draw does. */
export const itemsWithLastEntry = async (db: Db, checkId: string) => {
  const rows = await db
    .selectFrom('spot_check_item as i')
    .selectAll('i')
    .select(
      sql<Record<string, JsonValue> | null>`(select e.payload from journal_entry e
        where e.subject_id = i.evaluation_id and e.kind like 'supervision.item_%'
          and e.payload ->> 'checkId' = i.check_id::text
        order by (e.payload ->> 'version')::int desc limit 1)`.as('last'),
    )
    .where('i.check_id', '=', checkId)
    .orderBy('i.place')
    .execute()
  return rows.map(({ last, ...row }) => ({ row: row as ItemRow, payload: last }))
}

/** Rounds that the journal drew and that are not there. */
export const missingChecks = (db: Db, limit: number) =>
  db
    .selectFrom('journal_entry as e')
    .leftJoin('spot_check as c', 'c.check_id', 'e.subject_id')
    .select('e.subject_id')
    .where('e.kind', '=', 'supervision.check_planned')
    .where('c.check_id', 'is', null)
    .limit(limit)
    .execute()
