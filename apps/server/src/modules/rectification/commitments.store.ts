import { type Insertable, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { PageEnd } from '../../platform/cursor.ts'
import type { CommitmentTable } from '../../platform/tables.clocks.ts'
import type { Tables } from '../../platform/tables.ts'
import { type RegisterFilter, readByIndex } from './registers.store.ts'

type Db = Kysely<Tables>

export const COMMITMENT_STATES = ['open', 'kept', 'broken'] as const
export type CommitmentState = (typeof COMMITMENT_STATES)[number]

/** One promise to rectify by a date (R15, Q65), and what became of it by a day. */
export interface CommitmentRow extends Omit<CommitmentTable, 'extensions'> {
  extensions: number
  status: CommitmentState
}

/** Kept: completed by the promised day; broken: later, or not yet though it has passed. `today` is of Asia/Shanghai. */
const status = (today: string): RawBuilder<CommitmentState> => sql<CommitmentState>`case
  when (completed_at at time zone 'Asia/Shanghai')::date <= promised_on then 'kept'
  when completed_at is not null or ${today}::date > promised_on then 'broken'
  else 'open' end`

const promises = (tx: Db, f: RegisterFilter) => {
  let query = tx.selectFrom('commitment').where('promised_at', '>=', f.from).where('promised_at', '<', f.to)
  if (f.organizationPath)
    query = query.where(sql<SqlBool>`starts_with(organization_path, ${f.organizationPath})`)
  return f.region ? query.where('region_code', '=', f.region) : query
}

const done = sql<boolean>`(completed_at is not null)`

/** Where the line of a promise ends a page: what `commitmentRows` goes on after. */
export const endOfCommitment = (row: CommitmentRow): PageEnd => ({
  at: new Date(`${row.promised_on}T00:00:00Z`),
  id: row.entry_id,
  number: row.completed_at === null ? 0 : 1,
})

/** The commitment register, what is due first at its head: what is not done yet before what is, each by its promised day. */
export async function commitmentRows(
  tx: Db,
  f: RegisterFilter,
  today: string,
  narrowed: { status?: CommitmentState | undefined; extended?: boolean | undefined },
  after: PageEnd | null,
  limit: number,
): Promise<CommitmentRow[]> {
  await readByIndex(tx)
  let query = promises(tx, f)
  if (narrowed.status) query = query.where(status(today), '=', narrowed.status)
  if (narrowed.extended) query = query.where('extensions', '>', 0)
  if (after)
    query = query.where(
      sql<SqlBool>`(${done}, promised_on, entry_id)
        > (${after.number > 0}, ${after.at.toISOString().slice(0, 10)}::date, ${after.id}::uuid)`,
    )
  return query
    .selectAll()
    .select(status(today).as('status'))
    .orderBy(done)
    .orderBy('promised_on')
    .orderBy('entry_id')
    .limit(limit)
    .execute()
}

/** How many promises were kept, broken, extended, or run still. */
export async function commitmentSums(tx: Db, f: RegisterFilter, today: string) {
  const of = (state: CommitmentState) => sql<number>`count(*) filter (where ${status(today)} = ${state})`
  const row = await promises(tx, f)
    .select([
      sql<number>`count(*)`.as('total'),
      of('open').as('open'),
      of('kept').as('kept'),
      of('broken').as('broken'),
      sql<number>`count(*) filter (where extensions > 0)`.as('extended'),
    ])
    .executeTakeFirstOrThrow()
  return {
    total: Number(row.total),
    open: Number(row.open),
    kept: Number(row.kept),
    broken: Number(row.broken),
    extended: Number(row.extended),
  }
}

/** A promise that was made; one that is there already stays. */
export const insertCommitment = (tx: Db, row: Insertable<CommitmentTable>) =>
  tx
    .insertInto('commitment')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()

const lastOf = (tx: Db, evaluationId: string, round: number) =>
  tx
    .updateTable('commitment')
    .where('evaluation_id', '=', evaluationId)
    .where('round', '=', round)
    .where(
      sql<SqlBool>`version = (select max(version) from commitment l
        where l.evaluation_id = ${evaluationId}::uuid and l.round = ${round})`,
    )

/** The last promise of a round gets a later day. */
export const extendCommitment = (tx: Db, evaluationId: string, round: number, promisedOn: string) =>
  lastOf(tx, evaluationId, round).set({ promised_on: promisedOn, extensions: sql`extensions + 1` }).execute()

/** The last promise of a round is done; the first time counts. */
export const completeCommitment = (tx: Db, evaluationId: string, round: number, at: Date) =>
  lastOf(tx, evaluationId, round).where('completed_at', 'is', null).set({ completed_at: at }).execute()

export const clearCommitments = (tx: Db) => tx.deleteFrom('commitment').execute()

/** Promises that the journal, as far as it was followed, tells otherwise than their row, and how many rows there are. */
export async function differingCommitments(db: Db, consumer: string, limit: number) {
  const { rows } = await sql<{ evaluation_id: string }>`
    with followed as (
      select e.* from consumer_cursor k join ledger_leaf l on l.position < k.position
        join journal_entry e on e.subject_id = l.subject_id and e.entry_id = l.entry_id
      where k.consumer = ${consumer} and e.kind in ('case.promise', 'case.approve_extension', 'case.complete')
    ), told as (
      select p.subject_id, p.entry_id, p.payload, p.recorded_at,
        coalesce(r.promised_now, p.payload ->> 'promisedOn') as promised_on, r.extensions, r.completed_at
      from followed p cross join lateral (
        select count(*) filter (where e.kind = 'case.approve_extension') as extensions,
          min(e.recorded_at) filter (where e.kind = 'case.complete') as completed_at,
          (array_agg(e.payload ->> 'promisedOn' order by (e.payload ->> 'version')::int desc)
            filter (where e.kind = 'case.approve_extension'))[1] as promised_now
        from followed e
        where e.subject_id = p.subject_id and e.payload ->> 'round' = p.payload ->> 'round'
          and (e.payload ->> 'version')::int > (p.payload ->> 'version')::int
          and (e.payload ->> 'version')::int < coalesce((select min((n.payload ->> 'version')::int) from followed n
            where n.subject_id = p.subject_id and n.kind = 'case.promise'
              and n.payload ->> 'round' = p.payload ->> 'round'
              and (n.payload ->> 'version')::int > (p.payload ->> 'version')::int), 2147483647)
      ) r
      where p.kind = 'case.promise'
    )
    select coalesce(t.subject_id, c.evaluation_id) as evaluation_id from told t
    full join commitment c on c.evaluation_id = t.subject_id and c.entry_id = t.entry_id
    where t.entry_id is null or c.entry_id is null
      or (c.version, c.round, c.case_number, c.item_code, c.staff_number, c.organization_id, c.organization_path,
        c.region_code, c.promised_at, c.promised_first::text, c.promised_on::text, c.extensions, c.completed_at)
      is distinct from ((t.payload ->> 'version')::int, (t.payload ->> 'round')::int, t.payload ->> 'caseNumber',
        t.payload ->> 'itemCode', t.payload ->> 'staffNumber', t.payload ->> 'organizationId',
        t.payload ->> 'organizationPath', t.payload ->> 'regionCode', t.recorded_at, t.payload ->> 'promisedOn',
        t.promised_on, t.extensions::int, t.completed_at)
    order by 1 limit ${limit}`.execute(db)
  return rows
}

/** How many promises there are. */
export const countCommitments = async (db: Db): Promise<number> =>
  Number(
    (
      await db
        .selectFrom('commitment')
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

/** Plan and owner of promises, by the id of their entry. */
export const promiseTexts = async (tx: Db, rows: Pick<CommitmentRow, 'evaluation_id' | 'entry_id'>[]) => {
  if (rows.length === 0) return new Map<string, Record<string, string>>()
  const found = await tx
    .selectFrom('entry_text')
    .select(['entry_id', 'content'])
    .where(
      'subject_id',
      'in',
      rows.map((row) => row.evaluation_id),
    )
    .where(
      'entry_id',
      'in',
      rows.map((row) => row.entry_id),
    )
    .execute()
  return new Map(found.map((row) => [row.entry_id, row.content as Record<string, string>]))
}
