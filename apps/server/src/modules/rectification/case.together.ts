import { CASE_STATES, type CaseEvent, caseEventRule, isCaseEvent, TOGETHER_EVENTS } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { toProblem } from '../../platform/http.ts'
import { notFound, Problem } from '../../platform/problem.ts'
import { type Official, placeOf } from '../identity/official.ts'
import { casesWhole } from './case.list.store.ts'
import { type CaseParty, partiesOf } from './case.parties.store.ts'
import type { CaseSeen } from './case.seen.ts'
import type { CaseRow } from './case.ts'

/** An event as an official asks for it: on the version that was on the screen, with the values of its fields. */
export interface CaseAct {
  version: number
  values: Record<string, string | string[]>
}

/** One event that is to happen to many cases. */
export interface BulkAct {
  items: { id: string; version: number }[]
  values: CaseAct['values']
}

interface Needs {
  seen: CaseSeen
  catalog: { organization(id: string): Promise<{ name: string } | undefined> }
  /** lets an event happen to one case, in a transaction of its own */
  perform(official: Official, id: string, event: CaseEvent, act: CaseAct): Promise<CaseRow>
}

/** Acting on many cases at once: what may be done to them, and the doing, each case for itself. */
export function makeTogether(app: App, { seen, catalog, perform }: Needs) {
  /** Who helps with these cases now, each organisation with the cases it helps with. */
  const coHandlersOf = (parties: CaseParty[]) =>
    Promise.all(
      [...Map.groupBy(parties, (party) => party.organization_id)].map(async ([organizationId, each]) => ({
        organizationId,
        organizationName: (await catalog.organization(organizationId))?.name ?? organizationId,
        ids: [...new Set(each.map((party) => party.evaluation_id))],
      })),
    )

  /**
   * What the official may do to these cases at once: each event with the cases it may happen to now, those that fit
   * most of them first, who may be named verifier, with the cases they may verify, and who helps with which. Cases the
   * official may not see are left out.
   */
  async function offered(official: Official, ids: string[]) {
    const { rows, parties } = await asStaff(app.db, placeOf(official), async (tx) => {
      const found = await casesWhole(tx, ids)
      const seenIds = found.map((row) => row.evaluation_id)
      return { rows: found, parties: seenIds.length > 0 ? await partiesOf(tx, seenIds) : [] }
    })
    const verifiers = await seen.verifiersOf(official, rows)
    const cases = await Promise.all(
      rows.map(async (row) => ({
        id: row.evaluation_id,
        events: (await seen.eventsOf(official, row)).filter((event) => TOGETHER_EVENTS.has(event)),
      })),
    )
    const actions = [...TOGETHER_EVENTS].flatMap((event) => {
      const { label, confirm = null, fields } = caseEventRule(event)
      const fitting = cases.filter((one) => one.events.includes(event)).map((one) => one.id)
      return fitting.length > 0 ? [{ event, label, confirm, fields, ids: fitting }] : []
    })
    const people = Map.groupBy(
      [...verifiers].flatMap(([id, may]) => may.map((person) => ({ id, ...person }))),
      (person) => person.accountId,
    )
    return {
      ids: cases.map((one) => one.id),
      actions: actions.sort((a, b) => b.ids.length - a.ids.length),
      verifiers: [...people].map(([accountId, each]) => ({
        accountId,
        displayName: each[0]!.displayName,
        ids: each.map((one) => one.id),
      })),
      coHandlers: await coHandlersOf(parties.filter(({ kind, until }) => kind === 'co' && until === null)),
    }
  }

  /**
   * Lets one event happen to many cases with the same values, each in a transaction of its own: what is refused for
   * one, or fails, holds up no other, and every case is answered for.
   * @throws Problem 404 event-unknown; 422 event-one-by-one for what is said case by case
   */
  async function actOnMany(official: Official, event: string, { items, values }: BulkAct) {
    if (!isCaseEvent(event)) throw notFound('event-unknown', '没有这个操作。')
    if (!TOGETHER_EVENTS.has(event))
      throw new Problem(
        422,
        'event-one-by-one',
        `“${caseEventRule(event).label}”须逐件办理，不能批量。请打开差评件办理。`,
      )
    const answers = []
    for (const { id, version } of items)
      try {
        const row = await perform(official, id, event, { version, values })
        const { state } = row
        answers.push({ id, ok: true as const, version: row.version, state, stateLabel: CASE_STATES[state] })
      } catch (error) {
        if (!(error instanceof Problem)) app.log.error({ err: error, caseId: id }, 'one of many cases failed')
        const { status, code, detail, errors = [] } = toProblem(error)
        answers.push({ id, ok: false as const, problem: { status, code, detail, errors } })
      }
    return { items: answers }
  }

  return { offered, actOnMany }
}
