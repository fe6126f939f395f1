import {
  type AppealActor,
  type AppealClaim,
  type AppealEvent,
  type AppealFieldValues,
  appealEventRule,
  applyAppealEvent,
  type Clock,
  fireAlarm,
  isWorkingTime,
  nextWarning,
  recomputeClock,
  stopClock,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { type FieldProblem, Problem } from '../../platform/problem.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { AppealClocks } from './appeal.clock.ts'
import { type AppealHappening, appealEntry } from './appeal.entry.ts'
import { type AppealRow, appealFacts, awaitsDecision, isLate } from './appeal.ts'
import * as store from './appeals.store.ts'

/** An appeal that is to be filed: against what, by whom, with what. */
export interface NewAppeal {
  evaluation: {
    evaluation_id: string
    organization_id: string
    organization_path: string
    region_code: string
    item_code: string
    staff_number: string
    level: number
  }
  number: number
  kind: AppealRow['appellant_kind']
  accountId: string
  actor: string
  firstInstance: AppealRow['first_instance']
  claim: AppealClaim
  statement: string
  files: { fileId: string; digest: string }[]
}

/** An event that is to happen to an appeal: by whom, as whom, with what. */
export interface AppealMove {
  event: AppealEvent
  as: AppealActor
  /** the name it stands under in the journal */
  actor: string
  accountId: string | null
  values: AppealFieldValues
  files?: { fileId: string; digest: string }[]
}

/** A refusal with the reason of each field. */
export const invalidAppeal = (errors: FieldProblem[]) =>
  new Problem(422, 'invalid', errors.map((e) => e.message).join(' '), { errors })

/** The steps an appeal can take, each inside the caller's transaction: row and journal entry together. */
export function makeAppealMoves(app: App, clocks: AppealClocks) {
  const ids = app.keys.derive('ids')

  /** Files an appeal; null when another one was there first. */
  async function file(tx: Tx, given: NewAppeal): Promise<AppealRow | null> {
    const { evaluation: e, number } = given
    const now = app.clock()
    const clock = await clocks.start('appeal_decision', e.region_code, now)
    const row: AppealRow = {
      evaluation_id: e.evaluation_id,
      appeal_id: derivedUuid(ids, 'appeal', e.evaluation_id, String(number)),
      number,
      state: 'filed',
      stage: 'first',
      claim: given.claim,
      outcome: null,
      first_outcome: null,
      appellant_kind: given.kind,
      appellant_id: given.accountId,
      organization_id: e.organization_id,
      organization_path: e.organization_path,
      region_code: e.region_code,
      item_code: e.item_code,
      staff_number: e.staff_number,
      level: e.level,
      first_instance: given.firstInstance,
      citizen_heard: false,
      ...clocks.answerColumns(await clocks.startSide('answer', e.region_code, now)),
      filed_at: now,
      decided_at: null,
      first_decider: null,
      reexamine_until: null,
      reexamine_clock: null,
      reexamination_by: null,
      reexamined_at: null,
      ...(await clocks.columns(clock)),
      overdue: false,
      ever_overdue: false,
      version: 1,
    }
    if (!(await store.insertAppeal(tx, row))) return null
    const { actor, files, statement } = given
    await appendEntry(tx, appealEntry(row, { what: 'filed', actor, at: now, files, text: { statement } }))
    return row
  }

  /** Writes the changed row and the entry that says why; each entry is one version. */
  async function write(
    tx: Tx,
    before: AppealRow,
    change: Partial<AppealRow>,
    happening: Omit<AppealHappening, 'at'>,
  ): Promise<AppealRow> {
    const row = { ...before, ...change, version: before.version + 1 }
    await store.updateAppeal(tx, row)
    await appendEntry(tx, appealEntry(row, { ...happening, at: app.clock() }))
    return row
  }

  /** Marks a decision that is late, once for each clock; gives the row as it is then. */
  const noteLate = async (tx: Tx, row: AppealRow): Promise<AppealRow> =>
    row.overdue || !isLate(row, app.clock())
      ? row
      : write(tx, row, { overdue: true, ever_overdue: true }, { what: 'overdue', actor: 'system' })

  /** Gives the alarms that are due, each once, in working hours; who is told of one reads it in the journal. */
  async function ring(tx: Tx, locked: AppealRow): Promise<void> {
    const [now, calendar] = [app.clock(), await clocks.calendar()]
    if (!isWorkingTime(calendar, now)) return
    let row = locked
    for (;;) {
      const due = nextWarning(row.clock, calendar)
      if (!due || due.at > now) return
      const { mark } = due
      const columns = await clocks.columns(fireAlarm(row.clock, mark, now))
      const what = mark === 100 ? 'escalated' : 'warned'
      row = await write(tx, row, columns, { what, actor: 'system', mark })
    }
  }

  /** The clock after an event. */
  async function clockAfter(row: AppealRow, event: AppealEvent, now: Date): Promise<Clock> {
    const { clock: effect } = appealEventRule(event)
    if (effect === 'stop') return stopClock(row.clock, now)
    return effect === 'start_reexamination' ? clocks.start('reexamination', row.region_code, now) : row.clock
  }

  /** What an event changes besides state, outcome and clock. */
  async function eventColumns(row: AppealRow, move: AppealMove, now: Date): Promise<Partial<AppealRow>> {
    switch (move.event) {
      case 'decide':
        return {
          decided_at: now,
          first_decider: move.accountId,
          ...clocks.reexamineColumns(await clocks.startSide('reexamine', row.region_code, now)),
        }
      case 'request_reexamination':
        return {
          reexamination_by: move.as === 'citizen' ? 'citizen' : 'appellant',
          ...clocks.answerColumns(await clocks.startSide('answer', row.region_code, now)),
          overdue: false,
        }
      case 'reexamine':
        return { reexamined_at: now }
      default:
        return {}
    }
  }

  /**
   * Lets an event happen to a locked appeal.
   * @throws Problem 422 invalid with every reason why it may not
   */
  async function apply(tx: Tx, locked: AppealRow, move: AppealMove): Promise<AppealRow> {
    const now = app.clock()
    const step = applyAppealEvent(appealFacts(locked), move.event, move.as, move.values, now.toISOString())
    if (!step.ok)
      throw invalidAppeal(step.problems.map((p) => ({ field: p.field ?? 'event', message: p.message })))
    const row = await noteLate(tx, locked)
    const { state, stage, outcome, citizenHeard } = step
    const change = {
      state,
      stage,
      outcome,
      citizen_heard: citizenHeard,
      ...(move.event === 'decide' && { first_outcome: outcome }),
      ...(await eventColumns(row, move, now)),
      ...(await clocks.columns(await clockAfter(row, move.event, now))),
    }
    return write(
      tx,
      row,
      { ...change, ...sidesAfter({ ...row, ...change }, now) },
      {
        what: appealEventRule(move.event).past,
        actor: move.actor,
        ...(move.files && { files: move.files }),
        text: textsOf(move),
      },
    )
  }

  /**
   * Gives each running clock of an appeal what another calendar makes of it, and writes the row where one is another
   * than before; true when it was written.
   */
  async function redate(tx: Tx, row: AppealRow, by: (clock: Clock) => Clock): Promise<boolean> {
    const change: Partial<AppealRow> = {}
    const moved = (clock: Clock | null) => {
      const after = clock?.stoppedAt === null ? by(clock) : clock
      return after === clock ? null : after
    }
    const [decision, answer, reexamine] = [row.clock, row.answer_clock, row.reexamine_clock].map(moved)
    if (decision) Object.assign(change, await clocks.columns(decision))
    if (answer) Object.assign(change, clocks.answerColumns(answer))
    if (reexamine) Object.assign(change, clocks.reexamineColumns(reexamine))
    if (Object.keys(change).length === 0) return false
    const overdue = row.overdue && isLate({ ...row, ...change }, app.clock())
    await write(tx, row, { ...change, overdue }, { what: 'deadline_recomputed', actor: 'system' })
    return true
  }

  return {
    file,
    apply,
    noteLate,
    ring,
    redate,
    /** Gives an appeal the deadlines that its clocks have now that a year they cross is known. */
    async settle(tx: Tx, row: AppealRow): Promise<void> {
      const calendar = await clocks.calendar()
      await redate(tx, row, (clock) =>
        clock.missingYears.some((year) => calendar.years.has(year)) ? recomputeClock(clock, calendar) : clock,
      )
    },
  }
}

/** A side's days end with what it was given them for: it has spoken, or it is no longer asked. */
const sidesAfter = (row: AppealRow, now: Date): Pick<AppealRow, 'answer_clock' | 'reexamine_clock'> => ({
  answer_clock:
    row.answer_clock && (row.citizen_heard || !awaitsDecision(row))
      ? stopClock(row.answer_clock, now)
      : row.answer_clock,
  reexamine_clock:
    row.reexamine_clock && row.state !== 'decided'
      ? stopClock(row.reexamine_clock, now)
      : row.reexamine_clock,
})
export type AppealMoves = ReturnType<typeof makeAppealMoves>

/** The free texts of an event; they stay beside the journal. */
const textsOf = ({ event, values }: AppealMove): Record<string, string> =>
  Object.fromEntries(
    appealEventRule(event).fields.flatMap(({ name, type }) => {
      const value = values[name]
      return type === 'text' && typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )
