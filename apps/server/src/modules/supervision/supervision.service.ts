import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { notFound } from '../../platform/problem.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { makeConcerned } from '../rectification/case.concerned.ts'
import type { RegistersService } from '../rectification/registers.service.ts'
import { type CheckNeeds, makeChecks } from './checks.service.ts'
import { inspectorsOf, makeCheckViews } from './checks.view.ts'
import { makeSupervisionFigures } from './figures.service.ts'
import { type FindingNeeds, makeFindings } from './findings.service.ts'
import { makeOrderMover } from './order.deadlines.ts'
import { mayIssue } from './order.rights.ts'
import { orderChores } from './orders.chores.ts'
import { makeOrders, type OrderNeeds } from './orders.service.ts'
import { makeOrderViews, type SupervisionNames } from './orders.view.ts'
import { makeRetaliation } from './retaliation.service.ts'
import { stepsOf } from './supervision.steps.ts'

interface Needs {
  registers: RegistersService
  rectification: FindingNeeds['rectification']
  catalog: SupervisionNames['catalog'] & CheckNeeds['catalog']
  identity: SupervisionNames['identity']
  policies: OrderNeeds['policies']
  files: SupervisionNames['files'] & FindingNeeds['files']
  /** whom a rating, a complaint or a case is about */
  about: ReturnType<typeof makeConcerned>
}

export type SupervisionService = ReturnType<typeof makeSupervisionService>

/** Supervision by district and city (R18, Q71–Q74): orders, spot checks, reports of retaliation, and what they come to. */
export function makeSupervisionService(app: App, needs: Needs) {
  const { registers, identity } = needs
  const cases = registers
  const orders = makeOrders(app, { ...needs, cases })
  const orderViews = makeOrderViews(app, needs)
  const checkViews = makeCheckViews(app, { ...needs, cases })
  const figures = makeSupervisionFigures(app, needs)
  const inspectors = inspectorsOf(identity)

  async function recordFor(official: Official, evaluationId: string) {
    const found = await asStaff(app.db, placeOf(official), (tx) => cases.ref(tx, evaluationId))
    if (!found) throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
    const rated = (await needs.about.concerned(official, [evaluationId])).has(evaluationId)
    const { entries, evidence, orders: given } = await orderViews.ofCase(official, evaluationId, rated)
    const findings = rated ? [] : await checkViews.inCase(official, evaluationId, entries, evidence)
    return { found, rated, orders: given, findings, entries }
  }

  /**
   * All of supervision about one case: its orders, what spot checks found, and whether one may give an order.
   * @throws Problem 404 case-unknown
   */
  async function ofCase(official: Official, evaluationId: string) {
    const { found, rated, orders: given, findings } = await recordFor(official, evaluationId)
    return {
      id: evaluationId,
      orders: given,
      findings,
      mayOrder: mayIssue(official, found, rated),
    }
  }

  /**
   * The same for the case's timeline and its file: every step in the order it was taken.
   * @throws Problem 404 case-unknown
   */
  async function recordOf(official: Official, evaluationId: string) {
    const { orders: given, findings, entries } = await recordFor(official, evaluationId)
    return {
      orders: given,
      findings,
      steps: stepsOf({ id: evaluationId, orders: given, findings, entries }),
    }
  }

  return {
    ofCase,
    recordOf,
    orders: { ...orders, list: orderViews.list },
    checks: { ...makeChecks(app, { ...needs, cases }), ...checkViews },
    findings: makeFindings(app, { ...needs, cases, inspectors }),
    retaliation: makeRetaliation(app, { ...needs, cases }),
    ...figures,
    correctDeadlines: makeOrderMover(app, orders),
    chores: orderChores(app, orders, needs.policies),
  }
}
