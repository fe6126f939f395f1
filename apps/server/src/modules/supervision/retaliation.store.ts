import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely'
import type { RetaliationReportTable } from '../../platform/tables.supervision.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

export const RETALIATION_STATES = { reported: '待处理', answered: '已答复' } as const
export const RETALIATION_OUTCOMES = {
  confirmed: '情况属实，已处理',
  not_confirmed: '未发现打击报复',
  handed_over: '已移送纪检监察机关',
} as const
export type RetaliationOutcome = keyof typeof RETALIATION_OUTCOMES

/** A report as it is stored. */
export type ReportRow = Omit<Selectable<RetaliationReportTable>, 'state' | 'outcome'> & {
  state: keyof typeof RETALIATION_STATES
  outcome: RetaliationOutcome | null
}

/** Everything that stands in a report's row, as its journal entry has it. */
export const reportFacts = (row: ReportRow): Record<string, JsonValue> => ({
  reportId: row.report_id,
  to: row.state,
  outcome: row.outcome,
  organizationId: row.organization_id,
  organizationPath: row.organization_path,
  regionCode: row.region_code,
  reportedAt: row.reported_at.toISOString(),
  answeredAt: row.answered_at?.toISOString() ?? null,
  answeredBy: row.answered_by,
  version: row.version,
})

/**
 * Lets the rest of the transaction see reports of retaliation, if the role may: the database reads it in its
 * policies, so that a forgotten check gives nothing.
 */
export const hearAs = (tx: Db, role: string) => sql`select set_config('app.role', ${role}, true)`.execute(tx)

/** True when it was not there yet. */
export const insertReport = async (tx: Db, row: ReportRow): Promise<boolean> => {
  const inserted = await tx
    .insertInto('retaliation_report')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Boolean(inserted.numInsertedOrUpdatedRows)
}

export const updateReport = (tx: Db, row: ReportRow) => {
  const { evaluation_id, report_id, ...rest } = row
  return tx
    .updateTable('retaliation_report')
    .set(rest)
    .where('evaluation_id', '=', evaluation_id)
    .where('report_id', '=', report_id)
    .execute()
}

export const lockReport = async (tx: Db, evaluationId: string, reportId: string) =>
  (await tx
    .selectFrom('retaliation_report')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('report_id', '=', reportId)
    .forUpdate()
    .executeTakeFirst()) as ReportRow | undefined

/** The reports about one rating, oldest first. */
export const reportsOf = async (db: Db, evaluationId: string) =>
  (await db
    .selectFrom('retaliation_report')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .orderBy('reported_at')
    .orderBy('report_id')
    .execute()) as ReportRow[]

/** What there are reports about. */
export const reportedOn = async (tx: Db): Promise<string[]> =>
  (await tx.selectFrom('retaliation_report').select('evaluation_id').distinct().execute()).map(
    (row) => row.evaluation_id,
  )

/** The reports, without those about some ratings. */
export async function listReports(
  tx: Db,
  { state, without }: { state: string | undefined; without: readonly string[] },
  page: number,
  pageSize: number,
) {
  let query = tx
    .selectFrom('retaliation_report')
    .where(sql<SqlBool>`evaluation_id <> all(${without}::uuid[])`)
  if (state) query = query.where('state', '=', state)
  const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy(sql`case state when 'reported' then 0 else 1 end`)
    .orderBy('reported_at', 'desc')
    .orderBy('report_id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { total: Number(total), rows: rows as ReportRow[] }
}

/** Sealed texts of a rating's reports: what was said, what was answered. */
export const sealedTexts = async (db: Db, evaluationId: string) => {
  const rows = await db
    .selectFrom('journal_entry as e')
    .innerJoin('entry_text as t', (on) =>
      on.onRef('t.subject_id', '=', 'e.subject_id').onRef('t.entry_id', '=', 'e.entry_id'),
    )
    .select(['e.kind', 'e.payload', 't.content'])
    .where('e.subject_id', '=', evaluationId)
    .where(sql<SqlBool>`e.kind like 'supervision.retaliation%'`)
    .execute()
  return rows as { kind: string; payload: Record<string, JsonValue>; content: Record<string, string> }[]
}

/** Reports beside the last thing the journal says of each. */
export const reportsWithLastEntry = async (db: Db, after: [string, string], limit: number) => {
  const rows = await db
    .selectFrom('retaliation_report as r')
    .selectAll('r')
    .select(
      sql<Record<string, JsonValue> | null>`(select e.payload from journal_entry e
        where e.subject_id = r.evaluation_id and e.kind like 'supervision.retaliation%'
          and e.payload ->> 'reportId' = r.report_id::text
        order by (e.payload ->> 'version')::int desc limit 1)`.as('last'),
    )
    .where(sql<SqlBool>`(r.evaluation_id, r.report_id) > (${after[0]}, ${after[1]})`)
    .orderBy('r.evaluation_id')
    .orderBy('r.report_id')
    .limit(limit)
    .execute()
  return rows.map(({ last, ...row }) => ({ row: row as ReportRow, payload: last }))
}

/** Reports that the journal has and that are not there. */
export const missingReports = async (db: Db, limit: number) => {
  const { rows } = await sql<{ subject_id: string }>`
    select e.subject_id from journal_entry e
    left join retaliation_report r on r.evaluation_id = e.subject_id and r.report_id::text = e.payload ->> 'reportId'
    where e.kind = 'supervision.retaliation_reported' and r.report_id is null limit ${limit}`.execute(db)
  return rows
}
