import { isWorkingTime, type WorkCalendar } from '@haochaping/rules'
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
  async function attempt(id: string, work: (tx: Tx, row: AppealRow) => Promise<unknown>): Promise<void> {
    try {
      await app.db.system.transaction().execute(async (tx) => {
        const row = await store.lockLast(tx, id)
        if (row) await work(tx, row)
      })
    } catch (error) {
      app.log.error({ err: error, appeal: id }, 'an appeal could not be moved on by the clock')
    }
  }

  async function each(find: () => Promise<string[]>, work: (tx: Tx, row: AppealRow) => Promise<unknown>) {
    const done = new Set<string>()
    for (;;) {
      const ids = (await find()).filter((id) => !done.has(id))
      if (ids.length === 0) break
      for (const id of ids) {
        done.add(id)
        await attempt(id, work)
      }
    }
    if (done.size > 0) app.nudge()
    return done.size
  }

  /** Warns at 50 % and 80 % whoever decides, tells the level above at 100 %; in working hours only. */
  async function warn(): Promise<number> {
    if (!isWorkingTime(await policies.calendar(), app.clock())) return 0
    let count = 0
    for (let after: store.AlarmPlace | null = null; ; ) {
      const found: store.AlarmPlace[] = await store.alarming(app.db.system, app.clock(), after, BATCH)
      for (const { id } of found) await attempt(id, moves.ring)
      count += found.length
      after = found.at(-1) ?? null
      if (found.length < BATCH) break
    }
    if (count > 0) app.nudge()
    return count
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
    { name: 'warn of appeals that wait', run: warn },
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
