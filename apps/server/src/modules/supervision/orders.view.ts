import {
  ORDER_KINDS,
  ORDER_STATES,
  type OrderKind,
  type OrderState,
  orderEventRule,
  remainingWorkingDays,
  type WorkCalendar,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { notFound } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { itemNameOf } from '../catalog/item-name.ts'
import type { FilesService } from '../files/files.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { accountIdOf, actorOf, type Official, placeOf } from '../identity/official.ts'
import type { Concerned } from '../rectification/case.concerned.ts'
import { type OrderStanding, orderEventsFor } from './order.rights.ts'
import { isOrderLate, type OrderRow } from './order.ts'
import * as store from './orders.store.ts'

/** What the views need of other rooms. */
export interface SupervisionNames {
  catalog: {
    organization(id: string): Promise<{ name: string; path: string; regionCode: string } | undefined>
    region(code: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
  }
  identity: Pick<IdentityService, 'accountNames' | 'accounts'>
  policies: { calendar(): Promise<WorkCalendar> }
  files: Pick<FilesService, 'ofCase' | 'named'>
}

/** What a list of orders may be narrowed by, as the console asks. */
export interface OrderQuery {
  kind?: OrderKind | undefined
  state?: OrderState | undefined
  open?: boolean | undefined
  overdue?: boolean | undefined
  organization?: string | undefined
  region?: string | undefined
}

/** What the steps of supervision are called, and their texts. */
const STEPS: Record<string, string> = {
  'supervision.ordered': '发出督办',
  'supervision.answered': '答复督办',
  'supervision.accepted': '审核通过',
  'supervision.returned': '退回重报',
  'supervision.withdrawn': '撤销督办',
  'supervision.overdue': '超过答复期限',
  'supervision.warned': '期限预警',
  'supervision.escalated': '超期报告上级',
  'supervision.deadline-recomputed': '期限按公布的放假安排重新计算',
}
const TEXTS: Record<string, string> = { demand: '督办要求', answer: '答复内容', note: '意见' }

/** Files that an entry names, by id. */
export const fileIdsOf = (entry: Pick<store.OrderEntry, 'payload'>): string[] =>
  Array.isArray(entry.payload.evidence)
    ? entry.payload.evidence.flatMap((file) => {
        const id = (file as { fileId?: unknown } | null)?.fileId
        return typeof id === 'string' ? [id] : []
      })
    : []

/** Orders as officials see them. */
export function makeOrderViews(
  app: App,
  { catalog, identity, policies, files, about }: SupervisionNames & { about: { concerned: Concerned } },
) {
  /** What an official is to each of some orders. */
  async function standings(tx: Tx, official: Official, rows: readonly OrderRow[]) {
    const own = await about.concerned(
      official,
      rows.map((row) => row.evaluation_id),
    )
    const answered = await store.answeredBy(tx, rows, actorOf(official))
    return (row: OrderRow): OrderStanding => ({
      rated: own.has(row.evaluation_id),
      answered: answered.has(row.order_id),
    })
  }

  async function line(official: Official, row: OrderRow, calendar: WorkCalendar, standing: OrderStanding) {
    const now = app.clock()
    const nameOf = async (id: string) => (await catalog.organization(id))?.name ?? id
    return {
      id: row.evaluation_id,
      orderId: row.order_id,
      kind: row.kind,
      kindLabel: ORDER_KINDS[row.kind],
      state: row.state,
      stateLabel: ORDER_STATES[row.state],
      caseNumber: row.case_number,
      itemName: await itemNameOf(catalog, row.item_code),
      organizationId: row.organization_id,
      organizationName: await nameOf(row.organization_id),
      regionName: (await catalog.region(row.region_code))?.name ?? row.region_code,
      issuerName: await nameOf(row.issuer_id),
      issuedAt: row.issued_at.toISOString(),
      dueAt: row.due_at?.toISOString() ?? null,
      dueProvisional: row.due_provisional,
      remainingWorkingDays: row.due_at && remainingWorkingDays(calendar, now, row.due_at),
      overdue: isOrderLate(row, now),
      everOverdue: row.ever_overdue || isOrderLate(row, now),
      answeredAt: row.answered_at?.toISOString() ?? null,
      closedAt: row.closed_at?.toISOString() ?? null,
      version: row.version,
      actions: orderEventsFor(official, row, standing).map((event) => {
        const { label, confirm = null, fields } = orderEventRule(event)
        return { event, label, confirm, fields }
      }),
    }
  }

  /** @throws Problem 404 unknown-organization */
  async function list(official: Official, query: OrderQuery, page: number, pageSize: number) {
    const { organization: id, ...rest } = query
    const organization = id === undefined ? undefined : await catalog.organization(id)
    if (id !== undefined && !organization) throw notFound('unknown-organization', '没有这个机构。')
    const filter = { ...rest, organizationPath: organization?.path }
    const { rows, total, counts, standing } = await asStaff(app.db, placeOf(official), async (tx) => {
      const found = await store.listOrders(tx, filter, app.clock(), page, pageSize)
      return {
        ...found,
        counts: await store.countOrders(tx, app.clock()),
        standing: await standings(tx, official, found.rows),
      }
    })
    const calendar = await policies.calendar()
    return {
      items: await Promise.all(rows.map((row) => line(official, row, calendar, standing(row)))),
      total,
      page,
      pageSize,
      counts,
    }
  }

  /**
   * The orders on a case with all that was said; whoever was rated in it sees that there are some, not what is said.
   * @param rated the official is one of those the case is about
   */
  async function ofCase(official: Official, evaluationId: string, rated: boolean) {
    const { rows, entries, evidence, standing } = await asStaff(app.db, placeOf(official), async (tx) => {
      const found = await store.ordersOf(tx, evaluationId)
      return {
        rows: found,
        entries: await store.supervisionHistory(tx, evaluationId),
        evidence: await files.ofCase(tx, evaluationId),
        standing: await standings(tx, official, found),
      }
    })
    const names = await identity.accountNames(entries.flatMap(({ actor }) => accountIdOf(actor) ?? []))
    const calendar = await policies.calendar()
    const steps = (row: OrderRow) =>
      entries
        .filter(({ payload }) => payload.orderId === row.order_id)
        .map((entry) => {
          const account = accountIdOf(entry.actor)
          const named = rated ? [] : fileIdsOf(entry)
          return {
            entryId: entry.entry_id,
            kind: entry.kind,
            label: STEPS[entry.kind] ?? entry.kind,
            at: rated ? shanghaiDay(entry.recorded_at) : entry.recorded_at.toISOString(),
            actorLabel: account === null ? '系统' : (names.get(account) ?? '已停用的账号'),
            texts: rated
              ? []
              : Object.entries(entry.content ?? {}).map(([name, text]) => ({
                  label: TEXTS[name] ?? name,
                  text,
                })),
            files: evidence.filter((file) => named.includes(file.fileId)),
            position: rated ? null : entry.position,
          }
        })
    return {
      entries,
      evidence,
      orders: await Promise.all(
        rows.map(async (row) => ({
          ...(await line(official, row, calendar, standing(row))),
          clock: { label: row.clock.label, source: row.clock.source, days: row.clock.days },
          steps: steps(row),
        })),
      ),
    }
  }

  return { list, ofCase }
}
export type OrderViews = ReturnType<typeof makeOrderViews>
