import { LEVELS } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { forbidden, notFound } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { AffairsService } from '../affairs/affairs.service.ts'
import { actorOf, isRated, type Official, placeOf } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { PeopleService } from '../people/people.service.ts'
import { redactor } from '../people/redact.ts'
import {
  type Evaluation,
  type EvaluationFilter,
  type EvaluationsService,
  negativeRating,
} from './evaluations.service.ts'
import { evaluationById } from './evaluations.store.ts'
import { type FollowUpShown, followUpShown } from './follow-up.service.ts'

/** What the views need of the directory. */
export interface CatalogReader {
  organization(id: string): Promise<{ name: string; path: string } | null | undefined>
  region(code: string): Promise<{ name: string } | null | undefined>
  hall(code: string): Promise<{ name: string } | null | undefined>
  window(code: string): Promise<{ name: string } | null | undefined>
  staff(number: string): Promise<{ number: string; displayName: string } | null | undefined>
  item(code: string): Promise<{ name: string } | null | undefined>
}

/** Names of the channels a rating may come through (national code `pf`). */
export const CHANNELS: Record<number, string> = {
  1: 'PC 端',
  2: '移动端',
  3: '二维码',
  4: '大厅平板',
  5: '自助终端',
  6: '电话',
  7: '短信',
}
/** When something was said: the moment, or to whoever must not know who said it the day alone. */
const when = (at: Date, hidden: boolean) => ({
  submittedAt: hidden ? null : at.toISOString(),
  ratedOn: shanghaiDay(at),
})
/** A follow-up as officials read it, beside the first rating; `redact` for whoever was rated. */
const shownFollowUp = (f: FollowUpShown | null, redact: ((text: string) => string) | null) =>
  f && {
    ...f,
    levelLabel: levelLabel(f.level),
    hallLevelLabel: levelLabel(f.hallLevel),
    words: f.words && redact ? redact(f.words) : f.words,
    ...when(f.submittedAt, redact !== null),
  }
const levelLabel = (level: number | null) => LEVELS.find((l) => l.level === level)?.label ?? null

/** Whoever was rated, and whoever sits at a window, must not learn who rated, nor when: one remembers who stood there (R28). */
const mustNotKnow = (official: Official, e: Evaluation) =>
  official.role === 'window_staff' || isRated(official, e.staff_number)
/** A receipt's number as the one who was rated sees it: whoever knows it could ask the citizen for it. */
const hiddenReceipt = ({ receipt_number }: Evaluation) => `${receipt_number.slice(0, -8)}********`

/** Ratings as officials see them: names instead of codes, the person masked. */
export function makeEvaluationViews(
  app: App,
  needs: {
    evaluations: EvaluationsService
    affairs: AffairsService
    people: PeopleService
    catalog: CatalogReader
    /** state of the case of each rating, where there is one */
    caseStates: (
      official: Official,
      ids: string[],
    ) => Promise<Map<string, { state: string; stateLabel: string }>>
    /** those of these ratings in whose affair or case the official was rated too */
    concerned: (official: Official, ids: readonly string[]) => Promise<Set<string>>
  },
) {
  const { catalog } = needs

  async function row(e: Evaluation, hidden: boolean) {
    const [item, organization, region, hall, window, staff] = [
      await catalog.item(e.item_code),
      await catalog.organization(e.organization_id),
      await catalog.region(e.region_code),
      e.hall_code ? await catalog.hall(e.hall_code) : null,
      e.window_code ? await catalog.window(e.window_code) : null,
      e.staff_number ? await catalog.staff(e.staff_number) : null,
    ]
    return {
      evaluationId: e.evaluation_id,
      receiptNumber: hidden ? hiddenReceipt(e) : e.receipt_number,
      level: e.level,
      levelLabel: levelLabel(e.level),
      hallLevel: e.hall_level,
      hallLevelLabel: levelLabel(e.hall_level),
      negative: negativeRating(e),
      itemName: item?.name ?? e.item_code,
      organizationName: organization?.name ?? e.organization_id,
      regionName: region?.name ?? e.region_code,
      hallName: hall?.name ?? null,
      windowName: window?.name ?? null,
      staffName: staff?.displayName ?? null,
      channelLabel: CHANNELS[e.channel] ?? String(e.channel),
      ...when(e.submitted_at, hidden),
      realName: e.real_name,
      hasWords: e.has_words,
    }
  }

  const followUpOf = (official: Official, e: Evaluation) =>
    negativeRating(e)
      ? asStaff(app.db, placeOf(official), (tx) => followUpShown(tx, e.evaluation_id))
      : Promise.resolve(null)

  async function states(official: Official, ids: string[]) {
    return official.permissions.includes('cases.read') && ids.length > 0
      ? needs.caseStates(official, ids)
      : new Map()
  }

  return {
    async page(official: Official, filter: EvaluationFilter, page: number, pageSize: number) {
      const { total, rows } = await needs.evaluations.list(official, filter, page, pageSize)
      const cases = await states(
        official,
        rows.filter(negativeRating).map((e) => e.evaluation_id),
      )
      const own = await needs.concerned(
        official,
        rows.map((e) => e.evaluation_id),
      )
      const items = await Promise.all(
        rows.map(async (e) => {
          const found = cases.get(e.evaluation_id)
          return {
            ...(await row(e, mustNotKnow(official, e) || own.has(e.evaluation_id))),
            caseState: found?.state ?? null,
            caseStateLabel: found?.stateLabel ?? null,
          }
        }),
      )
      return { items, total, page, pageSize }
    },
    /**
     * A rating; whoever was rated too in its affair or case learns no more of it than of their own.
     * @throws Problem 404 evaluation-unknown, also when it is outside the official's place
     */
    async detail(official: Official, id: string) {
      const found = await needs.evaluations.detail(official, id)
      if (!found) throw notFound('evaluation-unknown', '没有这条评价，或不在您的管辖范围内。')
      const { evaluation: e, options, words, position } = found
      const visit = await needs.affairs.visit(e.evaluation_id, e.visit_id)
      const rated = mustNotKnow(official, e) || (await needs.concerned(official, [id])).has(id)
      const shown = await row(e, rated)
      // An anonymous rating stays anonymous, though the visit may have named the applicant: neither person nor
      // affair is shown. The rated staff member sees neither in any case, also when signed in as handler.
      const mayKnow = e.real_name && !rated
      const redact = rated ? redactor(await needs.people.everyone(app.db.system, id)) : null
      const evaluatorMasked = mayKnow
        ? await asStaff(app.db, placeOf(official), (tx) => needs.people.masked(tx, e.evaluation_id))
        : null
      const state = (await states(official, [e.evaluation_id])).get(e.evaluation_id)
      return {
        ...shown,
        redacted: rated,
        options,
        words: words && redact ? redact(words) : words,
        doNotContact: e.do_not_contact,
        followUp: shownFollowUp(await followUpOf(official, e), redact),
        evaluatorMasked,
        caseState: state?.state ?? null,
        caseStateLabel: state?.stateLabel ?? null,
        affair: visit && {
          affairNumber: mayKnow ? visit.affair_number : null,
          affairName: mayKnow ? visit.affair_name : null,
          stage: visit.stage,
          servedAt: mayKnow ? visit.served_at.toISOString() : null,
          windowName: shown.windowName,
          hallName: shown.hallName,
          staffName: shown.staffName,
        },
        // Its place in the ledger lies between those of others, whose moments may be known.
        proof: { position: rated ? null : position, sealed: position !== null },
      }
    },
    /**
     * Opens the person behind a rating to an official who says why; written into the journal before it is shown.
     * @throws Problem 404 evaluation-unknown, person-unknown; 403 anonymous, own-rating for whoever was rated
     */
    reveal: async (official: Official, id: string, reason: string) => {
      const own = await needs.concerned(official, [id])
      return asStaff(app.db, placeOf(official), async (tx) => {
        const evaluation = await evaluationById(tx, id)
        if (!evaluation) throw notFound('evaluation-unknown', '没有这条评价，或不在您的管辖范围内。')
        if (!evaluation.real_name) throw forbidden('anonymous', '评价人选择了匿名，身份信息不对任何人开放。')
        const person = await needs.people.person(tx, id)
        if (!person) throw notFound('person-unknown', '这条评价没有留下身份信息。')
        if (isRated(official, evaluation.staff_number))
          throw forbidden('own-rating', '这是对您本人的评价，评价人的身份不对您开放。')
        if (own.has(id)) throw forbidden('own-rating', '您在同一件事中也被评价，评价人的身份不对您开放。')
        await appendEntry(tx, {
          subjectId: id,
          kind: 'identity.revealed',
          actor: actorOf(official),
          at: app.clock(),
          payload: { fields: Object.keys(person).sort() },
          text: { reason },
        })
        return { name: person.name ?? null, phone: person.phone ?? null, idNumber: person.idNumber ?? null }
      })
    },
  }
}
