import { type Kysely, type Selectable, sql } from 'kysely'
import type { FollowUpTable } from '../../platform/tables.sources.ts'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type FollowUpRow = Selectable<FollowUpTable>

export const followUpOf = (db: Db, evaluationId: string): Promise<FollowUpRow | undefined> =>
  db.selectFrom('follow_up').selectAll().where('evaluation_id', '=', evaluationId).executeTakeFirst()

/** True when it was written now; false when there was one already. */
export async function insertFollowUp(tx: Db, row: FollowUpRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('follow_up')
    .values(row)
    .onConflict((c) => c.column('evaluation_id').doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Follow-ups after one, each beside its journal entry; read by one statement, so that both are of one moment. */
export const followUpsWithEntries = (db: Db, after: string, limit: number) =>
  db
    .selectFrom('follow_up as f')
    .leftJoin('journal_entry as e', (on) =>
      on
        .onRef('e.subject_id', '=', 'f.evaluation_id')
        .onRef('e.entry_id', '=', 'f.entry_id')
        .on('e.kind', '=', 'evaluation.followed_up'),
    )
    .selectAll('f')
    .select('e.payload')
    // Compared where they are stored: a date in the program would not tell microseconds apart.
    .select(sql<boolean>`f.submitted_at is not distinct from e.recorded_at`.as('on_time'))
    .where('f.evaluation_id', '>', after)
    .orderBy('f.evaluation_id')
    .limit(limit)
    .execute()

/** Follow-ups that are in the journal and have no row. */
export const missingFollowUps = (db: Db, limit: number) =>
  db
    .selectFrom('journal_entry')
    .leftJoin('follow_up', 'follow_up.evaluation_id', 'journal_entry.subject_id')
    .select('journal_entry.subject_id')
    .where('journal_entry.kind', '=', 'evaluation.followed_up')
    .where('follow_up.evaluation_id', 'is', null)
    .limit(limit)
    .execute()
