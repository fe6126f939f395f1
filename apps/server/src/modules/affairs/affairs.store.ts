import type { Kysely, Selectable } from 'kysely'
import type { PartnerKeyTable, Tables, VisitTable } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type VisitRow = Selectable<VisitTable>

/** Writes visits that are not there yet; gives the ids of those written now. */
export async function insertVisits(tx: Db, rows: VisitRow[]): Promise<Set<string>> {
  const inserted = await tx
    .insertInto('visit')
    .values(rows)
    .onConflict((c) => c.columns(['evaluation_id', 'visit_id']).doNothing())
    .returning('visit_id')
    .execute()
  return new Set(inserted.map((row) => row.visit_id))
}

export const digestsOf = (tx: Db, visits: { evaluationId: string; visitId: string }[]) =>
  tx
    .selectFrom('visit')
    .select(['visit_id', 'digest'])
    .where(
      'evaluation_id',
      'in',
      visits.map((v) => v.evaluationId),
    )
    .where(
      'visit_id',
      'in',
      visits.map((v) => v.visitId),
    )
    .execute()

export const visitById = (db: Db, evaluationId: string, visitId: string) =>
  db
    .selectFrom('visit')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('visit_id', '=', visitId)
    .executeTakeFirst()

export const partnerKey = (db: Db, keyId: string) =>
  db
    .selectFrom('partner_key')
    .selectAll()
    .where('key_id', '=', keyId)
    .where('active', '=', true)
    .executeTakeFirst()

/** Remembers a nonce; false when it was used before. */
export async function useNonce(db: Db, keyId: string, nonce: string, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('partner_nonce')
    .values({ key_id: keyId, nonce, seen_at: at })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export const forgetNonces = (db: Db, before: Date) =>
  db.deleteFrom('partner_nonce').where('seen_at', '<', before).execute()

export const insertPartnerKey = (db: Db, row: Omit<Selectable<PartnerKeyTable>, 'active'>) =>
  db
    .insertInto('partner_key')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute()

/** When whoever rated was last served before they did. */
export const lastServed = async (db: Db, evaluationId: string): Promise<Date | null> => {
  const row = await db
    .selectFrom('visit')
    .select('served_at')
    .where('evaluation_id', '=', evaluationId)
    .orderBy('served_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.served_at ?? null
}

/** Which affair each of these evaluations is about. */
export const affairsOf = (db: Db, evaluationIds: string[]) =>
  evaluationIds.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('visit')
        .select(['evaluation_id', 'source', 'affair_number'])
        .distinct()
        .where('evaluation_id', 'in', evaluationIds)
        .execute()

/** Which evaluations the visits of the affairs with these numbers lead to, in whatever business system. */
export const visitsNumbered = (db: Db, affairNumbers: readonly string[]) =>
  affairNumbers.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('visit')
        .select(['evaluation_id', 'source', 'affair_number'])
        .distinct()
        .where('affair_number', 'in', affairNumbers)
        .execute()

/** The last visit of an affair, one for each source that knows this number. */
export const lastVisits = (db: Db, affairNumber: string, source?: string): Promise<VisitRow[]> => {
  let query = db
    .selectFrom('visit')
    .selectAll()
    .distinctOn('source')
    .where('affair_number', '=', affairNumber)
  if (source !== undefined) query = query.where('source', '=', source)
  return query.orderBy('source').orderBy('served_at', 'desc').orderBy('visit_number', 'desc').execute()
}
