import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import type { CaseClocks, Policies } from './case.clock.ts'
import type { CaseMoves } from './case.moves.ts'
import type { CaseRow } from './case.ts'
import * as store from './rectification.store.ts'

const BATCH = 200

/** What the clock does to cases by itself. Each case is a transaction of its own; one that fails holds up no other. */
export function caseChores(
  app: App,
  { clocks, moves, policies }: { clocks: CaseClocks; moves: CaseMoves; policies: Policies },
) {
  async function each(
    find: () => Promise<string[]>,
    work: (tx: Tx, row: CaseRow) => Promise<unknown>,
  ): Promise<number> {
    const done = new Set<string>()
    for (;;) {
      const ids = (await find()).filter((id) => !done.has(id))
      if (ids.length === 0) break
      for (const id of ids) {
        done.add(id)
        try {
          await app.db.system.transaction().execute(async (tx) => {
            const row = await store.lockCase(tx, id)
            if (row) await work(tx, row)
          })
        } catch (error) {
          app.log.error({ err: error, case: id }, 'a case could not be moved on by the clock')
        }
      }
    }
    if (done.size > 0) app.nudge()
    return done.size
  }

  /** Deadlines that crossed a year whose holidays have become known. */
  const recomputeProvisional = async () => {
    const { years } = await policies.calendar()
    return each(
      () => store.provisionalIn(app.db.system, [...years], BATCH),
      async (tx, row) => {
        const running =
          row.due_provisional && row.due_arithmetic && (await clocks.recompute(row.due_arithmetic))
        if (running) await moves.redate(tx, row, running)
      },
    )
  }

  /** Marks what is late, once for each clock. */
  const markOverdue = () =>
    each(() => store.newlyOverdue(app.db.system, app.clock(), BATCH), moves.noteOverdue)

  /** Closes what the citizen left unanswered; never as "solved" (R17). */
  const closeUnanswered = () =>
    each(
      () => store.unanswered(app.db.system, app.clock(), BATCH),
      async (tx, row) => {
        if (row.state === 'resurvey' && row.due_at && row.due_at < app.clock())
          await moves.apply(tx, row, { event: 'close_unanswered', actor: 'system', values: {} })
      },
    )

  return [
    { name: 'recompute provisional deadlines', run: recomputeProvisional },
    { name: 'mark overdue cases', run: markOverdue },
    { name: 'close unanswered cases', run: closeUnanswered },
  ]
}
