import { type Kysely, type SqlBool, sql } from 'kysely'
import { followedEntries } from '../../platform/passed-over.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import type { CaseRow } from './case.ts'

type Db = Kysely<Tables>

const asCase = (row: object | undefined): CaseRow | undefined => row as CaseRow | undefined
const written = (row: CaseRow) => ({
  ...row,
  clocks: JSON.stringify(row.clocks),
  persons: JSON.stringify(row.persons),
})

/** The key stays out of an update: it is what a row is distributed by. */
const changed = (row: CaseRow) => {
  const { evaluation_id: _key, case_id: _id, ...rest } = written(row)
  return rest
}

export const caseById = async (db: Db, evaluationId: string): Promise<CaseRow | undefined> =>
  asCase(
    await db
      .selectFrom('rectification_case')
      .selectAll()
      .where('evaluation_id', '=', evaluationId)
      .executeTakeFirst(),
  )

/** The case, locked until the transaction ends: whoever comes second sees what the first one made of it. */
export const lockCase = async (tx: Db, evaluationId: string): Promise<CaseRow | undefined> =>
  asCase(
    await tx
      .selectFrom('rectification_case')
      .selectAll()
      .where('evaluation_id', '=', evaluationId)
      .forUpdate()
      .executeTakeFirst(),
  )

/** True when it was not there yet. */
export const insertCase = async (tx: Db, row: CaseRow): Promise<boolean> => {
  const inserted = await tx
    .insertInto('rectification_case')
    .values(written(row))
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

export const updateCase = (tx: Db, row: CaseRow) =>
  tx
    .updateTable('rectification_case')
    .set(changed(row))
    .where('evaluation_id', '=', row.evaluation_id)
    .where('case_id', '=', row.case_id)
    .execute()

export const statesOf = (db: Db, ids: string[]) =>
  db
    .selectFrom('rectification_case')
    .select(['evaluation_id', 'state'])
    .where('evaluation_id', 'in', ids)
    .execute()

/** A place in the list of cases that the clock-keeper goes through. */
export interface ClockPlace {
  at: Date
  id: string
}

/** The next cases the clock-keeper must look at, by when; it looks nowhere else. */
export const alarming = async (
  db: Db,
  now: Date,
  after: ClockPlace | null,
  limit: number,
): Promise<ClockPlace[]> => {
  let query = db
    .selectFrom('rectification_case')
    .select(['next_alarm_at as at', 'evaluation_id as id'])
    .where('next_alarm_at', '<=', now)
  if (after)
    query = query.where(sql<SqlBool>`(next_alarm_at, evaluation_id) > (${after.at}, ${after.id}::uuid)`)
  const rows = await query.orderBy('next_alarm_at').orderBy('evaluation_id').limit(limit).execute()
  return rows as ClockPlace[]
}

/** Cases with a clock that crosses a year whose holidays are not known: those of some years, or all. */
export const provisionalIn = (
  db: Db,
  years: number[],
  after: string,
  limit: number,
): Promise<{ id: string }[]> =>
  db
    .selectFrom('rectification_case')
    .select('evaluation_id as id')
    .where(sql<SqlBool>`missing_years <> '{}' and missing_years && ${years}::int[]`)
    .where('evaluation_id', '>', after)
    .orderBy('evaluation_id')
    .limit(limit)
    .execute()

/** Call-backs of somebody recorded since a moment; before several were told apart they were to everybody. */
export const contactsSince = async (
  db: Db,
  evaluationId: string,
  evaluator: string | null,
  since: Date,
): Promise<number> => {
  const { n } = await db
    .selectFrom('journal_entry')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('subject_id', '=', evaluationId)
    .where('kind', '=', 'case.record_contact')
    .where('recorded_at', '>=', since)
    .where(
      sql<SqlBool>`(${evaluator}::text is null or coalesce(payload ->> 'evaluator', ${evaluator}) = ${evaluator})`,
    )
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** An entry of a case's history, with the texts that belong to it. */
export interface HistoryEntry {
  entry_id: string
  kind: string
  recorded_at: Date
  actor: string
  payload: Record<string, JsonValue>
  content: Record<string, string> | null
  position: number | null
}

// What is of the same moment: first the rating, then the case by its versions, then messages, queued before sent.
const BY_ITS_NATURE = sql`coalesce((e.payload ->> 'version')::int,
  case e.kind when 'evaluation.submitted' then 0 when 'message.queued' then 2147483646 else 2147483647 end)`

/** The journal of one rating's case: its own entries and those of the messages about it. */
export const history = async (db: Db, evaluationId: string): Promise<HistoryEntry[]> => {
  const rows = await db
    .selectFrom('journal_entry as e')
    .leftJoin('entry_text as t', (on) =>
      on.onRef('t.subject_id', '=', 'e.subject_id').onRef('t.entry_id', '=', 'e.entry_id'),
    )
    .leftJoin('ledger_leaf as l', (on) =>
      on.onRef('l.subject_id', '=', 'e.subject_id').onRef('l.entry_id', '=', 'e.entry_id'),
    )
    .select(['e.entry_id', 'e.kind', 'e.recorded_at', 'e.actor', 'e.payload', 't.content', 'l.position'])
    .where('e.subject_id', '=', evaluationId)
    .where(sql<SqlBool>`(e.kind like 'case.%' or e.kind like 'message.%' or e.kind = 'evaluation.submitted')`)
    .orderBy('e.recorded_at')
    .orderBy(BY_ITS_NATURE)
    .orderBy('e.entry_id')
    .execute()
  return rows as HistoryEntry[]
}

/** A case beside the last thing the journal says of it; read by one statement, so that both are of one moment. */
export interface CheckedCase {
  row: CaseRow
  payload: Record<string, JsonValue> | null
}

export const casesWithLastEntry = async (db: Db, after: string, limit: number): Promise<CheckedCase[]> => {
  const rows = await db
    .selectFrom('rectification_case as c')
    .selectAll('c')
    .select(
      sql<Record<
        string,
        JsonValue
      > | null>`(select e.payload from journal_entry e where e.subject_id = c.evaluation_id
        and e.kind like 'case.%' order by (e.payload ->> 'version')::int desc limit 1)`.as('last'),
    )
    .where('c.evaluation_id', '>', after)
    .orderBy('c.evaluation_id')
    .limit(limit)
    .execute()
  return rows.map(({ last, ...row }) => ({ row: row as unknown as CaseRow, payload: last }))
}

/** Whom some ratings and complaints named, and how their authors wished to be called, as the journal has it. */
export async function saidOf(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Said>()
  const rows = await db
    .selectFrom('journal_entry')
    .select(['subject_id', 'payload'])
    .where('subject_id', 'in', ids)
    .where('kind', 'in', ['evaluation.submitted', 'complaint.received'])
    .execute()
  return new Map(rows.map((row) => [row.subject_id, row.payload as Said]))
}
interface Said {
  staffNumber?: string
  realName?: boolean
  doNotContact?: boolean
}

/** Negative ratings and complaints that the opener of cases (a consumer of the ledger) has passed without a case. */
export const passedOver = (db: Db, consumer: string, limit: number) =>
  followedEntries(db, consumer)
    .select('l.subject_id as evaluation_id')
    .where(
      sql<SqlBool>`(e.kind = 'complaint.received' or e.kind = 'evaluation.submitted'
        and (e.payload ->> 'level' in ('1', '2') or e.payload ->> 'hallLevel' in ('1', '2')))`,
    )
    .where(
      sql<SqlBool>`not exists (select 1 from journal_entry o
        where o.subject_id = l.subject_id and o.kind in ('case.opened', 'matter.joined'))`,
    )
    .orderBy('l.position')
    .limit(limit)
    .execute()

/** Cases that were opened by the journal and are not there. */
export const missingCases = (db: Db, limit: number) =>
  db
    .selectFrom('journal_entry')
    .leftJoin('rectification_case', 'rectification_case.evaluation_id', 'journal_entry.subject_id')
    .select('journal_entry.subject_id')
    .where('journal_entry.kind', '=', 'case.opened')
    .where('rectification_case.evaluation_id', 'is', null)
    .limit(limit)
    .execute()
