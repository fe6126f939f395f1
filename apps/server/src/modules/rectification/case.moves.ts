import { applyCaseEvent, type CaseEvent, type CaseFieldValues, caseEventRule } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { type FieldProblem, Problem } from '../../platform/problem.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { CaseClocks, Policies } from './case.clock.ts'
import { type Assigned, eventColumns } from './case.columns.ts'
import { caseEntry } from './case.entry.ts'
import { makeFirstRow, type Opening, type Source, withPerson, withStaff } from './case.opening.ts'
import { makeBesides, partedValues } from './case.parties.ts'
import { type CaseClock, type CaseRow, caseFacts, factColumns, newlyLate } from './case.ts'
import * as store from './rectification.store.ts'

/** An event that is to happen: by whom, with what. */
export interface CaseMove {
  event: CaseEvent
  actor: string
  values: CaseFieldValues
  /** digests of the evidence it names, by file id */
  files?: { fileId: string; digest: string }[]
  /** what the journal is to know besides the values of its fields: ids, never words */
  facts?: Record<string, JsonValue>
  /** the organisation it gives the case to, or asks to help */
  organization?: Assigned | undefined
}

/** A refusal with the reason of each field. */
export const invalidCase = (errors: FieldProblem[]) =>
  new Problem(422, 'invalid', errors.map((e) => e.message).join(' '), { errors })

/** What happened, for the journal. */
interface Happening {
  event: string
  actor: string
  values?: Record<string, JsonValue>
  text?: Record<string, string>
}

/** The steps a case can take, each inside the caller's transaction: row and journal entry together. */
export function makeCaseMoves(app: App, { clocks, policies }: { clocks: CaseClocks; policies: Policies }) {
  const firstRow = makeFirstRow(app, clocks)
  const beside = makeBesides(app)

  /**
   * Opens a case at its handling organisation (R14). Its first clock starts when the citizen said it, as the receipt
   * told them. Gives null when the case is there already.
   */
  async function open(tx: Tx, opening: Opening): Promise<CaseRow | null> {
    const { at } = opening
    const row = await firstRow(opening)
    const whole = { ...row, ...(await clocks.derive(row, at)) }
    if (!(await store.insertCase(tx, whole))) return null
    await beside.addSource(tx, whole, opening.kind, opening.evaluationId, at)
    await appendEntry(tx, caseEntry(whole, { event: 'opened', from: null, actor: 'system', at: app.clock() }))
    return whole
  }

  /** Writes the changed row with what it derives, and the entry that says why; each entry is one version. */
  async function write(tx: Tx, before: CaseRow, change: Partial<CaseRow>, what: Happening): Promise<CaseRow> {
    const now = app.clock()
    const changed = { ...before, ...change, version: before.version + 1 }
    const row = { ...changed, ...(await clocks.derive(changed, now)) }
    await store.updateCase(tx, row)
    await appendEntry(tx, caseEntry(row, { ...what, from: before.state, at: now }))
    return row
  }

  /** Marks the clocks that have run out, each once; gives the row as it is then. */
  async function noteOverdue(tx: Tx, row: CaseRow): Promise<CaseRow> {
    const late = new Set(newlyLate(row, app.clock()))
    if (late.size === 0) return row
    const noted = row.clocks.map((clock) => (late.has(clock) ? { ...clock, late: true } : clock))
    return write(
      tx,
      row,
      { clocks: noted, ever_overdue: true },
      { event: 'overdue', actor: 'system', values: { clocksLate: [...late].map((clock) => clock.key) } },
    )
  }

  const attemptsNeeded = async (row: CaseRow) =>
    (await policies.value('contact_attempts_per_day', row.region_code, app.clock())).value

  /** @throws Problem 422 invalid with every reason why the event may not happen */
  async function check(row: CaseRow, move: CaseMove) {
    const step = applyCaseEvent(
      caseFacts(row, await attemptsNeeded(row)),
      move.event,
      move.values,
      move.organization?.path,
    )
    if (step.ok) return step
    throw invalidCase(step.problems.map((p) => ({ field: p.field ?? 'event', message: p.message })))
  }

  /**
   * Lets an event happen to a locked case. A deadline that passed before it is marked first, so that coming late is
   * counted whether or not the clock-keeper was there in time.
   * @throws as `check`
   */
  async function apply(tx: Tx, locked: CaseRow, move: CaseMove): Promise<CaseRow> {
    const now = app.clock()
    const step = await check(locked, move)
    const row = await noteOverdue(tx, locked)
    const changed = {
      ...row,
      ...factColumns(step.facts),
      ...eventColumns(row, move.event, move.values, now, move.organization),
      outcome: step.outcome,
      state_since: step.facts.state === row.state ? row.state_since : now,
    }
    const { values, text } = partedValues(move)
    await beside.noteParties(tx, row, changed, move, now)
    const done = await write(
      tx,
      row,
      { ...changed, clocks: await clocks.turn(changed, step.clocks, now) },
      {
        event: move.event,
        actor: move.actor,
        values: {
          ...values,
          ...move.facts,
          ...(changed.organization_id !== row.organization_id && {
            formerOrganizationId: row.organization_id,
          }),
        },
        text,
      },
    )
    if (caseEventRule(move.event).newRound) await beside.addSource(tx, done, 'reopened', null, now)
    return done
  }

  /**
   * Joins another source of the same matter to a locked case (R14): one chain. A case that is closed is handled
   * again, by the direction of the level above. Gives the case as it is then; what was joined before changes nothing.
   */
  async function join(tx: Tx, locked: CaseRow, source: Source): Promise<CaseRow> {
    if (!(await beside.addSource(tx, locked, source.kind, source.evaluationId, source.at))) return locked
    const levels = [locked.level, source.level ?? null].filter((level) => level !== null)
    const row = await noteOverdue(tx, locked)
    const change = {
      level: levels.length > 0 ? Math.min(...levels) : null,
      ...withPerson(row, source),
      ...withStaff(row, source),
    }
    const joined = await write(
      tx,
      row,
      { ...change, clocks: await clocks.awaitContact(row, { ...row, ...change }, app.clock()) },
      {
        event: 'joined',
        actor: 'system',
        values: { source: source.kind, sourceEvaluationId: source.evaluationId },
      },
    )
    if (joined.state !== 'closed') return joined
    return apply(tx, joined, { event: 'reopen_by_source', actor: 'system', values: {} })
  }

  return {
    open,
    join,
    check,
    apply,
    write,
    noteOverdue,
    /** Gives a case the deadlines that its clocks have by the calendar known now. */
    redate: (tx: Tx, row: CaseRow, redated: CaseClock[], why: { corrected?: true } = {}) =>
      write(
        tx,
        row,
        { clocks: redated },
        {
          event: 'deadline-recomputed',
          actor: 'system',
          values: { ...why, previousDueAt: row.due_at?.toISOString() ?? null },
        },
      ),
  }
}
export type CaseMoves = ReturnType<typeof makeCaseMoves>
