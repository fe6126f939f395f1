import { isWorkingTime, type WorkCalendar } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { makeKeeper } from '../../platform/keeper.ts'
import type { AppealMoves } from './appeal.moves.ts'
import { type AppealRow, awaitsDecision } from './appeal.ts'
import * as store from './appeals.store.ts'

const BATCH = 200

/** What the clock does to appeals by itself. */
export function appealChores(
  app: App,
  { moves, policies }: { moves: AppealMoves; policies: { calendar(): Promise<WorkCalendar> } },
) {
  const { each, along } = makeKeeper<{ id: string }, AppealRow>(app, {
    noun: 'appeal',
    idOf: ({ id }) => id,
    lock: (tx, { id }) => store.lockLast(tx, id),
  })

  return [
    {
      name: 'recompute provisional deadlines of appeals',
      run: async () => {
        const { years } = await policies.calendar()
        return each(() => store.provisionalIn(app.db.system, [...years], BATCH), moves.settle)
      },
    },
    {
      name: 'mark late appeals',
      run: () => each(() => store.newlyLate(app.db.system, app.clock(), BATCH), moves.noteLate),
    },
    {
      // At 50 % and 80 % whoever decides, at 100 % the level above; in working hours only.
      name: 'warn of appeals that wait',
      run: async () =>
        isWorkingTime(await policies.calendar(), app.clock())
          ? along<store.AlarmPlace>(
              (after) => store.alarming(app.db.system, app.clock(), after, BATCH),
              BATCH,
              moves.ring,
            )
          : 0,
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
