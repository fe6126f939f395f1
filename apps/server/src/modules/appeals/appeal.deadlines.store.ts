import type { Kysely } from 'kysely'
import { type ClockReach, clocksReached } from '../../platform/clock-reach.ts'
import type { Tables } from '../../platform/tables.ts'
import type { AppealRow } from './appeal.ts'
import { clocked } from './appeals.store.ts'

/** Appeals with a running clock, of the decision or of a side's days, that these years or moments have a part in. */
export const appealsReached = async (db: Kysely<Tables>, reach: ClockReach): Promise<AppealRow[]> =>
  (await db
    .selectFrom('appeal')
    .selectAll()
    .where(clocked.where)
    .where(clocksReached(clocked, reach))
    .orderBy('due_at')
    .orderBy('evaluation_id')
    .execute()) as unknown as AppealRow[]
