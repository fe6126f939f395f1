import {
  applyOrderEvent,
  type Clock,
  type ClockRule,
  checkOrderFields,
  fireAlarm,
  isOrderEvent,
  isWorkingTime,
  nextWarning,
  ORDER_DEMAND,
  ORDER_KINDS,
  type OrderEvent,
  type OrderKind,
  orderEventRule,
  orderIsOver,
  startClock,
  stopClock,
  type WorkCalendar,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { conflict, forbidden, notFound, Problem } from '../../platform/problem.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import type { FilesService } from '../files/files.service.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { Concerned } from '../rectification/case.concerned.ts'
import type { CaseRef } from '../rectification/registers.service.ts'
import { whyNotIssue, whyNotOrder } from './order.rights.ts'
import { clockColumns, isOrderLate, type OrderRow, orderFacts } from './order.ts'
import * as store from './orders.store.ts'

/** What orders need of other rooms. */
export interface OrderNeeds {
  cases: { ref(tx: Tx, evaluationId: string): Promise<CaseRef | undefined> }
  policies: {
    value(
      key: string,
      regionCode: string,
      at: Date,
    ): Promise<Omit<ClockRule, 'key' | 'unit'> & { unit: string }>
    calendar(): Promise<WorkCalendar>
  }
  files: Pick<FilesService, 'named'>
  about: { concerned: Concerned }
}

/** A step as an official asks for it: on the version that was on the screen, with the values of its fields. */
export interface OrderAct {
  version: number
  values: Record<string, string | string[]>
}

const unknownOrder = () => notFound('order-unknown', '没有这项督办，或不在您的管辖范围内。')
const invalid = (errors: { field?: string; message: string }[]) =>
  new Problem(422, 'invalid', errors.map((e) => e.message).join(' '), {
    errors: errors.map((e) => ({ field: e.field ?? 'event', message: e.message })),
  })

/** Supervision orders on cases (R18, Q74): given by the authority above, answered by the handling organisation. */
export function makeOrders(app: App, needs: OrderNeeds) {
  const isAboutThem = async (official: Official, id: string) =>
    (await needs.about.concerned(official, [id])).has(id)
  const ids = app.keys.derive('ids')

  async function begin(regionCode: string, at: Date): Promise<Clock> {
    const {
      value,
      unit,
      version,
      label,
      source,
      regionCode: of,
    } = await needs.policies.value('order_answer', regionCode, at)
    const counted = unit === 'calendar_day' ? unit : 'working_day'
    const rule: ClockRule = {
      key: 'order_answer',
      label,
      value,
      unit: counted,
      version,
      regionCode: of,
      source,
    }
    return startClock(rule, at, await needs.policies.calendar())
  }

  const entry = (
    tx: Tx,
    row: OrderRow,
    past: string,
    actor: string,
    more: { from: string | null; values?: Record<string, JsonValue>; text?: Record<string, string> },
  ) =>
    appendEntry(tx, {
      subjectId: row.evaluation_id,
      kind: `supervision.${past}`,
      actor,
      at: app.clock(),
      payload: { ...more.values, ...orderFacts(row), from: more.from },
      ...(more.text && { text: more.text }),
    })

  async function write(
    tx: Tx,
    before: OrderRow,
    change: Partial<OrderRow>,
    past: string,
    actor: string,
    more: { values?: Record<string, JsonValue>; text?: Record<string, string> } = {},
  ): Promise<OrderRow> {
    const row = { ...before, ...change, version: before.version + 1 }
    await store.updateOrder(tx, row)
    await entry(tx, row, past, actor, { ...more, from: before.state })
    return row
  }

  /** Marks an answer that has become late, once for each clock. */
  const noteLate = async (tx: Tx, row: OrderRow): Promise<OrderRow> =>
    row.overdue || !isOrderLate(row, app.clock())
      ? row
      : write(tx, row, { overdue: true, ever_overdue: true }, 'overdue', 'system')

  const columnsOf = async (clock: Clock) => clockColumns(clock, await needs.policies.calendar())

  /** Gives the alarms that are due, each once, in working hours; who is told of one reads it in the journal. */
  async function ring(tx: Tx, locked: OrderRow): Promise<void> {
    const [now, calendar] = [app.clock(), await needs.policies.calendar()]
    if (!isWorkingTime(calendar, now)) return
    let row = locked
    for (;;) {
      const due = nextWarning(row.clock, calendar)
      if (!due || due.at > now) return
      const { mark } = due
      const past = mark === 100 ? 'escalated' : 'warned'
      const columns = clockColumns(fireAlarm(row.clock, mark, now), calendar)
      row = await write(tx, row, columns, past, 'system', { values: { mark } })
    }
  }

  /**
   * Gives an order on a case that is not closed.
   * @throws Problem 404 case-unknown; 403 own-case for the handling organisation itself and whoever was rated; 409 case-closed, order-open
   * while one of the same kind waits; 422 invalid
   */
  async function issue(official: Official, evaluationId: string, given: { kind: OrderKind; demand: string }) {
    const demand = cleanText(given.demand)
    const problems = checkOrderFields([ORDER_DEMAND], { demand })
    if (problems.length > 0) throw invalid(problems)
    const orderId = await asStaff(app.db, placeOf(official), async (tx) => {
      const found = await needs.cases.ref(tx, evaluationId)
      // A case that two districts handle is seen by both, and ordered by the one above the lead.
      if (!found?.organization_path.startsWith(official.organizationPath))
        throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
      const why = whyNotIssue(official, found, await isAboutThem(official, evaluationId))
      if (why !== null) throw forbidden('own-case', why)
      if (found.state === 'closed')
        throw conflict('case-closed', '差评件已办结，不能再督办；发现办结不实的，请用抽查重新打开。')
      const earlier = (await store.ordersOf(tx, evaluationId)).filter((row) => row.kind === given.kind)
      if (earlier.some((row) => !orderIsOver(row.state)))
        throw conflict('order-open', `这件差评已有一项未办结的“${ORDER_KINDS[given.kind]}”，不必重复发出。`)
      const now = app.clock()
      const row: OrderRow = {
        evaluation_id: evaluationId,
        // Two who give the same order at once give the same id: the key keeps one of them.
        order_id: derivedUuid(ids, 'order', evaluationId, given.kind, String(earlier.length)),
        kind: given.kind,
        state: 'issued',
        case_number: found.case_number,
        item_code: found.item_code,
        organization_id: found.organization_id,
        organization_path: found.organization_path,
        region_code: found.region_code,
        staff_number: found.staff_number,
        issuer_id: official.organizationId,
        issuer_path: official.organizationPath,
        issued_by: official.accountId,
        issued_at: now,
        ...(await columnsOf(await begin(found.region_code, now))),
        overdue: false,
        ever_overdue: false,
        answered_at: null,
        closed_at: null,
        version: 1,
      }
      if (!(await store.insertOrder(tx, row)))
        throw conflict('order-open', '这项督办刚刚已由他人发出，请刷新后查看。')
      await entry(tx, row, 'ordered', actorOf(official), { from: null, text: { demand } })
      return row.order_id
    })
    app.nudge()
    return orderId
  }

  /** @throws Problem 403 event-not-allowed, in words that say who may */
  async function checkMayAct(tx: Tx, official: Official, row: OrderRow, event: OrderEvent): Promise<void> {
    const answered = await store.answeredBy(tx, [row], actorOf(official))
    const why = whyNotOrder(official, row, event, {
      rated: await isAboutThem(official, row.evaluation_id),
      answered: answered.has(row.order_id),
    })
    if (why !== null) throw forbidden('event-not-allowed', `不能“${orderEventRule(event).label}”：${why}`)
  }

  async function changeOf(row: OrderRow, event: OrderEvent, now: Date): Promise<Partial<OrderRow>> {
    const stopped = () => columnsOf(stopClock(row.clock, now))
    if (event === 'answer') return { ...(await stopped()), answered_at: now, overdue: false }
    if (event === 'withdraw') return { ...(await stopped()), closed_at: now, overdue: false }
    if (event === 'return') return columnsOf(await begin(row.region_code, now))
    return event === 'accept' ? { closed_at: now } : {}
  }

  /**
   * Lets a step of an order happen.
   * @throws Problem 404 order-unknown, event-unknown; 403 event-not-allowed; 409 order-stale when somebody was there
   * first; 422 invalid with one error a field
   */
  async function act(
    official: Official,
    evaluationId: string,
    orderId: string,
    event: string,
    { version, values }: OrderAct,
  ): Promise<void> {
    if (!isOrderEvent(event)) throw notFound('event-unknown', '没有这个操作。')
    const rule = orderEventRule(event)
    await asStaff(app.db, placeOf(official), async (tx) => {
      const locked = await store.lockOrder(tx, evaluationId, orderId)
      if (!locked) throw unknownOrder()
      await checkMayAct(tx, official, locked, event)
      if (locked.version !== version)
        throw conflict('order-stale', '这项督办刚刚有了变化（可能已被他人处理），请刷新后再操作。')
      const clean = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          typeof value === 'string' ? cleanText(value) : value,
        ]),
      )
      const step = applyOrderEvent(locked.state, event, clean)
      if (!step.ok) throw invalid(step.problems)
      const named = Array.isArray(clean.evidence) ? clean.evidence : []
      const files = await needs.files.named(tx, evaluationId, named, 'case')
      if (files.length !== new Set(named).size)
        throw invalid([{ field: 'evidence', message: '佐证材料：有文件不属于这个差评件，请重新上传。' }])
      const row = await noteLate(tx, locked)
      const now = app.clock()
      const text = Object.fromEntries(
        rule.fields.flatMap(({ name, type }) => {
          const value = clean[name]
          return type === 'text' && typeof value === 'string' ? [[name, value]] : []
        }),
      )
      const evidence = files.map(({ fileId, digest }) => ({ fileId, digest }))
      await write(
        tx,
        row,
        { ...(await changeOf(row, event, now)), state: step.state },
        rule.past,
        actorOf(official),
        { text, ...(evidence.length > 0 && { values: { evidence } }) },
      )
    })
    app.nudge()
  }

  /** Gives an order the deadline its clock has by the calendar known now. */
  const redate = async (tx: Tx, row: OrderRow, clock: Clock) =>
    write(
      tx,
      row,
      {
        ...(await columnsOf(clock)),
        overdue: row.overdue && clock.dueAt !== null && new Date(clock.dueAt) < app.clock(),
      },
      'deadline-recomputed',
      'system',
    )

  return { issue, act, noteLate, ring, redate }
}
export type Orders = ReturnType<typeof makeOrders>
