import type { OrderKind } from '@haochaping/rules'
import type { ExpectedCase } from './casework.ts'
import type { Random } from './random.ts'
import type { Stage } from './stage.ts'
import { ORDER_WORDS as SAY } from './words.officials.ts'
import { afterOfficeMinutes } from './worktime.ts'

/** How a supervision order is to go. */
export interface OrderPlan {
  kind: OrderKind
  /** office minutes from the opening of the case */
  after: number
  /** how far it comes; an open one is not answered, and so becomes late */
  course: 'open' | 'answered' | 'returned' | 'accepted' | 'accepted-later' | 'withdrawn'
}

/** An order on a case that nobody chose one for; undefined: none is given. */
export function drawnOrder(random: Random): OrderPlan | undefined {
  if (!random.chance(0.05)) return undefined
  return {
    kind: random.weighted([
      [6, 'urge'],
      [3, 'supervise'],
      [1, 'listed'],
    ]),
    after: random.between(400, 1_800),
    course: random.weighted([
      [6, 'accepted'],
      [2, 'accepted-later'],
      [1, 'open'],
      [1, 'withdrawn'],
    ]),
  }
}

/** Plays supervision orders on cases (R18, Q74). */
export function makeOrderWork({ services, officials, calendar, later, tried }: Stage) {
  const { orders, ofCase } = services.supervision

  function give(expected: ExpectedCase, plan: OrderPlan): void {
    const { evaluationId: id } = expected
    let orderId = ''
    const step = (by: 'manager' | 'handler', event: string, values: Record<string, string>) =>
      tried(`order ${event}`, async () => {
        const official = await officials[by](expected.organizationId)
        const order = (await ofCase(official, id)).orders.find((one) => one.orderId === orderId)
        await orders.act(official, id, orderId, event, { version: order?.version ?? 0, values })
      })
    const answer = () => step('handler', 'answer', { answer: SAY.answer })
    const accept = () => step('manager', 'accept', { note: SAY.accepted })
    const giveBack = () => step('manager', 'return', { note: SAY.returned })
    const COURSES: Record<OrderPlan['course'], readonly (() => Promise<boolean>)[]> = {
      open: [],
      answered: [answer],
      returned: [answer, giveBack],
      accepted: [answer, accept],
      'accepted-later': [answer, giveBack, answer, accept],
      withdrawn: [() => step('manager', 'withdraw', { note: SAY.withdrawn })],
    }
    function next(steps: readonly (() => Promise<boolean>)[], from: Date): void {
      const [first, ...rest] = steps
      const at = afterOfficeMinutes(calendar, from, 300)
      if (first)
        later(at, async () => {
          if (await first()) next(rest, at)
        })
    }
    const issuedAt = afterOfficeMinutes(calendar, expected.openedAt, plan.after)
    later(issuedAt, async () => {
      const issued = await tried('order issue', async () => {
        const official = await officials.manager(expected.organizationId)
        orderId = await orders.issue(official, id, { kind: plan.kind, demand: SAY.demand[plan.kind] })
      })
      if (issued) next(COURSES[plan.course], issuedAt)
    })
  }

  return { give }
}
export type OrderWork = ReturnType<typeof makeOrderWork>
