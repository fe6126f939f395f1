import {
  applyCaseEvent,
  type CaseEvent,
  type CaseFieldValues,
  type CaseSourceKind,
  caseEventRule,
  shanghaiDate,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { type FieldProblem, Problem } from '../../platform/problem.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { appendEntry } from '../ledger/journal.ts'
import { type CaseClocks, type Policies, roundBegan } from './case.clock.ts'
import { type Assigned, eventColumns } from './case.columns.ts'
import { caseEntry } from './case.entry.ts'
import * as parties from './case.parties.store.ts'
import { type CaseClock, type CaseRow, caseFacts, caseNumber, factColumns, newlyLate } from './case.ts'
import * as store from './rectification.store.ts'

/** What a case is opened by: a negative rating, a complaint, the finding of a spot check. */
export interface Opening {
  evaluationId: string
  kind: CaseSourceKind
  /** the affair, whatever it came from; null where it is not known */
  matterId: string | null
  /** of the rating; null where there is none */
  level: number | null
  realName: boolean
  doNotContact: boolean
  itemCode: string
  organizationId: string
  organizationPath: string
  regionCode: string
  hallCode: string
  staffNumber: string
  /** when the citizen said it: the first clock starts then */
  at: Date
}

/** What is joined to a case that is there already: the same matter from another side. */
export interface Source {
  kind: CaseSourceKind
  /** what it is the source of itself */
  evaluationId: string
  at: Date
  level?: number | null
  realName?: boolean
  doNotContact?: boolean
}

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
  const ids = app.keys.derive('ids')
  const numbers = app.keys.derive('case-numbers')

  const addSource = (tx: Tx, row: CaseRow, kind: CaseSourceKind, sourceId: string | null, at: Date) =>
    parties.insertSource(tx, {
      evaluation_id: row.evaluation_id,
      source_id: derivedUuid(ids, 'case-source', row.case_id, kind, sourceId ?? String(row.round)),
      case_id: row.case_id,
      kind,
      source_evaluation_id: sourceId,
      at,
    })

  /**
   * Opens a case at its handling organisation (R14). Its first clock starts when the citizen said it, as the receipt
   * told them. Gives null when the case is there already.
   */
  async function open(tx: Tx, opening: Opening): Promise<CaseRow | null> {
    const { at } = opening
    const place = {
      region_code: opening.regionCode,
      item_code: opening.itemCode,
      hall_code: opening.hallCode,
    }
    const row: CaseRow = {
      ...place,
      evaluation_id: opening.evaluationId,
      case_id: derivedUuid(ids, 'case', opening.evaluationId),
      case_number: caseNumber(numbers, opening.evaluationId, shanghaiDate(at)),
      source_kind: opening.kind,
      matter_id: opening.matterId,
      level: opening.level,
      real_name: opening.realName,
      do_not_contact: opening.doNotContact,
      organization_id: opening.organizationId,
      organization_path: opening.organizationPath,
      staff_number: opening.staffNumber,
      ...{ opened_at: at, state_since: at, round_since: at },
      ...{ state: 'to_sign', returns_to: null, round: 1, version: 1, outcome: null, verifier_id: null },
      ...{
        contacted: false,
        attempts: 0,
        replied: false,
        asked: false,
        rejected: false,
        rejection_reason: null,
      },
      ...{ transfer_to: null, transfer_refused: false, party_paths: [], shared: false, false_reports: 0 },
      ...{ promised_on: null, first_promised_on: null, extensions: 0 },
      ...{ extension_until: null, extension_status: null, rectified_at: null, closed_at: null },
      clocks: [await clocks.start('sign', place, at)],
      ...{ due_at: null, due_provisional: false, overdue: false, ever_overdue: false },
      ...{ next_due_at: null, next_due_key: null, next_alarm_at: null, missing_years: [] },
    }
    const whole = { ...row, ...(await clocks.derive(row, at)) }
    if (!(await store.insertCase(tx, whole))) return null
    await addSource(tx, whole, opening.kind, opening.evaluationId, at)
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
    const step = applyCaseEvent(caseFacts(row, await attemptsNeeded(row)), move.event, move.values)
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
    const { values, text } = sorted(move)
    await noteParties(tx, row, changed, move, now)
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
    if (caseEventRule(move.event).newRound) await addSource(tx, done, 'reopened', null, now)
    return done
  }

  /** Keeps the list of organisations beside the lead in step with the row. */
  async function noteParties(
    tx: Tx,
    before: CaseRow,
    after: CaseRow,
    { event, organization }: CaseMove,
    now: Date,
  ) {
    const party = (kind: 'co' | 'former', id: string, path: string) => ({
      evaluation_id: before.evaluation_id,
      party_id: derivedUuid(ids, 'case-party', before.case_id, id, String(after.version)),
      case_id: before.case_id,
      organization_id: id,
      organization_path: path,
      kind,
    })
    if (event === 'add_co_handler' && organization)
      await parties.insertParty(tx, {
        ...party('co', organization.id, organization.path),
        since: now,
        until: null,
      })
    if (after.organization_id === before.organization_id) return
    await parties.insertParty(tx, {
      ...party('former', before.organization_id, before.organization_path),
      since: roundBegan(before),
      until: now,
    })
    await parties.endCoHandling(tx, before.evaluation_id, after.organization_id, now)
  }

  /**
   * Joins another source of the same matter to a locked case (R14): one chain. A case that is closed is handled
   * again, by the direction of the level above. Gives the case as it is then; what was joined before changes nothing.
   */
  async function join(tx: Tx, locked: CaseRow, source: Source): Promise<CaseRow> {
    if (!(await addSource(tx, locked, source.kind, source.evaluationId, source.at))) return locked
    const named = !locked.real_name && source.realName === true
    const levels = [locked.level, source.level ?? null].filter((level) => level !== null)
    const joined = await write(
      tx,
      locked,
      {
        level: levels.length > 0 ? Math.min(...levels) : null,
        ...(named && { real_name: true, do_not_contact: source.doNotContact ?? false }),
      },
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
