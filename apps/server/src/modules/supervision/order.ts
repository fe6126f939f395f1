import { encodeValue } from '@haochaping/ledger'
import {
  type Clock,
  nextWarning,
  type OrderKind,
  type OrderState,
  orderAwaitsAnswer,
  type WorkCalendar,
} from '@haochaping/rules'
import type { Selectable } from 'kysely'
import { sm3 } from '../../platform/crypto/sm.ts'
import type { SupervisionOrderTable } from '../../platform/tables.supervision.ts'
import type { JsonValue } from '../../platform/tables.ts'

/** An order as it is stored; kinds and states are written by this room alone, from the table of the rules. */
export type OrderRow = Omit<Selectable<SupervisionOrderTable>, 'kind' | 'state' | 'clock'> & {
  kind: OrderKind
  state: OrderState
  clock: Clock
}

const iso = (at: Date | null) => at?.toISOString() ?? null

/** Everything that stands in an order's row, as it stands in the journal entry that made it so. */
export const orderFacts = (row: OrderRow): Record<string, JsonValue> => ({
  orderId: row.order_id,
  orderKind: row.kind,
  to: row.state,
  caseNumber: row.case_number,
  itemCode: row.item_code,
  organizationId: row.organization_id,
  organizationPath: row.organization_path,
  regionCode: row.region_code,
  staffNumber: row.staff_number,
  issuerId: row.issuer_id,
  issuerPath: row.issuer_path,
  issuedBy: row.issued_by,
  issuedAt: row.issued_at.toISOString(),
  clock: {
    policyKey: row.clock.key,
    policyVersion: row.clock.version,
    policyValue: row.clock.value,
    startedAt: row.clock.startedAt,
    dueAt: iso(row.due_at),
    provisional: row.due_provisional,
    arithmeticDigest: sm3(encodeValue(row.clock as unknown as { [key: string]: JsonValue })).toString('hex'),
  },
  overdue: row.overdue,
  everOverdue: row.ever_overdue,
  answeredAt: iso(row.answered_at),
  closedAt: iso(row.closed_at),
  version: row.version,
  nextAlarmAt: iso(row.next_alarm_at),
})

/** What entries from before there were warnings did not hold. */
export const LATER_ORDER_FACTS = ['nextAlarmAt'] as const

/** True once the answer is late, whether or not the clock-keeper has come by yet. */
export const isOrderLate = (row: Pick<OrderRow, 'state' | 'due_at'>, now: Date): boolean =>
  orderAwaitsAnswer(row.state) && row.due_at !== null && now > row.due_at

/** A clock's part of a row. */
export const clockColumns = (clock: Clock, calendar: WorkCalendar) => ({
  clock,
  due_at: clock.dueAt === null ? null : new Date(clock.dueAt),
  due_provisional: clock.provisional,
  next_alarm_at: nextWarning(clock, calendar)?.at ?? null,
})
