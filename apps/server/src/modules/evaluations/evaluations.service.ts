import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { gather } from '../../platform/gather.ts'
import { conflict, gone, notFound, Problem } from '../../platform/problem.ts'
import { showDate } from '../../platform/time.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import { hashSecret, parseToken, sameSecret } from '../invitations/tokens.ts'
import { entryRows } from '../ledger/journal.ts'
import type { PeopleService } from '../people/people.service.ts'
import { checkRating, cleanText, OPTION_VERSION } from './evaluations.check.ts'
import { RATING_DIGEST, ratingDigest, ratingFacts } from './evaluations.facts.ts'
import { negativeRating, optionLabels, receiptNumber } from './evaluations.receipt.ts'
import type { SubmitEvaluation } from './evaluations.schema.ts'
import * as store from './evaluations.store.ts'
import { makeIntake } from './intake.ts'

export { cleanText } from './evaluations.check.ts'
export { keyedNumber, negativeRating } from './evaluations.receipt.ts'
export type { Evaluation, EvaluationFilter } from './evaluations.store.ts'

interface Needs {
  invitations: InvitationsService
  people: PeopleService
  catalog: {
    organization(id: string): Promise<{ name: string } | null | undefined>
    hall(code: string): Promise<{ name: string } | null | undefined>
    window(code: string): Promise<{ name: string } | null | undefined>
    staff(number: string): Promise<{ number: string; displayName: string } | null | undefined>
    item(code: string): Promise<{ name: string } | null | undefined>
  }
  policies: { value(key: string, regionCode: string, at: Date): Promise<{ value: number }> }
}

/** What the rate page shows: who and what is rated. */
export interface InvitationView {
  evaluationId: string
  affairNumber: string
  affairName: string
  itemCode: string
  itemName: string
  stage: string
  onSite: boolean
  organizationName: string
  hallName: string | null
  windowName: string | null
  staffName: string | null
  servedAt: Date
  expiresAt: Date
  applicantKnown: boolean
  /** longest words taken here (policy words_max) */
  wordsMaximum: number
}

/** What a rating is answered with. */
export interface Receipt {
  evaluationId: string
  receiptNumber: string
  receiptToken: string
  level: number
  hallLevel: number | null
  negative: boolean
  submittedAt: Date
  created: boolean
}

export type EvaluationsService = ReturnType<typeof makeEvaluationsService>

/** Ratings: asked for by token, written once, never changed. */
export function makeEvaluationsService(app: App, needs: Needs) {
  const { invitations, people, catalog } = needs
  const intake = makeIntake(app.db.intake)
  const numbers = app.keys.derive('receipt-numbers')
  const digestKey = app.keys.derive(RATING_DIGEST)

  const rateablesOf = gather(async (ids: string[]) => {
    const rows = await store.rateables(app.db.intake, ids)
    return ids.map((id) => rows.filter((row) => row.evaluation_id === id))
  })

  /** What a token leads to, and the rating it was used for. */
  async function rateableOf(text: string) {
    const token = parseToken(text)
    const hash = token && hashSecret(token.secret)
    const visit =
      token && (await rateablesOf(token.evaluationId)).find((r) => sameSecret(r.secret_hash, hash!))
    if (!visit)
      throw notFound('invitation-unknown', '没有找到这个评价链接。请核对链接是否完整，或在窗口重新扫码。')
    return { visit, existing: visit.rated ? await ratingOf(visit.evaluation_id) : undefined }
  }

  const ratingOf = (id: string) => store.evaluationById(app.db.intake, id)

  const expired = () => gone('invitation-expired', '评价期限已过。如仍有意见，可拨打 12345 热线反映。')
  const used = (at: Date) =>
    conflict('invitation-used', `这次服务已经评价过了（${showDate(at)}）。一次服务只评价一次，评价不可更改。`)

  /**
   * What is to be rated with a token. May be asked any number of times; never uses the token up.
   * @throws Problem 404 invitation-unknown, 410 invitation-expired, 409 invitation-used
   */
  async function openInvitation(text: string): Promise<InvitationView> {
    const { visit, existing } = await rateableOf(text)
    if (existing) throw used(existing.submitted_at)
    if (visit.expires_at <= app.clock()) throw expired()
    const shown = await store.visited(app.db.intake, visit)
    const [organization, hall, window, staff] = [
      await catalog.organization(visit.organization_id),
      visit.hall_code ? await catalog.hall(visit.hall_code) : null,
      visit.window_code ? await catalog.window(visit.window_code) : null,
      visit.staff_number ? await catalog.staff(visit.staff_number) : null,
    ]
    return {
      evaluationId: visit.evaluation_id,
      affairNumber: shown.affair_number,
      affairName: shown.affair_name,
      itemCode: visit.item_code,
      itemName: shown.item_name,
      stage: visit.stage,
      onSite: visit.on_site,
      organizationName: organization?.name ?? visit.organization_id,
      hallName: hall?.name ?? null,
      windowName: window?.name ?? null,
      staffName: staff ? `${staff.displayName}（工号 ${staff.number}）` : null,
      servedAt: shown.served_at,
      expiresAt: visit.expires_at,
      applicantKnown: shown.applicant_known,
      wordsMaximum: (await needs.policies.value('words_max', visit.region_code, app.clock())).value,
    }
  }

  const receiptOf = (e: store.Evaluation, created: boolean): Receipt => ({
    evaluationId: e.evaluation_id,
    receiptNumber: e.receipt_number,
    receiptToken: invitations.receiptToken(e.evaluation_id),
    level: e.level,
    hallLevel: e.hall_level,
    negative: negativeRating(e),
    submittedAt: e.submitted_at,
    created,
  })

  /**
   * Takes a rating. Acknowledged is on disk. Sent again (same submissionId at any time, or by the same token within
   * the policy resubmit_grace) it gives the same receipt.
   * @throws Problem 404 invitation-unknown, 410 invitation-expired, 409 invitation-used, 422 invalid
   */
  async function submit(text: string, given: SubmitEvaluation): Promise<Receipt> {
    // A UUID has two spellings; the database keeps one, and so does the journal.
    const input = { ...given, submissionId: given.submissionId.toLowerCase() }
    const { visit, existing } = await rateableOf(text)
    const now = app.clock()
    const again = async (e: store.Evaluation) => {
      const { value: grace } = await needs.policies.value('resubmit_grace', visit.region_code, now)
      if (e.submission_id === input.submissionId || now.getTime() - e.submitted_at.getTime() <= grace * 1000)
        return receiptOf(e, false)
      throw used(e.submitted_at)
    }
    if (existing) return again(existing)
    if (visit.expires_at <= now) throw expired()
    const { value: wordsMaximum } = await needs.policies.value('words_max', visit.region_code, now)
    // Looked up where it decides anything: for a real name without a telephone.
    const decides = input.realName && cleanText(input.phone) === ''
    const { words, person } = checkRating(input, {
      onSite: visit.on_site,
      applicantKnown: !decides || (await store.visited(app.db.intake, visit)).applicant_known,
      wordsMaximum,
    })
    const sealed = people.seal(visit.evaluation_id, visit.evaluation_id, person)
    const rating = {
      evaluation_id: visit.evaluation_id,
      visit_id: visit.visit_id,
      submission_id: input.submissionId,
      receipt_number: receiptNumber(numbers, visit.evaluation_id, now),
      level: input.level,
      hall_level: visit.on_site ? (input.hallLevel ?? null) : null,
      option_version: OPTION_VERSION,
      option_codes: [...input.optionCodes].sort(),
      has_words: words !== '',
      real_name: input.realName,
      do_not_contact: input.doNotContact ?? false,
      channel: input.channel,
      on_site: visit.on_site,
      stage: visit.stage,
      item_code: visit.item_code,
      organization_id: visit.organization_id,
      organization_path: visit.organization_path,
      region_code: visit.region_code,
      hall_code: visit.hall_code,
      window_code: visit.window_code,
      staff_number: visit.staff_number,
      platform_code: visit.platform_code,
      submitted_at: now,
    }
    const digest = ratingDigest(digestKey, rating)
    const entry = entryRows({
      subjectId: visit.evaluation_id,
      kind: 'evaluation.submitted',
      actor: 'citizen',
      at: now,
      payload: {
        ...ratingFacts(rating),
        digest: digest.toString('hex'),
        personalCommitment: sealed?.commitment ?? null,
      },
      text: { words },
    })
    const evaluation = { ...rating, entry_id: entry.entry.entry_id, digest }
    const created = await intake.submit({ evaluation, entry, person: sealed })
    if (created) {
      app.nudge()
      return receiptOf(evaluation, true)
    }
    const winner = await ratingOf(visit.evaluation_id)
    if (!winner) throw new Problem(503, 'database-unavailable', '系统暂时不可用，请稍后重试。')
    return again(winner)
  }

  /**
   * What the holder of a receipt's secret link sees of the rating.
   * @throws Problem 404 receipt-unknown
   */
  async function receiptView(text: string) {
    const token = parseToken(text)
    const right = token && sameSecret(token.secret, invitations.receiptSecret(token.evaluationId))
    const e = right ? await store.evaluationById(app.db.intake, token.evaluationId) : undefined
    if (!e) throw notFound('receipt-unknown', '没有找到这个回执。请核对链接是否完整。')
    const [item, organization] = [
      await catalog.item(e.item_code),
      await catalog.organization(e.organization_id),
    ]
    return {
      evaluationId: e.evaluation_id,
      receiptNumber: e.receipt_number,
      level: e.level,
      hallLevel: e.hall_level,
      options: optionLabels(e),
      words: e.has_words ? await store.wordsOf(app.db.intake, e.evaluation_id, e.entry_id) : null,
      realName: e.real_name,
      doNotContact: e.do_not_contact,
      submittedAt: e.submitted_at,
      itemName: item?.name ?? e.item_code,
      organizationName: organization?.name ?? e.organization_id,
      organizationId: e.organization_id,
      regionCode: e.region_code,
      negative: negativeRating(e),
      entryId: e.entry_id,
      position: await store.positionOf(app.db.intake, e.evaluation_id, e.entry_id),
    }
  }

  return {
    openInvitation,
    submit,
    receiptView,
    /** Evaluations an official may see, newest first. */
    list: (official: Official, filter: store.EvaluationFilter, page: number, pageSize: number) =>
      asStaff(app.db, placeOf(official), (tx) => store.listEvaluations(tx, filter, page, pageSize)),
    /** One evaluation an official may see, with its words; null when there is none or it is not theirs to see. */
    detail: (official: Official, evaluationId: string) =>
      asStaff(app.db, placeOf(official), async (tx) => {
        const e = await store.evaluationById(tx, evaluationId)
        if (!e) return null
        return {
          evaluation: e,
          options: optionLabels(e),
          words: e.has_words ? await store.wordsOf(tx, e.evaluation_id, e.entry_id) : null,
          position: await store.positionOf(tx, e.evaluation_id, e.entry_id),
        }
      }),
  }
}
