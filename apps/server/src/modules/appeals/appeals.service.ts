import {
  APPEAL_FILING,
  type AppealClaim,
  type AppealField,
  type AppealFieldValues,
  appealEventRule,
  checkAppealFiling,
  isAppealEvent,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { conflict, forbidden, notFound } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import { type FilesService, type UploadedFile, unknownFile } from '../files/files.service.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import { makeAppealClocks, type Policies } from './appeal.clock.ts'
import { makeAppealMover } from './appeal.deadlines.ts'
import { invalidAppeal, makeAppealMoves } from './appeal.moves.ts'
import { makeInvolved } from './appeal.parties.ts'
import { actorFor, isAppellant } from './appeal.rights.ts'
import { awaitsDecision } from './appeal.ts'
import { appealChores } from './appeals.chores.ts'
import { makeCitizenSide } from './appeals.citizen.ts'
import { type FilingNeeds, makeFiling } from './appeals.filing.ts'
import * as store from './appeals.store.ts'
import { type AppealViewNeeds, makeAppealViews } from './appeals.view.ts'

interface Needs extends Omit<AppealViewNeeds, 'involvedIn'> {
  /** the case that a rating is part of */
  cases: Parameters<typeof makeInvolved>[1]
  about: AppealViewNeeds['about'] & Parameters<typeof makeInvolved>[2]
  catalog: AppealViewNeeds['catalog'] & FilingNeeds['catalog']
  policies: Policies
  files: FilesService
}

/** An event as an official asks for it: on the version that was on the screen, with the values of its fields. */
export interface AppealAct {
  version: number
  values: Record<string, string | string[]>
}

export const unknownAppeal = () => notFound('appeal-unknown', '这条评价没有申诉，或不在您的管辖范围内。')

export type AppealsService = ReturnType<typeof makeAppealsService>

/**
 * Appeals of those who were rated (R29, Q99, Q100): filed with evidence, answered by the citizen, decided one level
 * up and, once more and for good, by the city.
 */
export function makeAppealsService(app: App, needs: Needs) {
  const clocks = makeAppealClocks(needs.policies)
  const moves = makeAppealMoves(app, clocks)
  const filing = makeFiling(app, needs, clocks)
  const involvedIn = makeInvolved(app, needs.cases, needs.about)
  const views = makeAppealViews(app, { ...needs, involvedIn })

  /** Files that are named, all of them of this rating. */
  async function evidence(tx: Tx, id: string, values: AppealFieldValues) {
    const named = Array.isArray(values.evidence) ? (values.evidence as string[]) : []
    const files = await needs.files.named(tx, id, named, 'appeal')
    if (files.length !== new Set(named).size)
      throw invalidAppeal([{ field: 'evidence', message: '证据材料：有文件不属于这条评价，请重新上传。' }])
    return files
  }

  /**
   * Files an appeal against a rating.
   * @throws Problem 404 evaluation-unknown; 403 appeal-not-yours; 409 not-negative, already-not-adopted,
   * appeal-running, appeal-decided, appeal-late (with the date); 422 invalid with one error a field
   */
  async function file(official: Official, id: string, given: AppealAct['values']) {
    const { evaluation, kind, number } = await filing.check(official, id)
    const values = cleaned(APPEAL_FILING, given)
    const problems = checkAppealFiling(values)
    if (problems.length > 0)
      throw invalidAppeal(problems.map((p) => ({ field: p.field ?? 'claim', message: p.message })))
    const firstInstance = await filing.firstInstance(evaluation.organization_id)
    await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await moves.file(tx, {
        evaluation,
        kind,
        number,
        firstInstance,
        accountId: official.accountId,
        actor: actorOf(official),
        claim: values.claim as AppealClaim,
        statement: values.statement as string,
        files: await evidence(tx, id, values),
      })
      if (!row) throw conflict('appeal-running', '这条评价刚刚已有人提出申诉。')
    })
    app.nudge()
    return views.detail(official, id)
  }

  /**
   * Lets an event happen, as an official asks for it, in one transaction; gives the appeal as it is then.
   * @throws Problem 404 appeal-unknown, event-unknown; 403 event-not-allowed; 409 appeal-stale when somebody was
   * there first; 422 invalid
   */
  async function act(official: Official, id: string, event: string, { version, values }: AppealAct) {
    if (!isAppealEvent(event)) throw notFound('event-unknown', '没有这个操作。')
    const involved = await involvedIn(id)
    await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await store.lockLast(tx, id)
      if (!row) throw unknownAppeal()
      const as = actorFor(official, row, event, involved)
      if (row.version !== version)
        throw conflict('appeal-stale', '申诉刚刚有了变化（可能已被他人处理），请刷新后再操作。')
      const clean = cleaned(appealEventRule(event).fields, values)
      await moves.apply(tx, row, {
        event,
        as,
        actor: actorOf(official),
        accountId: official.accountId,
        values: clean,
        files: await evidence(tx, id, clean),
      })
    })
    app.nudge()
    return views.detail(official, id)
  }

  /**
   * Keeps a piece of evidence for an appeal that runs, or is about to be filed.
   * @throws Problem as `file` before there is an appeal; 403 appeal-not-yours, 409 appeal-over; and as `files.keep`
   */
  async function attach(official: Official, id: string, sent: UploadedFile) {
    const [row] = await asStaff(app.db, placeOf(official), (tx) => store.appealsOf(tx, id))
    if (!row || row.state === 'withdrawn') await filing.check(official, id)
    else if (!isAppellant(official, row))
      throw forbidden('appeal-not-yours', '只有申诉人一方可以上传证据材料。')
    else if (!awaitsDecision(row) && row.state !== 'decided')
      throw conflict('appeal-over', '申诉已经终结，不能再上传材料。')
    const kept = await needs.files.keep(id, sent, official.accountId, 'appeal')
    return asStaff(app.db, placeOf(official), (tx) => needs.files.record(tx, kept))
  }

  /**
   * A piece of evidence that was given for an appeal, for who may see that appeal; before it is given, for who sent it.
   * What the case holds is not reached through here: it may tell who rated.
   * @throws Problem 404 file-unknown
   */
  async function openFile(official: Official, id: string, fileId: string) {
    const file = await needs.files.open(official, id, fileId, 'appeal')
    if (file.uploadedBy === official.accountId) return file
    const seen = await asStaff(app.db, placeOf(official), (tx) => store.appealsOf(tx, id))
    // A case may be worked on in two districts; its appeal is of one.
    if (seen.length === 0 || !file.namedIn.some((kind) => kind.startsWith('appeal.'))) throw unknownFile()
    return file
  }

  /** How the last appeal against a rating stands, for the pages about it; null when there is none to see. */
  async function ofEvaluation(official: Official, id: string) {
    const [row] = await asStaff(app.db, placeOf(official), (tx) => store.appealsOf(tx, id))
    return row ? views.summary(row) : null
  }

  return {
    file,
    act,
    attach,
    openFile,
    ofEvaluation,
    /** What a page about a rating says of appeals: the last one, and whether the official may file one. */
    filing: async (official: Official, id: string) => ({
      ...(await filing.chance(official, id)),
      appeal: await ofEvaluation(official, id),
    }),
    list: views.list,
    detail: views.detail,
    ofRatings: views.ofRatings,
    ...makeCitizenSide(app, { catalog: needs.catalog, moves, clocks }),
    correctDeadlines: makeAppealMover(app, moves),
    chores: appealChores(app, { moves, policies: needs.policies }),
  }
}

/** Text without control characters; what is not a field is left for the rules to refuse. */
function cleaned(fields: readonly AppealField[], values: AppealAct['values']): AppealFieldValues {
  const texts = new Set(fields.filter(({ type }) => type === 'text').map(({ name }) => name))
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && texts.has(name) ? cleanText(value) : value,
    ]),
  )
}
