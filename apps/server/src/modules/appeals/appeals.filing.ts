import { APPEAL_FILING, shanghaiDate } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { conflict, forbidden, notFound, Problem } from '../../platform/problem.ts'
import { type EvaluationsService, negativeRating } from '../evaluations/evaluations.service.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { AppealClocks } from './appeal.clock.ts'
import { appellantKind } from './appeal.rights.ts'
import type { AppealRow } from './appeal.ts'
import * as store from './appeals.store.ts'

export interface FilingNeeds {
  evaluations: EvaluationsService
  catalog: {
    managementBodyFor(organizationId: string): Promise<{ id: string; regionCode: string } | undefined>
  }
}

/** Who may appeal against what, and until when. */
export function makeFiling(app: App, { evaluations, catalog }: FilingNeeds, clocks: AppealClocks) {
  /**
   * What an appeal needs to be filed.
   * @throws Problem 404 evaluation-unknown; 403 appeal-not-yours; 409 not-negative, already-not-adopted,
   * appeal-running, appeal-decided, appeal-late
   */
  async function check(official: Official, id: string) {
    const found = await evaluations.detail(official, id)
    if (!found) throw notFound('evaluation-unknown', '没有这条评价，或不在您的管辖范围内。')
    const { evaluation } = found
    const kind = appellantKind(official, evaluation)
    if (!kind) throw forbidden('appeal-not-yours', '只有被评价的单位和被评价的工作人员本人可以申诉。')
    if (!negativeRating(evaluation)) throw conflict('not-negative', '只有差评可以申诉。')
    const { appeals, entries } = await asStaff(app.db, placeOf(official), async (tx) => ({
      appeals: await store.appealsOf(tx, id),
      entries: await store.caseEntries(tx, id),
    }))
    if (entries.some((entry) => entry.kind === 'case.confirm_rejection'))
      throw conflict('already-not-adopted', '这条评价已经确认不予采纳，不需要申诉。')
    const [last] = appeals
    if (last && last.state !== 'withdrawn')
      throw last.outcome === null
        ? conflict('appeal-running', '这条评价已有申诉正在审理。')
        : conflict('appeal-decided', '这条评价的申诉已经作出决定，不能再次提出；不服的可以申请复核。')
    // It stands in their list from the moment it is given.
    const limit = await clocks.limit(evaluation.region_code, evaluation.submitted_at)
    if (app.clock() > limit.until)
      throw conflict(
        'appeal-late',
        `申诉期限已过：应在收到评价后 ${limit.value} 个工作日内，即 ${shanghaiDate(limit.until)} 前提出。`,
      )
    return { evaluation, kind, number: (last?.number ?? 0) + 1, until: limit.until }
  }

  return {
    check,
    /**
     * Where an appeal is decided first: one level above the organisation, which for a body of the city, and for the
     * management body of a district, is the city.
     */
    async firstInstance(organizationId: string): Promise<AppealRow['first_instance']> {
      const body = await catalog.managementBodyFor(organizationId)
      const cityLevel = !body || body.id === organizationId || body.regionCode === app.config.cityRegion
      return cityLevel ? 'city' : 'district'
    },
    /** Whether this official may appeal now, until when and with what, or why not. @throws Problem 404 evaluation-unknown */
    async chance(official: Official, id: string) {
      const fields = APPEAL_FILING
      try {
        const { until, kind } = await check(official, id)
        return { allowed: true, kind, until: until.toISOString(), code: null, reason: null, fields }
      } catch (error) {
        if (!(error instanceof Problem) || error.status === 404) throw error
        return { allowed: false, kind: null, until: null, code: error.code, reason: error.detail, fields }
      }
    },
  }
}
