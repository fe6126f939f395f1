import { CASE_CLOCKS, fireAlarm, isWorkingTime, nextAlarm } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { makeKeeper } from '../../platform/keeper.ts'
import { FIRST_ID } from '../../platform/pages.ts'
import type { CaseClocks, Policies } from './case.clock.ts'
import type { CaseMoves } from './case.moves.ts'
import { type CaseClock, type CaseRow, CITIZENS_CLOCKS, runningClocks } from './case.ts'
import * as store from './rectification.store.ts'

const BATCH = 200

/** An alarm that is to be given now. */
type Alarm = NonNullable<ReturnType<typeof nextAlarm>>

/** Whoever is told when a clock has run out: whose act it waits for, then the district, then the city. */
function escalatedTo(row: CaseRow, clock: CaseClock, mark: Alarm['mark']): string {
  const places = row.organization_path.split('/').filter(Boolean)
  const [city = row.organization_id, district = city] = places
  if (mark === 'city') return city
  if (mark === 'district') return district
  return CASE_CLOCKS[clock.key].awaits === 'handler' ? row.organization_id : (places.at(-2) ?? city)
}

/** What the clock does to cases by itself. */
export function caseChores(
  app: App,
  { clocks, moves, policies }: { clocks: CaseClocks; moves: CaseMoves; policies: Policies },
) {
  const { along } = makeKeeper<{ id: string }, CaseRow>(app, {
    noun: 'case',
    idOf: ({ id }) => id,
    lock: (tx, { id }) => store.lockCase(tx, id),
  })

  /** Gives the alarms that are due, each once; gives the row as it is then. */
  async function ring(tx: Tx, locked: CaseRow): Promise<CaseRow> {
    const [now, calendar] = [app.clock(), await policies.calendar()]
    if (!isWorkingTime(calendar, now)) return locked
    const escalation = {
      district: (await policies.value('escalate_district', locked.region_code, now)).value,
      city: (await policies.value('escalate_city', locked.region_code, now)).value,
    }
    const due = (clock: CaseClock) => {
      const alarm = CITIZENS_CLOCKS.includes(clock.key) ? null : nextAlarm(clock, calendar, escalation)
      return alarm && alarm.at <= now ? alarm : null
    }
    let row = locked
    for (;;) {
      const clock = runningClocks(row).find((each) => due(each))
      const alarm = clock && due(clock)
      if (!clock || !alarm) return row
      const { mark } = alarm
      const early = mark === 50 || mark === 80
      const rung = { ...fireAlarm(clock, mark, now), key: clock.key, late: clock.late }
      row = await moves.write(
        tx,
        row,
        { clocks: row.clocks.map((each) => (each === clock ? rung : each)) },
        {
          event: early ? 'warned' : 'escalated',
          actor: 'system',
          values: early
            ? { clock: clock.key, mark }
            : { clock: clock.key, mark: String(mark), toOrganization: escalatedTo(row, clock, mark) },
        },
      )
    }
  }

  /** What the citizen let pass: the re-survey closes, never as "solved" (R17); what was asked for is done without. */
  async function withoutCitizen(tx: Tx, row: CaseRow): Promise<void> {
    const now = app.clock()
    const ranOut = runningClocks(row).some(
      ({ key, dueAt }) => CITIZENS_CLOCKS.includes(key) && dueAt !== null && now > new Date(dueAt),
    )
    if (!ranOut) return
    const event =
      row.state === 'resurvey' ? 'close_unanswered' : row.state === 'waiting' ? 'resume_unanswered' : null
    if (event) await moves.apply(tx, row, { event, actor: 'system', values: {} })
  }

  /** Looks at every case whose moment has come, by when, each once a round. */
  const keepClocks = () =>
    along<store.ClockPlace>(
      (after) => store.alarming(app.db.system, app.clock(), after, BATCH),
      BATCH,
      async (tx, row) => withoutCitizen(tx, await ring(tx, await moves.noteOverdue(tx, row))),
    )

  /** Deadlines that crossed a year whose holidays have become known. */
  async function recomputeProvisional(): Promise<number> {
    const years = [...(await policies.calendar()).years]
    return along<{ id: string }>(
      (after) => store.provisionalIn(app.db.system, years, after?.id ?? FIRST_ID, BATCH),
      BATCH,
      async (tx, row) => {
        const redated = await clocks.recompute(row, app.clock())
        if (redated) await moves.redate(tx, row, redated)
      },
    )
  }

  return [
    { name: 'recompute provisional deadlines', run: recomputeProvisional },
    { name: 'keep the clocks of cases', run: keepClocks },
  ]
}
