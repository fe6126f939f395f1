import type { WorkCalendar } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import type { AppealMoves } from './appeal.moves.ts'
import { type AppealRow, awaitsDecision } from './appeal.ts'
import * as store from './appeals.store.ts'

const BATCH = 200

/** What the clock does to appeals by itself. Each is a transaction of its own; one that fails holds up no other. */
export function appealChores(
  app: App,
  { moves, policies }: { moves: AppealMoves; policies: { calendar(): Promise<WorkCalendar> } },
) {
  async function each(find: () => Promise<string[]>, work: (tx: Tx, row: AppealRow) => Promise<unknown>) {
    const done = new Set<string>()
    for (;;) {
      const ids = (await find()).filter((id) => !done.has(id))
      if (ids.length === 0) break
      for (const id of ids) {
        done.add(id)
        try {
          await app.db.system.transaction().execute(async (tx) => {
            const row = await store.lockLast(tx, id)
            if (row) await work(tx, row)
          })
        } catch (error) {
          app.log.error({ err: error, appeal: id }, 'an appeal could not be moved on by the clock')
        }
      }
    }
    if (done.size > 0) app.nudge()
    return done.size
  }

  return [
    {
      name: 'recompute provisional deadlines of appeals',
      run: async () => {
        const { years } = await policies.calendar()
        return each(() => store.provisionalIn(app.db.system, [...years], BATCH), moves.redate)
      },
    },
    {
      name: 'mark late appeals',
      run: () => each(() => store.newlyLate(app.db.system, app.clock(), BATCH), moves.noteLate),
    },
    {
      name: 'let decisions on appeals become final',
      run: () =>
        each(
          () => store.becomingFinal(app.db.system, app.clock(), BATCH),
          async (tx, row) => {
            // Somebody may have asked for the re-examination since it was found.
            if (awaitsDecision(row) || row.state !== 'decided') return
            await moves.apply(tx, row, {
              event: 'become_final',
              as: 'system',
              actor: 'system',
              accountId: null,
              values: {},
            })
          },
        ),
    },
  ]
}
