import { type Kysely, type SqlBool, sql } from 'kysely'
import { jsonbs, uuids } from '../../platform/pg-arrays.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { SealedEntry } from '../ledger/consumers.ts'
import { type Cell, COUNTS, type CountName, type Counts } from './counts.ts'
import { type Memory, SUBJECT } from './memory.ts'

type Db = Kysely<Tables>

/** Who and what was rated is nearly always who and what was visited, and then is kept once. */
function kept(memory: Memory): object {
  const { chance, rating } = memory
  if (!chance || !rating || !SUBJECT.every((name) => rating[name] === chance[name])) return memory
  const { day, channel, level, hallLevel, realName } = rating
  return { ...memory, rating: { day, channel, level, hallLevel, realName } }
}

/** A memory as it was before it was kept. */
function remembered(row: JsonValue): Memory {
  const memory = row as unknown as Memory
  const { chance, rating } = memory
  if (!chance || !rating || 'organizationId' in rating) return memory
  return { ...memory, rating: Object.assign({}, chance, rating) }
}

/** What is remembered of these evaluations; locked, as only one runner moves the figures. */
export async function memories(tx: Db, ids: string[]): Promise<Map<string, Memory>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ evaluation_id: string; remembered: JsonValue }>`/* prepare memories */
    select evaluation_id, remembered from statistic_evaluation
    where evaluation_id = any(${uuids(ids)}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.evaluation_id, remembered(row.remembered)]))
}

export const saveMemories = async (tx: Db, known: Map<string, Memory>) => {
  if (known.size === 0) return
  const memories = [...known.values()].map((memory) => JSON.stringify(kept(memory)))
  await sql`/* prepare saveMemories */
    insert into statistic_evaluation (evaluation_id, remembered)
    select * from unnest(${uuids([...known.keys()])}::uuid[], ${jsonbs(memories)}::jsonb[])
    on conflict (evaluation_id) do update set remembered = excluded.remembered`.execute(tx)
}

const countColumns = sql.join(COUNTS.map((name) => sql.ref(name)))

/** Adds to the figures, making the rows that are not there yet. */
export const addDeltas = async (tx: Db, deltas: { cell: Cell; counts: Counts }[]) => {
  if (deltas.length === 0) return
  const rows = deltas.map(({ cell, counts }) => ({
    day: cell.day,
    organization_id: cell.organizationId,
    organization_path: cell.organizationPath,
    region_code: cell.regionCode,
    item_code: cell.itemCode,
    hall_code: cell.hallCode,
    window_code: cell.windowCode,
    staff_number: cell.staffNumber,
    channel: cell.channel,
    ...counts,
  }))
  const keys = sql`day, organization_id, organization_path, region_code, item_code, hall_code, window_code, staff_number, channel`
  const sums = sql.join(
    COUNTS.map((name) => sql`${sql.ref(name)} = d.${sql.ref(name)} + excluded.${sql.ref(name)}`),
  )
  await sql`insert into statistic_daily as d (${keys}, ${countColumns})
    select ${keys}, ${countColumns} from jsonb_populate_recordset(null::statistic_daily, ${JSON.stringify(rows)}::jsonb)
    on conflict (${keys}) do update set ${sums}`.execute(tx)
  const taken = rows.filter((row) => COUNTS.every((name) => row[name] <= 0))
  if (taken.length > 0) await dropEmptied(tx, taken)
}

/** A decision may move a rating to another cell; the one it left is not kept with nothing in it. */
const dropEmptied = (tx: Db, rows: object[]) => {
  const empty = sql.join(
    COUNTS.map((name) => sql`d.${sql.ref(name)} = 0`),
    sql` and `,
  )
  return sql`delete from statistic_daily d
    using jsonb_populate_recordset(null::statistic_daily, ${JSON.stringify(rows)}::jsonb) r
    where d.day = r.day and d.organization_id = r.organization_id and d.organization_path = r.organization_path
      and d.region_code = r.region_code and d.item_code = r.item_code and d.hall_code = r.hall_code
      and d.window_code = r.window_code and d.staff_number = r.staff_number and d.channel = r.channel
      and ${empty}`.execute(tx)
}

export const setState = (tx: Db, position: number, as_of: Date) =>
  tx
    .insertInto('statistic_state')
    .values({ position, as_of })
    .onConflict((c) => c.column('singleton').doUpdateSet({ position, as_of }))
    .execute()

export const state = (db: Db) =>
  db.selectFrom('statistic_state').select(['position', 'as_of']).executeTakeFirst()

export async function forgetAll(tx: Db): Promise<void> {
  await tx.deleteFrom('statistic_daily').execute()
  await tx.deleteFrom('statistic_evaluation').execute()
  await tx.deleteFrom('statistic_state').execute()
}

/** Which figures are wanted; days inclusive, left out for all there are. */
export interface FigureFilter {
  path: string
  from?: string | undefined
  to?: string | undefined
  hall?: string | undefined
  window?: string | undefined
  item?: string | undefined
  staff?: string | undefined
}

export type Dimension =
  | 'day'
  | 'organization_id'
  | 'hall_code'
  | 'window_code'
  | 'staff_number'
  | 'item_code'
  | 'channel'

/** The sums of all counts, one for each value of the dimension that has any. */
export async function sums(db: Db, filter: FigureFilter, by: Dimension): Promise<Map<string, Counts>> {
  let query = db
    .selectFrom('statistic_daily')
    .select(sql<string>`${sql.ref(by)}::text`.as('of'))
    .select(COUNTS.map((name) => sql<number>`sum(${sql.ref(name)})`.as(name)))
    .where(sql<SqlBool>`starts_with(organization_path, ${filter.path})`)
    .groupBy(by)
  if (filter.from) query = query.where('day', '>=', filter.from)
  if (filter.to) query = query.where('day', '<=', filter.to)
  if (filter.hall) query = query.where('hall_code', '=', filter.hall)
  if (filter.window) query = query.where('window_code', '=', filter.window)
  if (filter.item) query = query.where('item_code', '=', filter.item)
  if (filter.staff) query = query.where('staff_number', '=', filter.staff)
  const rows = await query.execute()
  return new Map(
    rows.map(({ of, ...counts }) => [
      of,
      Object.fromEntries(COUNTS.map((name: CountName) => [name, Number(counts[name])])) as Counts,
    ]),
  )
}

/** How far a consumer has followed the ledger. */
export const followedTo = async (db: Db, consumer: string): Promise<number> => {
  const row = await db
    .selectFrom('consumer_cursor')
    .select('position')
    .where('consumer', '=', consumer)
    .executeTakeFirst()
  return row?.position ?? 0
}

/** The entries before a position of the next so many subjects, each subject's in the order of the ledger. */
export async function entriesOfSubjects(
  db: Db,
  after: string,
  position: number,
  limit: number,
): Promise<SealedEntry[]> {
  const rows = await db
    .selectFrom('ledger_leaf as l')
    .innerJoin('journal_entry as e', (on) =>
      on.onRef('e.subject_id', '=', 'l.subject_id').onRef('e.entry_id', '=', 'l.entry_id'),
    )
    .select(['l.position', 'e.subject_id', 'e.entry_id', 'e.kind', 'e.recorded_at', 'e.actor', 'e.payload'])
    .where('l.position', '<', position)
    .where('l.subject_id', 'in', (q) =>
      q
        .selectFrom('ledger_leaf')
        .select('subject_id')
        .distinct()
        .where('subject_id', '>', after)
        .where('position', '<', position)
        .orderBy('subject_id')
        .limit(limit),
    )
    .where(
      sql<SqlBool>`(e.kind in ('visit.reported', 'evaluation.submitted', 'evaluation.followed_up', 'complaint.received') or e.kind like 'case.%' or e.kind like 'appeal.%')`,
    )
    .orderBy('l.subject_id')
    .orderBy('l.position')
    .execute()
  return rows.map((row) => ({
    position: row.position,
    subjectId: row.subject_id,
    entryId: row.entry_id,
    kind: row.kind,
    recordedAt: row.recorded_at,
    actor: row.actor,
    payload: row.payload as SealedEntry['payload'],
  }))
}

/** The days that have figures, and how many cells there are. */
export async function extent(db: Db): Promise<{ days: string[]; cells: number }> {
  const rows = await db
    .selectFrom('statistic_daily')
    .select((e) => ['day', e.fn.countAll<number>().as('cells')])
    .groupBy('day')
    .orderBy('day')
    .execute()
  return { days: rows.map((row) => row.day), cells: rows.reduce((n, row) => n + Number(row.cells), 0) }
}

/** The cells of one day. */
export async function cellsOf(db: Db, day: string): Promise<{ cell: Cell; counts: Counts }[]> {
  const rows = await db.selectFrom('statistic_daily').selectAll().where('day', '=', day).execute()
  return rows.map((row) => ({
    cell: {
      day: row.day,
      organizationId: row.organization_id,
      organizationPath: row.organization_path,
      regionCode: row.region_code,
      itemCode: row.item_code,
      hallCode: row.hall_code,
      windowCode: row.window_code,
      staffNumber: row.staff_number,
      channel: row.channel,
    },
    counts: row,
  }))
}
