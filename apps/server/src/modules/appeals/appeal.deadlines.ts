import { correctClock } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { type DeadlineBook, type DeadlineMover, momentsOf } from '../policies/calendar.books.ts'
import * as store from './appeal.deadlines.store.ts'
import type { AppealMoves } from './appeal.moves.ts'
import { awaitsDecision } from './appeal.ts'
import { lockLast } from './appeals.store.ts'

/** The deadlines of appeals that wait for a decision, as the calendar reaches them. Reads only. */
export const makeAppealDeadlines = (app: App): DeadlineBook => ({
  async *running({ years, days }) {
    const rows = await store.appealsReached(app.db.system, years, days && momentsOf(days))
    yield rows.map((row) => ({
      kind: 'appeal',
      evaluationId: row.evaluation_id,
      name: `第 ${row.number} 次申诉`,
      organizationId: row.organization_id,
      clock: row.clock,
    }))
  },
  async needs() {
    return (await store.countByMissingYear(app.db.system)).map((row) => ({ ...row, of: 'appeals' as const }))
  },
})

/** Moves the deadlines of appeals after a correction, each in a transaction of its own. */
export const makeAppealMover =
  (app: App, moves: AppealMoves): DeadlineMover =>
  async ({ years, days }, calendar) => {
    const count = { moved: 0, failed: 0 }
    const rows = await store.appealsReached(app.db.system, years, days && momentsOf(days))
    for (const { evaluation_id: id } of rows.filter((row) => correctClock(row.clock, calendar) !== row.clock))
      try {
        await app.db.system.transaction().execute(async (tx) => {
          const row = await lockLast(tx, id)
          if (!row || !awaitsDecision(row)) return
          const corrected = correctClock(row.clock, calendar)
          if (corrected === row.clock) return
          await moves.redateTo(tx, row, corrected)
          count.moved++
        })
      } catch (error) {
        count.failed++
        app.log.error({ err: error, appeal: id }, 'the deadline of an appeal could not be corrected')
      }
    return count
  }
