import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

export async function expiriesOf(
  db: Db,
  visits: { evaluation_id: string; visit_id: string }[],
): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('invitation')
    .select(['visit_id', 'expires_at'])
    .where(
      'evaluation_id',
      'in',
      visits.map((v) => v.evaluation_id),
    )
    .where(
      'visit_id',
      'in',
      visits.map((v) => v.visit_id),
    )
    .execute()
  return new Map(rows.map((row) => [row.visit_id, row.expires_at]))
}

export const latestOpenAtWindow = (db: Db, windowCode: string, since: Date, now: Date) =>
  db
    .selectFrom('visit')
    .innerJoin('invitation', (on) =>
      on
        .onRef('invitation.evaluation_id', '=', 'visit.evaluation_id')
        .onRef('invitation.visit_id', '=', 'visit.visit_id'),
    )
    .leftJoin('evaluation', 'evaluation.evaluation_id', 'visit.evaluation_id')
    .select(['visit.evaluation_id', 'visit.visit_id'])
    .where('visit.window_code', '=', windowCode)
    .where('visit.served_at', '>=', since)
    .where('invitation.expires_at', '>', now)
    .where('evaluation.evaluation_id', 'is', null)
    .orderBy('visit.served_at', 'desc')
    .executeTakeFirst()

export const insertInvitations = (
  tx: Db,
  rows: { evaluation_id: string; secret_hash: Buffer; visit_id: string; issued_at: Date; expires_at: Date }[],
) =>
  tx
    .insertInto('invitation')
    .values(rows)
    .onConflict((c) => c.doNothing())
    .execute()
