import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { conflict, notFound, Problem } from '../../platform/problem.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { Concerned } from '../rectification/case.concerned.ts'
import type { RegistersService } from '../rectification/registers.service.ts'
import type { SupervisionNames } from './orders.view.ts'
import { makeReportSealing } from './retaliation.sealing.ts'
import * as store from './retaliation.store.ts'
import { RETALIATION_OUTCOMES, RETALIATION_STATES, type ReportRow, reportFacts } from './retaliation.store.ts'

/** Longest text of a report or its answer. */
export const RETALIATION_TEXT_MAX = 1000
/** Reports about one rating. */
const REPORTS_MAX = 5

/** The rating a citizen reports about, as its receipt knows it. */
export interface RatingRef {
  evaluationId: string
  organizationId: string
  regionCode: string
}

const unknown = () => notFound('report-unknown', '没有这份反映。')
const invalid = (field: string, message: string) =>
  new Problem(422, 'invalid', message, { field, errors: [{ field, message }] })

/**
 * Reports of retaliation (P6, Q81): from the citizen straight to the city authority, past organisation and district.
 * What is said lies sealed beside the journal; the database shows neither report nor text to anybody else.
 */
export function makeRetaliation(
  app: App,
  needs: {
    catalog: SupervisionNames['catalog']
    identity: Pick<SupervisionNames['identity'], 'accountNames'>
    cases: Pick<RegistersService, 'ref'>
    about: { concerned: Concerned }
  },
) {
  const ids = app.keys.derive('ids')
  const sealing = makeReportSealing(app.keys)

  const entry = (
    tx: Tx,
    row: ReportRow,
    event: 'reported' | 'answered',
    actor: string,
    text: Record<string, string>,
  ) =>
    appendEntry(tx, {
      subjectId: row.evaluation_id,
      kind: `supervision.retaliation_${event}`,
      actor,
      at: app.clock(),
      payload: reportFacts(row),
      text: Object.fromEntries(
        Object.entries(text).map(([name, value]) => [name, sealing.seal(row, name, value)]),
      ),
    })

  const asHearer = <T>(official: Official, work: (tx: Tx) => Promise<T>) =>
    asStaff(app.db, placeOf(official), async (tx) => {
      await store.hearAs(tx, official.role)
      return work(tx)
    })

  /** Nobody hears what is said of themselves, or of what they were rated in too. @throws Problem 404 report-unknown */
  async function checkNotOwn(official: Official, evaluationId: string): Promise<void> {
    if ((await needs.about.concerned(official, [evaluationId])).size > 0) throw unknown()
  }

  const checkedText = (field: string, label: string, given: string | undefined): string => {
    const text = cleanText(given)
    if (!text) throw invalid(field, `${label}：请填写。`)
    if ([...text].length > RETALIATION_TEXT_MAX)
      throw invalid(field, `${label}：最多 ${RETALIATION_TEXT_MAX} 字，现有 ${[...text].length} 字。`)
    return text
  }

  /**
   * Takes a report. The same words sent twice are one report.
   * @throws Problem 422 invalid, 409 too-many-reports
   */
  async function report(rating: RatingRef, given: { statement: string; contact?: string | undefined }) {
    const statement = checkedText('statement', '发生了什么', given.statement)
    const contact = cleanText(given.contact)
    if (contact && [...contact].length > 100) throw invalid('contact', '联系方式：最多 100 字。')
    const organization = await needs.catalog.organization(rating.organizationId)
    const row: ReportRow = {
      evaluation_id: rating.evaluationId,
      report_id: derivedUuid(ids, 'retaliation', rating.evaluationId, statement),
      state: 'reported',
      outcome: null,
      organization_id: rating.organizationId,
      organization_path: organization?.path ?? '',
      region_code: rating.regionCode,
      reported_at: app.clock(),
      answered_at: null,
      answered_by: null,
      version: 1,
    }
    await app.db.intake.transaction().execute(async (tx) => {
      const earlier = await store.reportsOf(tx, rating.evaluationId)
      if (earlier.some((one) => one.report_id === row.report_id)) return
      if (earlier.length >= REPORTS_MAX)
        throw conflict('too-many-reports', '这次评价的反映已达上限，市级主管部门都已收到。')
      if (await store.insertReport(tx, row))
        await entry(tx, row, 'reported', 'citizen', { statement, ...(contact && { contact }) })
    })
    app.nudge()
  }

  /** A rating's reports as its evaluator sees them: when, and what was answered. What they wrote is not shown again. */
  async function citizenView(evaluationId: string) {
    const rows = await store.reportsOf(app.db.intake, evaluationId)
    const texts = rows.length === 0 ? [] : await store.sealedTexts(app.db.intake, evaluationId)
    return rows.map((row) => ({
      reportedAt: row.reported_at,
      answeredAt: row.answered_at,
      outcomeLabel: row.outcome && RETALIATION_OUTCOMES[row.outcome],
      answer: textOf(row, texts, 'answered', 'answer'),
    }))
  }

  const textOf = (
    row: ReportRow,
    texts: Awaited<ReturnType<typeof store.sealedTexts>>,
    event: 'reported' | 'answered',
    field: string,
  ) => {
    const sealed = texts.find(
      ({ kind, payload }) =>
        kind === `supervision.retaliation_${event}` && payload.reportId === row.report_id,
    )?.content[field]
    return sealed === undefined ? null : sealing.open(row, field, sealed)
  }

  const line = async (row: ReportRow) => ({
    id: row.evaluation_id,
    reportId: row.report_id,
    state: row.state,
    stateLabel: RETALIATION_STATES[row.state],
    outcome: row.outcome,
    outcomeLabel: row.outcome && RETALIATION_OUTCOMES[row.outcome],
    organizationName: (await needs.catalog.organization(row.organization_id))?.name ?? row.organization_id,
    regionName: (await needs.catalog.region(row.region_code))?.name ?? row.region_code,
    reportedAt: row.reported_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
    version: row.version,
  })

  /** The reports, those without an answer first. */
  async function list(official: Official, state: string | undefined, page: number, pageSize: number) {
    const { rows, total } = await asHearer(official, async (tx) => {
      const own = await needs.about.concerned(official, await store.reportedOn(tx))
      return store.listReports(tx, { state, without: [...own] }, page, pageSize)
    })
    return { items: await Promise.all(rows.map(line)), total, page, pageSize }
  }

  /** One report with what was said. @throws Problem 404 report-unknown */
  async function detail(official: Official, evaluationId: string, reportId: string) {
    const found = await asHearer(official, async (tx) => {
      await checkNotOwn(official, evaluationId)
      const row = (await store.reportsOf(tx, evaluationId)).find((one) => one.report_id === reportId)
      return (
        row && {
          row,
          texts: await store.sealedTexts(tx, evaluationId),
          about: await needs.cases.ref(tx, evaluationId),
        }
      )
    })
    if (!found) throw unknown()
    const { row, texts, about } = found
    const names = await needs.identity.accountNames(row.answered_by ? [row.answered_by] : [])
    return {
      ...(await line(row)),
      statement: textOf(row, texts, 'reported', 'statement'),
      contact: textOf(row, texts, 'reported', 'contact'),
      answer: textOf(row, texts, 'answered', 'answer'),
      answeredByName: row.answered_by && (names.get(row.answered_by) ?? '已停用的账号'),
      caseNumber: about?.case_number ?? null,
    }
  }

  /**
   * Answers a report; the citizen reads it on their progress page.
   * @throws Problem 404 report-unknown, 409 report-stale, already-answered, 422 invalid
   */
  async function answer(
    official: Official,
    evaluationId: string,
    reportId: string,
    given: { version: number; outcome: store.RetaliationOutcome; answer: string },
  ): Promise<void> {
    const words = checkedText('answer', '答复内容', given.answer)
    await asHearer(official, async (tx) => {
      await checkNotOwn(official, evaluationId)
      const before = await store.lockReport(tx, evaluationId, reportId)
      if (!before) throw unknown()
      if (before.state === 'answered') throw conflict('already-answered', '这份反映已经答复，不能再改。')
      if (before.version !== given.version)
        throw conflict('report-stale', '这份反映刚刚有了变化，请刷新后再操作。')
      const row: ReportRow = {
        ...before,
        state: 'answered',
        outcome: given.outcome,
        answered_at: app.clock(),
        answered_by: official.accountId,
        version: before.version + 1,
      }
      await store.updateReport(tx, row)
      await entry(tx, row, 'answered', actorOf(official), { answer: words })
    })
    app.nudge()
  }

  return { report, citizenView, list, detail, answer }
}
export type Retaliation = ReturnType<typeof makeRetaliation>
