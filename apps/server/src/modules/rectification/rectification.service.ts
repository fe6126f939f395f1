import {
  CASE_STATES,
  type CaseActor,
  type CaseEvent,
  type CaseFieldValues,
  caseEventRule,
  isCaseEvent,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { conflict, forbidden, notFound } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import { type FilesService, type UploadedFile, unknownFile } from '../files/files.service.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import { type CheckNeeds, makeCaseChecks } from './case.checks.ts'
import { makeCaseClocks, type Policies } from './case.clock.ts'
import { type JoiningNeeds, makeJoining } from './case.joining.ts'
import { makeCaseMoves } from './case.moves.ts'
import { actorsOf, checkMayAct } from './case.rights.ts'
import { type CaseAct, makeTogether } from './case.together.ts'
import type { CaseRow } from './case.ts'
import { makeCaseMover } from './deadlines.ts'
import { caseChores } from './rectification.chores.ts'
import { makeCitizenSide } from './rectification.citizen.ts'
import { caseOpener, type Matters } from './rectification.consumer.ts'
import * as store from './rectification.store.ts'
import { type CaseViewNeeds, makeCaseViews } from './rectification.view.ts'

interface Needs extends CaseViewNeeds {
  catalog: CaseViewNeeds['catalog'] & CheckNeeds['catalog']
  policies: Policies
  lostClaims: CheckNeeds['lostClaims']
  files: FilesService
  people: CaseViewNeeds['people'] & JoiningNeeds['people']
  identity: CaseViewNeeds['identity']
  mattersOf: Matters
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

const OWN_MATTER = '被评价人不得办理针对自己的评价。'
/** Whoever may hand in evidence. */
const ATTACHING: readonly CaseActor[] = ['handler', 'co_handler', 'supervisor']

export type RectificationService = ReturnType<typeof makeRectificationService>

/** Cases from negative ratings: opened by the ledger, worked by officials, judged by the citizen (R14–R17, R20). */
export function makeRectificationService(app: App, needs: Needs) {
  const clocks = makeCaseClocks(needs.policies)
  const moves = makeCaseMoves(app, { clocks, policies: needs.policies })
  const checks = makeCaseChecks(app, { ...needs, clocks })
  const views = makeCaseViews(app, needs)
  const citizen = makeCitizenSide(app, { ...needs, clocks, moves })
  const isAboutThem = async (official: Official, id: string) =>
    (await needs.concerned(official, [id])).has(id)

  /** Lets an event happen, as an official asks for it, in one transaction; gives the case's row as it is then. */
  async function perform(official: Official, id: string, event: CaseEvent, { version, values }: CaseAct) {
    const done = await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await store.lockCase(tx, id)
      if (!row) throw await views.refusal(official, id)
      if (await isAboutThem(official, id))
        throw forbidden('event-not-allowed', `不能“${caseEventRule(event).label}”：${OWN_MATTER}`)
      await checkMayAct(needs.catalog, official, row, event)
      if (row.version !== version)
        throw conflict('case-stale', '差评件刚刚有了变化（可能已被他人处理），请刷新后再操作。')
      const move = { event, actor: actorOf(official), values: cleaned(event, values) }
      await moves.check(row, move)
      return moves.apply(tx, row, await checks.complete(tx, official, row, move))
    })
    app.nudge()
    return done
  }

  const eventNamed = (event: string): CaseEvent => {
    if (!isCaseEvent(event)) throw notFound('event-unknown', '没有这个操作。')
    return event
  }

  /**
   * Lets an event happen, as an official asks for it; gives the case as it is then.
   * @throws Problem 404 case-unknown, event-unknown; 403 event-not-allowed, case-transferred; 409 case-stale when
   * somebody was there first; 422 invalid with one error a field
   */
  async function act(official: Official, id: string, event: string, given: CaseAct) {
    await perform(official, id, eventNamed(event), given)
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
      if (!row) throw await views.refusal(official, id)
      if (await isAboutThem(official, id)) throw forbidden('event-not-allowed', OWN_MATTER)
      const own = await actorsOf(needs.catalog, official, row)
      if (!own.some((actor) => ATTACHING.includes(actor)))
        throw forbidden('event-not-allowed', '只有办理单位、协办单位和督查部门的人员可以上传佐证材料。')
      if (row.state === 'closed' && !own.includes('supervisor'))
        throw conflict('case-closed', '差评件已办结，不能再上传材料。')
    })
    const kept = await needs.files.keep(id, file, official.accountId, 'case')
    return asStaff(app.db, place, (tx) => needs.files.record(tx, kept))
  }

  /**
   * A piece of evidence with its content.
   * @throws Problem 404 case-unknown, file-unknown; 403 own-rating for the person who was rated
   */
  async function file(official: Official, id: string, fileId: string) {
    const row = await asStaff(app.db, placeOf(official), (tx) => store.caseById(tx, id))
    if (!row) throw await views.refusal(official, id)
    if (await isAboutThem(official, id))
      throw forbidden('own-rating', '佐证材料可能涉及评价人身份，被评价人不能查看。')
    const opened = await needs.files.open(official, id, fileId, 'case', 'supervision')
    // What an inspector brought along is the case's once the case says so.
    if (opened.purpose === 'supervision' && !opened.namedIn.some((kind) => kind.startsWith('case.')))
      throw unknownFile()
    return opened
  }

  return {
    act,
    ...makeTogether(app, { seen: views.seen, catalog: needs.catalog, perform }),
    attach,
    file,
    list: views.list,
    counts: views.counts,
    detail: views.detail,
    statesOf: makeCaseStates(app),
    ...citizen,
    moves,
    consumer: caseOpener(
      makeJoining(app, { moves, policies: needs.policies, people: needs.people }),
      needs.mattersOf,
    ),
    correctDeadlines: makeCaseMover(app, { clocks, moves }),
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
