import { correctClock, type WorkCalendar } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { type DeadlineBook, type DeadlineMover, momentsOf, type Reach } from '../policies/calendar.books.ts'
import type { CaseClocks } from './case.clock.ts'
import type { CaseMoves } from './case.moves.ts'
import { type CaseClock, runningClocks } from './case.ts'
import * as store from './deadlines.store.ts'
import { lockCase } from './rectification.store.ts'

const BATCH = 500
const FIRST = '00000000-0000-0000-0000-000000000000'

type Row = Awaited<ReturnType<typeof store.casesOver>>[number]

/** The deadlines of running cases, as the calendar reaches them. Reads only. */
export function makeCaseDeadlines(app: App): DeadlineBook & {
  /** the cases themselves, each once */
  cases(reach: Reach): AsyncGenerator<Row[]>
} {
  const db = app.db.system

  async function* pages(next: (after: string) => Promise<Row[]>): AsyncGenerator<Row[]> {
    for (let after = FIRST; ; ) {
      const rows = await next(after)
      if (rows.length > 0) yield rows
      if (rows.length < BATCH) return
      after = rows.at(-1)!.evaluation_id
    }
  }

  async function* cases({ years, days }: Reach) {
    const seen = new Set<string>()
    if (years.length > 0)
      for await (const rows of pages((after) => store.provisionalCases(db, years, after, BATCH))) {
        for (const row of rows) seen.add(row.evaluation_id)
        yield rows
      }
    if (days === null) return
    const moments = momentsOf(days)
    for await (const rows of pages((after) => store.casesOver(db, moments, after, BATCH)))
      yield rows.filter((row) => !seen.has(row.evaluation_id))
  }

  return {
    cases,
    async *running(reach) {
      for await (const rows of cases(reach))
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
  const stale = (row: Row, calendar: WorkCalendar) =>
    (row.clocks as unknown as CaseClock[]).some((clock) => correctClock(clock, calendar) !== clock)

  return async (reach, calendar) => {
    const count = { moved: 0, failed: 0 }
    for await (const rows of book.cases(reach))
      for (const { evaluation_id: id } of rows.filter((row) => stale(row, calendar)))
        try {
          await app.db.system.transaction().execute(async (tx) => {
            const row = await lockCase(tx, id)
            const redated = row && clocks.correct(row, calendar, app.clock())
            if (!redated) return
            await moves.redate(tx, row, redated, { corrected: true })
            count.moved++
          })
        } catch (error) {
          count.failed++
          app.log.error({ err: error, case: id }, 'the deadline of a case could not be corrected')
        }
    return count
  }
}
