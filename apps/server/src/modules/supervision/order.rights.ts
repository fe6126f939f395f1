import { allowedOrderEvents, type OrderEvent } from '@haochaping/rules'
import { isRated, type Official } from '../identity/official.ts'
import type { OrderRow } from './order.ts'

/** May answer: somebody of the organisation it is addressed to, but never the one who was rated. */
export const mayAnswer = (official: Official, row: OrderRow): boolean =>
  official.permissions.includes('supervision.answer') &&
  row.organization_path.startsWith(official.organizationPath) &&
  !isRated(official, row.staff_number)

/**
 * May judge the answer: the authority that gave the order or one above it, never the organisation it is addressed to,
 * nor the one who was rated.
 */
export const maySupervise = (official: Official, row: OrderRow): boolean =>
  official.permissions.includes('supervision.manage') &&
  row.issuer_path.startsWith(official.organizationPath) &&
  official.organizationId !== row.organization_id &&
  !isRated(official, row.staff_number)

/** The steps this official may take now. */
export const orderEventsFor = (official: Official, row: OrderRow): OrderEvent[] => [
  ...(mayAnswer(official, row) ? allowedOrderEvents(row.state, 'addressee') : []),
  ...(maySupervise(official, row) ? allowedOrderEvents(row.state, 'supervisor') : []),
]
