import {
  CASE_STATES,
  type CaseFieldValues,
  caseEventRule,
  isCaseEvent,
  shanghaiDate,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { conflict, type FieldProblem, forbidden, notFound } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import type { FilesService, UploadedFile } from '../files/files.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { actorOf, isRated, type Official, placeOf } from '../identity/official.ts'
import { makeCaseClocks, type Policies } from './case.clock.ts'
import { invalidCase, makeCaseMoves } from './case.moves.ts'
import { checkMayAct, mayHandle } from './case.rights.ts'
import type { CaseRow } from './case.ts'
import { caseChores } from './rectification.chores.ts'
import { makeCitizenSide } from './rectification.citizen.ts'
import { caseOpener } from './rectification.consumer.ts'
import * as store from './rectification.store.ts'
import { type CaseViewNeeds, makeCaseViews } from './rectification.view.ts'

interface Needs extends CaseViewNeeds {
  policies: Policies
  files: FilesService
  identity: Pick<IdentityService, 'verifiersFor' | 'accountNames'>
}

/** An event as an official asks for it: on the version that was on the screen, with the values of its fields. */
export interface CaseAct {
  version: number
  values: Record<string, string | string[]>
}

/** State of the case of each rating, where there is one and the official may see it. */
export const makeCaseStates = (app: App) => async (official: Official, ids: string[]) => {
  if (ids.length === 0) return new Map<string, { state: string; stateLabel: string }>()
  const rows = await asStaff(app.db, placeOf(official), (tx) => store.statesOf(tx, ids))
  return new Map(
    rows.map((row) => [
      row.evaluation_id,
      { state: row.state, stateLabel: CASE_STATES[row.state as CaseRow['state']] },
    ]),
  )
}

const unknownCase = () => notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')

export type RectificationService = ReturnType<typeof makeRectificationService>

/** Cases from negative ratings: opened by the ledger, worked by officials, judged by the citizen (R14–R17, R20). */
export function makeRectificationService(app: App, needs: Needs) {
  const clocks = makeCaseClocks(needs.policies)
  const moves = makeCaseMoves(app, clocks)
  const views = makeCaseViews(app, needs)
  const citizen = makeCitizenSide(app, { ...needs, clocks, moves })

  async function locked(tx: Tx, id: string): Promise<CaseRow> {
    const row = await store.lockCase(tx, id)
    if (!row) throw unknownCase()
    return row
  }

  /** What the table of the rules cannot know: who may be verifier, how late a promise may be, whose files they are. */
  async function checkValues(tx: Tx, row: CaseRow, values: CaseFieldValues, event: string) {
    const errors: FieldProblem[] = []
    if (event === 'sign') {
      const known = await needs.identity.verifiersFor(row.organization_id)
      const verifier = known.find((v) => v.accountId === values.verifier)
      if (!verifier) errors.push({ field: 'verifier', message: '核实人：应为办理单位的在册人员。' })
      else if (row.staff_number !== '' && verifier.staffNumber === row.staff_number)
        errors.push({ field: 'verifier', message: '核实人：被评价人不能核实针对自己的评价。' })
    }
    if (event === 'promise' && typeof values.promisedOn === 'string')
      errors.push(...(await checkPromise(row, values.promisedOn)))
    const named = Array.isArray(values.evidence) ? (values.evidence as string[]) : []
    const files = await needs.files.named(tx, row.evaluation_id, named)
    if (files.length !== new Set(named).size)
      errors.push({ field: 'evidence', message: '佐证材料：有文件不属于这个差评件，请重新上传。' })
    if (errors.length > 0) throw invalidCase(errors)
    return files
  }

  async function checkPromise(row: CaseRow, promisedOn: string): Promise<FieldProblem[]> {
    const { clock, dueAt } = await clocks.promiseLimit(row)
    const wrong = (why: string) => [{ field: 'promisedOn', message: `承诺完成日期：${why}` }]
    if (promisedOn <= shanghaiDate(app.clock())) return wrong('应晚于今天。')
    const last = shanghaiDate(dueAt)
    return promisedOn > last ? wrong(`最晚 ${last}（限期整改最长 ${clock.value} 个工作日）。`) : []
  }

  /**
   * Lets an event happen, as an official asks for it, in one transaction; gives the case as it is then.
   * @throws Problem 404 case-unknown, event-unknown; 403 event-not-allowed; 409 case-stale when somebody was there
   * first; 422 invalid with one error a field
   */
  async function act(official: Official, id: string, event: string, { version, values }: CaseAct) {
    if (!isCaseEvent(event)) throw notFound('event-unknown', '没有这个操作。')
    await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await locked(tx, id)
      await checkMayAct(needs.catalog, official, row, event)
      if (row.version !== version)
        throw conflict('case-stale', '差评件刚刚有了变化（可能已被他人处理），请刷新后再操作。')
      const clean = cleaned(event, values)
      const move = { event, actor: actorOf(official), values: clean }
      moves.check(row, move)
      const files = await checkValues(tx, row, clean, event)
      return moves.apply(tx, row, { ...move, files })
    })
    app.nudge()
    return views.detail(official, id)
  }

  /**
   * Keeps a piece of evidence for a case. The file is on disk before its row is written.
   * @throws Problem 404 case-unknown, 403 event-not-allowed, 409 case-closed, and as `files.inspect`
   */
  async function attach(official: Official, id: string, file: UploadedFile) {
    const place = placeOf(official)
    await asStaff(app.db, place, async (tx) => {
      const row = await store.caseById(tx, id)
      if (!row) throw unknownCase()
      if (!mayHandle(official, row))
        throw forbidden('event-not-allowed', '只有办理单位的人员可以上传佐证材料。')
      if (row.state === 'closed') throw conflict('case-closed', '差评件已办结，不能再上传材料。')
    })
    const kept = await needs.files.keep(id, file, official.accountId)
    return asStaff(app.db, place, (tx) => needs.files.record(tx, kept))
  }

  /**
   * A piece of evidence with its content.
   * @throws Problem 404 case-unknown, file-unknown; 403 own-rating for the person who was rated
   */
  async function file(official: Official, id: string, fileId: string) {
    const row = await asStaff(app.db, placeOf(official), (tx) => store.caseById(tx, id))
    if (!row) throw unknownCase()
    if (isRated(official, row.staff_number))
      throw forbidden('own-rating', '佐证材料可能涉及评价人身份，被评价人不能查看。')
    return needs.files.open(official, id, fileId)
  }

  return {
    act,
    attach,
    file,
    list: views.list,
    detail: views.detail,
    statesOf: makeCaseStates(app),
    ...citizen,
    consumer: caseOpener(moves),
    chores: caseChores(app, { clocks, moves, policies: needs.policies }),
  }
}

/** Text without control characters; what is not a field of the event is left for the rules to refuse. */
function cleaned(event: Parameters<typeof caseEventRule>[0], values: CaseAct['values']): CaseFieldValues {
  const texts = new Set(
    caseEventRule(event)
      .fields.filter((field) => field.type === 'text')
      .map((field) => field.name),
  )
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && texts.has(name) ? cleanText(value) : value,
    ]),
  )
}
