import {
  applyCaseEvent,
  type CaseEvent,
  type CaseFieldValues,
  caseEventRule,
  shanghaiDate,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { type FieldProblem, Problem } from '../../platform/problem.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { CaseClocks } from './case.clock.ts'
import { caseEntry } from './case.entry.ts'
import { type CaseRow, caseFacts, caseNumber, isOverdue, type RunningClock } from './case.ts'
import * as store from './rectification.store.ts'

/** A negative rating, as its journal entry tells it. */
export interface NegativeRating {
  evaluationId: string
  level: number
  realName: boolean
  doNotContact: boolean
  itemCode: string
  organizationId: string
  organizationPath: string
  regionCode: string
  staffNumber: string
  submittedAt: Date
}

/** An event that is to happen to a case: by whom, with what. */
export interface CaseMove {
  event: CaseEvent
  actor: string
  values: CaseFieldValues
  /** digests of the evidence it names, by file id */
  files?: { fileId: string; digest: string }[]
}

/** A refusal with the reason of each field. */
export const invalidCase = (errors: FieldProblem[]) =>
  new Problem(422, 'invalid', errors.map((e) => e.message).join(' '), { errors })

/** The clock's part of a row. A clock that runs on keeps its mark of being overdue. */
function clockColumns(row: CaseRow, running: RunningClock | null) {
  const same =
    running !== null &&
    row.due_arithmetic?.startedAt === running.clock.startedAt &&
    row.due_arithmetic.key === running.clock.key
  return {
    due_at: running?.dueAt ?? null,
    due_provisional: running?.provisional ?? false,
    due_arithmetic: running?.clock ?? null,
    overdue: same && row.overdue,
  }
}

/** What an event changes besides state and clock. */
function eventColumns(row: CaseRow, event: CaseEvent, values: CaseFieldValues, now: Date): Partial<CaseRow> {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : null)
  switch (event) {
    case 'sign':
      return { verifier_id: text('verifier') }
    case 'promise':
      return { promised_on: text('promisedOn') }
    case 'propose_rejection':
      return { rejection_reason: text('rejectionReason') }
    case 'refuse_rejection':
      return { rejection_reason: null }
    case 'complete':
    case 'explained':
      return { rectified_at: now }
    case 'reply':
      return { replied: true }
    case 'answer_unsolved':
      // The citizen is believed (R17): it all begins again, and what was promised or found before no longer counts.
      return {
        replied: false,
        rejection_reason: null,
        promised_on: null,
        rectified_at: null,
        round_since: now,
      }
    default:
      return row.state === 'resurvey' ? { closed_at: now } : {}
  }
}

/** The steps a case can take, each inside the caller's transaction: row and journal entry together. */
export function makeCaseMoves(app: App, clocks: CaseClocks) {
  const ids = app.keys.derive('ids')
  const numbers = app.keys.derive('case-numbers')

  /**
   * Opens the case of a negative rating at its handling organisation (R14). Its first clock starts with the rating
   * itself, as the receipt told the citizen. Gives null when the case is there already.
   */
  async function open(tx: Tx, rating: NegativeRating): Promise<CaseRow | null> {
    const at = rating.submittedAt
    const running = await clocks.start('sign', rating.regionCode, at)
    const row: CaseRow = {
      evaluation_id: rating.evaluationId,
      case_id: derivedUuid(ids, 'case', rating.evaluationId),
      case_number: caseNumber(numbers, rating.evaluationId, shanghaiDate(at)),
      state: 'to_sign',
      round: 1,
      level: rating.level,
      real_name: rating.realName,
      do_not_contact: rating.doNotContact,
      contacted: false,
      replied: false,
      rejection_reason: null,
      rejected: false,
      outcome: null,
      item_code: rating.itemCode,
      organization_id: rating.organizationId,
      organization_path: rating.organizationPath,
      region_code: rating.regionCode,
      staff_number: rating.staffNumber,
      verifier_id: null,
      promised_on: null,
      opened_at: at,
      state_since: at,
      round_since: at,
      due_at: running.dueAt,
      due_provisional: running.provisional,
      due_arithmetic: running.clock,
      overdue: false,
      ever_overdue: false,
      rectified_at: null,
      closed_at: null,
      version: 1,
    }
    if (!(await store.insertCase(tx, row))) return null
    const happening = { event: 'opened', from: null, actor: 'system', at: app.clock() }
    await appendEntry(tx, caseEntry(row, happening))
    return row
  }

  /** Writes the changed row and the entry that says why; each entry is one version. */
  async function write(
    tx: Tx,
    before: CaseRow,
    change: Partial<CaseRow>,
    happening: {
      event: string
      actor: string
      values?: Record<string, JsonValue>
      text?: Record<string, string>
    },
  ): Promise<CaseRow> {
    const row = { ...before, ...change, version: before.version + 1 }
    await store.updateCase(tx, row)
    await appendEntry(tx, caseEntry(row, { ...happening, from: before.state, at: app.clock() }))
    return row
  }

  /** Marks a clock that has run out, once; gives the row as it is then. */
  const noteOverdue = async (tx: Tx, row: CaseRow): Promise<CaseRow> =>
    row.overdue || !isOverdue(row, app.clock())
      ? row
      : write(tx, row, { overdue: true, ever_overdue: true }, { event: 'overdue', actor: 'system' })

  /** @throws Problem 422 invalid with every reason why the event may not happen */
  function check(row: CaseRow, move: CaseMove) {
    const step = applyCaseEvent(caseFacts(row), move.event, move.values)
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
    const { ok: _ok, ...facts } = check(locked, move)
    const row = await noteOverdue(tx, locked)
    const changed = { ...row, ...eventColumns(row, move.event, move.values, now) }
    const running = await clocks.enter(changed, facts.state, now)
    const { values, text } = sorted(move)
    return write(
      tx,
      row,
      {
        ...changed,
        ...facts,
        state_since: facts.state === row.state ? row.state_since : now,
        ...clockColumns(row, running),
      },
      { event: move.event, actor: move.actor, values, text },
    )
  }

  return {
    open,
    check,
    apply,
    noteOverdue,
    /** Gives a case the deadline that its clock has by the calendar known now. */
    redate: (tx: Tx, row: CaseRow, running: RunningClock) =>
      write(
        tx,
        row,
        {
          due_at: running.dueAt,
          due_provisional: running.provisional,
          due_arithmetic: running.clock,
          overdue: row.overdue && running.dueAt < app.clock(),
        },
        {
          event: 'deadline-recomputed',
          actor: 'system',
          values: { previousDueAt: row.due_at?.toISOString() ?? null },
        },
      ),
  }
}
export type CaseMoves = ReturnType<typeof makeCaseMoves>

/** What was given with an event, parted: free text stays beside the journal, the rest goes into it. */
function sorted({ event, values, files = [] }: CaseMove) {
  const facts: Record<string, JsonValue> = {}
  const text: Record<string, string> = {}
  for (const field of caseEventRule(event).fields) {
    const value = values[field.name]
    if (field.type === 'files') {
      if (files.length > 0) facts[field.name] = files.map(({ fileId, digest }) => ({ fileId, digest }))
    } else if (typeof value === 'string' && value !== '') {
      if (field.type === 'text') text[field.name] = value
      else facts[field.name] = value
    }
  }
  return { values: facts, text }
}
