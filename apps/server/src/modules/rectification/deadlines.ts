import { correctClock, type WorkCalendar } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { makeKeeper } from '../../platform/keeper.ts'
import { FIRST_ID } from '../../platform/pages.ts'
import type { Tables } from '../../platform/tables.ts'
import { type DeadlineBook, type DeadlineMover, momentsOf, type Reach } from '../policies/calendar.books.ts'
import type { CaseClocks } from './case.clock.ts'
import type { CaseMoves } from './case.moves.ts'
import { type CaseClock, type CaseRow, runningClocks } from './case.ts'
import * as store from './deadlines.store.ts'
import { lockCase } from './rectification.store.ts'

const BATCH = 500

type Db = Kysely<Tables>
type Row = Awaited<ReturnType<typeof store.casesOver>>[number]

/** The deadlines of running cases, as the calendar reaches them. Reads only. */
export function makeCaseDeadlines(app: App): DeadlineBook & {
  /** the cases themselves, each once */
  cases(reach: Reach, db: Db): AsyncGenerator<Row[]>
} {
  async function* pages(next: (after: string) => Promise<Row[]>): AsyncGenerator<Row[]> {
    for (let after = FIRST_ID; ; ) {
      const rows = await next(after)
      if (rows.length > 0) yield rows
      if (rows.length < BATCH) return
      after = rows.at(-1)!.evaluation_id
    }
  }

  async function* cases({ years, days, halls }: Reach, db: Db) {
    const seen = new Set<string>()
    if (years.length > 0)
      for await (const rows of pages((after) => store.provisionalCases(db, years, after, BATCH))) {
        for (const row of rows) seen.add(row.evaluation_id)
        yield rows
      }
    const moments = momentsOf(days)
    if (moments === null) return
    for await (const rows of pages((after) => store.casesOver(db, { moments, halls }, after, BATCH)))
      yield rows.filter((row) => !seen.has(row.evaluation_id))
  }

  return {
    cases,
    async *running(reach, db) {
      for await (const rows of cases(reach, db))
        yield rows.flatMap((row) =>
          runningClocks({ clocks: row.clocks as unknown as CaseClock[] }).map((clock) => ({
            kind: 'case' as const,
            evaluationId: row.evaluation_id,
            name: row.case_number,
            organizationId: row.organization_id,
            clock,
          })),
        )
    },
    async needs() {
      const db = app.db.system
      const [cases, promises] = [await store.countByMissingYear(db), await store.countByPromisedYear(db)]
      return [
        ...cases.map((row) => ({ ...row, of: 'cases' as const })),
        ...promises.map((row) => ({ ...row, of: 'commitments' as const })),
      ]
    },
  }
}

/** Moves the deadlines of running cases after a correction, each case in a transaction of its own. */
export function makeCaseMover(
  app: App,
  { clocks, moves }: { clocks: CaseClocks; moves: CaseMoves },
): DeadlineMover {
  const book = makeCaseDeadlines(app)
  const { attempt } = makeKeeper<string, CaseRow>(app, { noun: 'case', idOf: (id) => id, lock: lockCase })
  const stale = (row: Row, calendar: WorkCalendar) =>
    (row.clocks as unknown as CaseClock[]).some((clock) => correctClock(clock, calendar) !== clock)

  return async (reach, calendar) => {
    const count = { moved: 0, failed: 0 }
    for await (const rows of book.cases(reach, app.db.system))
      for (const { evaluation_id: id } of rows.filter((row) => stale(row, calendar))) {
        const done = await attempt(id, async (tx, row) => {
          const redated = clocks.correct(row, calendar, app.clock())
          if (!redated) return
          await moves.redate(tx, row, redated, { corrected: true })
          count.moved++
        })
        if (!done) count.failed++
      }
    return count
  }
}
