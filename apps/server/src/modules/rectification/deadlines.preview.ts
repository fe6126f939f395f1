import { recomputeClock, type WorkCalendar } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { type CaseClock, runningClocks } from './case.ts'
import * as store from './deadlines.store.ts'

/** A deadline of a running case that another calendar would move. */
export interface DeadlineMove {
  evaluationId: string
  caseNumber: string
  organizationId: string
  /** the clock's name, '核实与立行立改时限' */
  label: string
  from: string
  to: string
}

const BATCH = 500
const FIRST = '00000000-0000-0000-0000-000000000000'

/** What a calendar would do to the running cases, without doing it. Reads only. */
export function makeDeadlines(app: App) {
  const db = app.db.system
  return {
    /**
     * The deadlines that move once a year is known, soonest first: those that crossed it while it was not, as
     * `recompute provisional deadlines` will find them. One that was certain stays as it was told to everybody.
     * @param listed how many to name; all are counted
     */
    async moves(calendar: WorkCalendar, year: number, listed: number) {
      const moves: DeadlineMove[] = []
      let settled = 0
      for (let after = FIRST; ; ) {
        const rows = await store.provisionalCases(db, [year], after, BATCH)
        for (const row of rows) {
          const clocks = row.clocks as unknown as CaseClock[]
          for (const clock of runningClocks({ clocks })) {
            const moved = recomputeClock(clock, calendar)
            if (clock.provisional && !moved.provisional) settled++
            if (moved.dueAt === null || clock.dueAt === null || moved.dueAt === clock.dueAt) continue
            moves.push({
              evaluationId: row.evaluation_id,
              caseNumber: row.case_number,
              organizationId: row.organization_id,
              ...{ label: clock.label, from: clock.dueAt, to: moved.dueAt },
            })
          }
        }
        if (rows.length < BATCH) break
        after = rows.at(-1)!.evaluation_id
      }
      moves.sort((a, b) => a.to.localeCompare(b.to) || a.caseNumber.localeCompare(b.caseNumber))
      return { moved: moves.length, settled, items: moves.slice(0, listed) }
    },
    /** How many running cases wait for each year whose holidays are not known. */
    async missingYears(): Promise<Map<number, number>> {
      return new Map((await store.countByMissingYear(db)).map(({ year, cases }) => [year, cases]))
    },
  }
}
export type Deadlines = ReturnType<typeof makeDeadlines>
