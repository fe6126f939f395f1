import { allowedOrderEvents, type OrderEvent, orderEventRule } from '@haochaping/rules'
import type { Official } from '../identity/official.ts'
import type { CaseRef } from '../rectification/registers.service.ts'
import type { OrderRow } from './order.ts'

/** What an official is to an order beside their place: what its case and its history say of them. */
export interface OrderStanding {
  /** they are one of those the case is about, whichever rating of the affair opened it */
  rated: boolean
  /** they answered it, in whatever role they were then */
  answered: boolean
}

/** May answer: somebody of the organisation it is addressed to. */
const mayAnswer = (official: Official, row: OrderRow): boolean =>
  official.permissions.includes('supervision.answer') &&
  row.organization_path.startsWith(official.organizationPath)

/** May judge the answer: the authority that gave the order or one above it, never the organisation it is addressed to. */
const maySupervise = (official: Official, row: OrderRow): boolean =>
  official.permissions.includes('supervision.manage') &&
  row.issuer_path.startsWith(official.organizationPath) &&
  official.organizationId !== row.organization_id

/** Why an official may not take a step of an order, whatever its state; null: they may. */
export function whyNotOrder(
  official: Official,
  row: OrderRow,
  event: OrderEvent,
  standing: OrderStanding,
): string | null {
  const { actor } = orderEventRule(event)
  if (standing.rated) return '被评价人本人不能办理。'
  if (actor === 'addressee' && !mayAnswer(official, row)) return '只能由被督办单位的经办人或负责人办理。'
  if (actor === 'supervisor' && !maySupervise(official, row)) return '只能由发出督办的主管部门或其上级办理。'
  return actor === 'supervisor' && standing.answered ? '您答复过这项督办，不能再审核它。' : null
}

/** The steps this official may take now: what is offered is what the server lets them do. */
export const orderEventsFor = (official: Official, row: OrderRow, standing: OrderStanding): OrderEvent[] =>
  [...allowedOrderEvents(row.state, 'addressee'), ...allowedOrderEvents(row.state, 'supervisor')].filter(
    (event) => whyNotOrder(official, row, event, standing) === null,
  )

/** Why an official may not give an order on a case that they see, and may be `rated` in; null: they may. */
export function whyNotIssue(official: Official, about: CaseRef, rated: boolean): string | null {
  if (about.organization_id === official.organizationId)
    return '不能督办本单位自己办理的差评件，须由上级主管部门督办。'
  return rated ? '被评价人不能督办针对自己的差评件。' : null
}

/** Whether giving an order on a case is offered. */
export const mayIssue = (official: Official, about: CaseRef, rated: boolean): boolean =>
  official.permissions.includes('supervision.manage') &&
  about.organization_path.startsWith(official.organizationPath) &&
  about.state !== 'closed' &&
  whyNotIssue(official, about, rated) === null
