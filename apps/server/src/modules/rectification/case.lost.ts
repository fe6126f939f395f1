import type { App } from '../../platform/context.ts'
import { forbidden, notFound, type Problem } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { Official } from '../identity/official.ts'
import { partiesOf } from './case.parties.store.ts'
import { caseById } from './rectification.store.ts'

interface Names {
  organization(id: string): Promise<{ name: string } | undefined>
}

export type CaseRefusal = (official: Official, id: string) => Promise<Problem>

/**
 * Why an official does not see a case: there is none, or it is beyond their place, which is told in the same words.
 * Whoever saw it until it was transferred reads when that was and to whom (Q62), and nothing else of it.
 */
export function makeCaseRefusal(app: App, catalog: Names): CaseRefusal {
  const named = async (id: string) => (await catalog.organization(id))?.name ?? id

  return async (official, id) => {
    const { system } = app.db
    const former = (await partiesOf(system, [id]))
      .flatMap(({ kind, until, ...party }) => (kind === 'former' && until ? [{ ...party, until }] : []))
      .sort((a, b) => a.until.getTime() - b.until.getTime())
    const last = former.findLastIndex((party) =>
      party.organization_path.startsWith(official.organizationPath),
    )
    const next = former[last + 1]?.organization_id ?? (await caseById(system, id))?.organization_id
    const lost = former[last]
    if (!lost || !next) return notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
    return forbidden(
      'case-transferred',
      `这个差评件已于 ${shanghaiDay(lost.until)} 由${await named(lost.organization_id)}改派给${await named(next)}办理，不再属于您的管辖范围，不能再查看。`,
    )
  }
}
