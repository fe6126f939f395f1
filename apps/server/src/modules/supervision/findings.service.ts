import { type CheckFinding, isFalseReport, reopensCase } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { conflict, forbidden, notFound } from '../../platform/problem.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import { type FilesService, type OpenedFile, type UploadedFile, unknownFile } from '../files/files.service.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { Concerned } from '../rectification/case.concerned.ts'
import type { RegistersService } from '../rectification/registers.service.ts'
import { invalid, stale, unknownCheck } from './check.problems.ts'
import { type ItemRow, itemFacts } from './check.ts'
import * as store from './checks.store.ts'

/** What findings need of other rooms. */
export interface FindingNeeds {
  about: { concerned: Concerned }
  cases: Pick<RegistersService, 'ref'>
  rectification: {
    detail(official: Official, id: string): Promise<{ version: number; actions: { event: string }[] }>
    act(
      official: Official,
      id: string,
      event: string,
      given: { version: number; values: Record<string, string | string[]> },
    ): Promise<unknown>
  }
  inspectors(
    official: Official,
    organizationId: string,
  ): Promise<{ accountId: string; displayName: string }[]>
  files: Pick<FilesService, 'named' | 'keep' | 'record' | 'open'>
}

/** What was found in one case. */
export interface Found {
  version: number
  finding: CheckFinding
  note: string
  evidence?: string[] | undefined
}

/** What spot checks find in single cases (R18, Q71): who looks, what was found, and what follows. */
export function makeFindings(app: App, needs: FindingNeeds) {
  const isAboutThem = async (official: Official, id: string) =>
    (await needs.about.concerned(official, [id])).has(id)

  /**
   * The case an inspector looks into: of their place, and neither their own organisation's nor about themselves.
   * @throws Problem 404 case-unknown, 403 own-case
   */
  async function inspected(tx: Tx, official: Official, evaluationId: string) {
    const found = await needs.cases.ref(tx, evaluationId)
    if (!found?.organization_path.startsWith(official.organizationPath))
      throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
    if (found.organization_id === official.organizationId)
      throw forbidden('own-case', '不能检查本单位自己办理的差评件。')
    if (await isAboutThem(official, evaluationId))
      throw forbidden('own-case', '被评价人不能检查针对自己的评价。')
  }

  async function lockedItem(tx: Tx, checkId: string, evaluationId: string, version: number) {
    const check = await store.checkById(tx, checkId)
    const item = check && (await store.lockItem(tx, checkId, evaluationId))
    if (!check || !item) throw unknownCheck()
    if (item.version !== version) throw stale()
    if (check.state !== 'drawn') throw conflict('check-closed', '这次抽查已结束，不能再改。')
    if (item.finding !== null) throw conflict('already-found', '这一件已登记检查结果，不能再改。')
    return item
  }

  async function writeItem(
    tx: Tx,
    before: ItemRow,
    change: Partial<ItemRow>,
    event: 'assigned' | 'found',
    official: Official,
    more: { values?: Record<string, JsonValue>; text?: Record<string, string> } = {},
  ) {
    const row = { ...before, ...change, version: before.version + 1 }
    await store.updateItem(tx, row)
    await appendEntry(tx, {
      subjectId: row.evaluation_id,
      kind: `supervision.item_${event}`,
      actor: actorOf(official),
      at: app.clock(),
      payload: { ...more.values, ...itemFacts(row) },
      ...(more.text && { text: more.text }),
    })
  }

  /** @throws Problem 404 check-unknown; 409 check-stale, check-closed, already-found; 422 invalid */
  async function assign(
    official: Official,
    checkId: string,
    evaluationId: string,
    given: { version: number; inspectorId: string },
  ): Promise<void> {
    const place = placeOf(official)
    const check = await asStaff(app.db, place, (tx) => store.checkById(tx, checkId))
    if (!check) throw unknownCheck()
    const known = await needs.inspectors(official, check.organization_id)
    if (!known.some((one) => one.accountId === given.inspectorId))
      throw invalid('inspectorId', '检查人：应为发起抽查的主管部门的在册人员。')
    await asStaff(app.db, place, async (tx) => {
      const item = await lockedItem(tx, checkId, evaluationId, given.version)
      await writeItem(tx, item, { inspector_id: given.inspectorId }, 'assigned', official)
    })
    app.nudge()
  }

  /**
   * Begins the case again where a finding says so and its state allows it; gives whether it was begun again. A
   * case that is being worked on already needs no opening.
   */
  async function reopen(official: Official, id: string, found: Found): Promise<boolean> {
    if (!reopensCase(found.finding)) return false
    const { version, actions } = await needs.rectification.detail(official, id)
    if (!actions.some((action) => action.event === 'reopen_by_inspection')) return false
    await needs.rectification.act(official, id, 'reopen_by_inspection', {
      version,
      values: {
        finding: found.note,
        falseReport: isFalseReport(found.finding) ? 'yes' : 'no',
        ...(found.evidence && found.evidence.length > 0 && { evidence: found.evidence }),
      },
    })
    return true
  }

  /**
   * Records what was found in a case. Unresolved, falsely reported or concealed, the case begins again first: should
   * the second write fail, the finding is recorded once more and finds the case open already.
   * @throws as `assign`; 403 not-inspector; 422 invalid; and as the reopening of the case
   */
  async function record(
    official: Official,
    checkId: string,
    evaluationId: string,
    given: Found,
  ): Promise<{ reopened: boolean }> {
    const note = cleanText(given.note)
    if (!note) throw invalid('note', '检查情况：必填')
    const named = given.evidence ?? []
    const place = placeOf(official)
    const checked = await asStaff(app.db, place, async (tx) => {
      const item = await lockedItem(tx, checkId, evaluationId, given.version)
      if (item.inspector_id !== null && item.inspector_id !== official.accountId)
        throw forbidden('not-inspector', '这一件已分给其他检查人，请由其登记，或重新指定检查人。')
      await inspected(tx, official, evaluationId)
      const files = await needs.files.named(tx, evaluationId, named, 'case', 'supervision')
      if (files.length !== new Set(named).size)
        throw invalid('evidence', '佐证材料：有文件不属于这个差评件，请重新上传。')
      if (reopensCase(given.finding) && files.length === 0)
        throw invalid('evidence', '佐证材料：发现问题的，请上传佐证。')
      return files.map(({ fileId, digest }) => ({ fileId, digest }))
    })
    const reopened = await reopen(official, evaluationId, { ...given, note })
    await asStaff(app.db, place, async (tx) => {
      const item = await lockedItem(tx, checkId, evaluationId, given.version)
      await writeItem(
        tx,
        item,
        {
          finding: given.finding,
          found_at: app.clock(),
          found_by: official.accountId,
          reopened,
          inspector_id: item.inspector_id ?? official.accountId,
        },
        'found',
        official,
        { text: { note }, ...(checked.length > 0 && { values: { evidence: checked } }) },
      )
    })
    app.nudge()
    return { reopened }
  }

  /**
   * Keeps evidence that an inspector found for a case, whatever its state.
   * @throws Problem 404 case-unknown, and as `files.keep`
   */
  async function attach(official: Official, evaluationId: string, file: UploadedFile) {
    const place = placeOf(official)
    await asStaff(app.db, place, (tx) => inspected(tx, official, evaluationId))
    const kept = await needs.files.keep(evaluationId, file, official.accountId, 'supervision')
    return asStaff(app.db, place, (tx) => needs.files.record(tx, kept))
  }

  /**
   * Evidence of a finding, for whoever may see the finding but never the person it is about; until there is one, for
   * who sent it.
   * @throws Problem 404 case-unknown, file-unknown; 403 own-rating
   */
  async function openFile(official: Official, evaluationId: string, fileId: string): Promise<OpenedFile> {
    const about = await asStaff(app.db, placeOf(official), (tx) => needs.cases.ref(tx, evaluationId))
    if (!about) throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
    if (await isAboutThem(official, evaluationId))
      throw forbidden('own-rating', '佐证材料可能涉及评价人身份，被评价人不能查看。')
    const file = await needs.files.open(official, evaluationId, fileId, 'case', 'supervision')
    const found =
      about.organization_path.startsWith(official.organizationPath) &&
      file.namedIn.includes('supervision.item_found')
    if (!found && file.uploadedBy !== official.accountId) throw unknownFile()
    return file
  }

  return { assign, record, attach, openFile }
}
export type Findings = ReturnType<typeof makeFindings>
