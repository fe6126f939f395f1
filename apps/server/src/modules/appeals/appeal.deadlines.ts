import { correctClock } from '@haochaping/rules'
import { countByMissingYear } from '../../platform/clock-reach.ts'
import type { App } from '../../platform/context.ts'
import { makeKeeper } from '../../platform/keeper.ts'
import { commonReach, type DeadlineBook, type DeadlineMover } from '../policies/calendar.books.ts'
import { appealsReached } from './appeal.deadlines.store.ts'
import type { AppealMoves } from './appeal.moves.ts'
import { type AppealRow, runningClocks } from './appeal.ts'
import { clocked, lockLast } from './appeals.store.ts'

/**
 * The deadlines of appeals, as the calendar reaches them: of the decision, of the citizen's answer, and of asking for a
 * re-examination. Reads only.
 */
export const makeAppealDeadlines = (app: App): DeadlineBook => ({
  async *running(reach, db) {
    const common = commonReach(reach)
    if (!common) return
    const rows = await appealsReached(db, common)
    yield rows.flatMap((row) =>
      runningClocks(row).map((clock) => ({
        kind: 'appeal' as const,
        evaluationId: row.evaluation_id,
        name: `第 ${row.number} 次申诉`,
        organizationId: row.organization_id,
        clock,
      })),
    )
  },
  async needs() {
    const counts = await countByMissingYear(app.db.system, clocked)
    return counts.map((row) => ({ ...row, of: 'appeals' as const }))
  },
})

/** Moves the deadlines of appeals after a correction, each appeal in a transaction of its own. */
export function makeAppealMover(app: App, moves: AppealMoves): DeadlineMover {
  const { attempt } = makeKeeper<string, AppealRow>(app, { noun: 'appeal', idOf: (id) => id, lock: lockLast })
  return async (reach, calendar) => {
    const count = { moved: 0, failed: 0 }
    const common = commonReach(reach)
    const rows = common ? await appealsReached(app.db.system, common) : []
    const stale = (row: AppealRow) =>
      runningClocks(row).some((clock) => correctClock(clock, calendar) !== clock)
    for (const { evaluation_id: id } of rows.filter(stale)) {
      const done = await attempt(id, async (tx, row) => {
        if (await moves.redate(tx, row, (clock) => correctClock(clock, calendar))) count.moved++
      })
      if (!done) count.failed++
    }
    return count
  }
}
