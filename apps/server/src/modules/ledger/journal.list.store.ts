import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

/** What the journal may be narrowed by. */
export interface JournalFilter {
  kind?: string | undefined
  /** whose entries: ratings, complaints, or whatever else has a history */
  subjects?: readonly string[] | undefined
  /** one actor, or all of a sort: 'citizen', 'account' */
  actor?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/** Sealed entries that fit, in no order: the ledger's own is the one that has an index. */
const sealed = (db: Db, f: JournalFilter) => {
  let query = db
    .selectFrom('ledger_leaf as l')
    .innerJoin('journal_entry as e', (on) =>
      on.onRef('e.subject_id', '=', 'l.subject_id').onRef('e.entry_id', '=', 'l.entry_id'),
    )
    // Reports of retaliation are the city authority's alone to know of (P6); the log proves them all the same.
    .where('e.kind', 'not like', 'supervision.retaliation%')
  if (f.kind) query = query.where('e.kind', '=', f.kind)
  if (f.subjects) query = query.where('e.subject_id', 'in', [...f.subjects])
  if (f.actor)
    query = query.where(sql<SqlBool>`(e.actor = ${f.actor} or starts_with(e.actor, ${`${f.actor}:`}))`)
  if (f.from) query = query.where('e.recorded_at', '>=', f.from)
  if (f.to) query = query.where('e.recorded_at', '<', f.to)
  return query
}

/** Sealed entries, the newest first, from below a position on. */
export const sealedBelow = (db: Db, f: JournalFilter, position: number | undefined, limit: number) => {
  const query = sealed(db, f).select([
    'l.position',
    'e.subject_id',
    'e.entry_id',
    'e.kind',
    'e.recorded_at',
    'e.actor',
  ])
  return (position === undefined ? query : query.where('l.position', '<', position))
    .orderBy('l.position', 'desc')
    .limit(limit)
    .execute()
}

/** Where the page begins that ends just above a position; null when that is the first page. */
export const pageAbove = async (db: Db, f: JournalFilter, position: number, pageSize: number) => {
  const before = await sealed(db, f)
    .select('l.position')
    .where('l.position', '>=', position)
    .orderBy('l.position')
    .offset(pageSize)
    .limit(1)
    .executeTakeFirst()
  return before?.position ?? null
}

/** How many entries have no place in the ledger yet. */
export const waiting = async (db: Db): Promise<number> => {
  const { count } = await db
    .selectFrom('journal_pending')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
