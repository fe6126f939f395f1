import { type AppealActor, type AppealEvent, allowedAppealEvents, appealEventRule } from '@haochaping/rules'
import { forbidden } from '../../platform/problem.ts'
import { isRated, isRoot, type Official } from '../identity/official.ts'
import type { Involved } from './appeal.parties.ts'
import type { AppealRow } from './appeal.ts'

/** What of a rating decides who may appeal against it. */
export interface Rated {
  organization_path: string
  staff_number: string
}

/**
 * As whom an official may appeal (R29): as the person who was rated, in whatever role they sign in, or for the
 * organisation; null: not at all.
 */
export function appellantKind(official: Official, rated: Rated): 'staff' | 'organization' | null {
  if (!official.permissions.includes('appeals.file')) return null
  if (isRated(official, rated.staff_number)) return 'staff'
  const forUnit = official.role === 'handler' || official.role === 'organization_head'
  return forUnit && rated.organization_path.startsWith(official.organizationPath) ? 'organization' : null
}

/** Whether an official speaks for the appellant: the staff member themself, or somebody of the organisation. */
export const isAppellant = (official: Official, row: AppealRow): boolean =>
  official.accountId === row.appellant_id || appellantKind(official, row) === row.appellant_kind

/** Sees the rating only as the rules redact it: whoever may be the one that was rated, or stands beside them. */
export const seesRedacted = (official: Official, row: Rated, concerned: boolean): boolean =>
  official.permissions.includes('appeals.file') || concerned || isRated(official, row.staff_number)

/**
 * Learns of the steps of an appeal the days alone: whoever was rated, or sits at a window. Between two moments that one
 * knows lies the minute at which the citizen spoke (R28, R29).
 */
export const seesDaysAlone = (official: Official, row: Rated, concerned: boolean): boolean =>
  official.role === 'window_staff' || concerned || isRated(official, row.staff_number)

/** Why an official may not decide, whatever their role; null: no party. */
export function partyTo(official: Official, row: AppealRow, involved: Involved): string | null {
  if (isRated(official, row.staff_number)) return '被评价人不能审理自己的申诉。'
  if (official.organizationId === row.organization_id) return '申诉单位的人员不能审理本单位的申诉。'
  if (official.staffNumber && involved.staff.has(official.staffNumber))
    return '您在同一件事中也被评价，不能审理它的申诉。'
  return involved.accounts.get(official.accountId) ?? null
}

/** At which instance an official sits for this appeal; null: at none. */
function instanceOf(official: Official, row: AppealRow): 'district' | 'city' | null {
  if (!official.permissions.includes('appeals.decide')) return null
  if (isRoot(official.organizationPath)) return 'city'
  return row.organization_path.startsWith(official.organizationPath) ? 'district' : null
}

/** As whom an official may move the appeal now. */
export function actorsOf(official: Official, row: AppealRow, involved: Involved): AppealActor[] {
  const actors: AppealActor[] = isAppellant(official, row) ? ['appellant'] : []
  const instance = instanceOf(official, row)
  if (instance === null || partyTo(official, row, involved) !== null) return actors
  if (instance === row.first_instance) actors.push('decider')
  if (instance === 'city' && row.first_decider !== official.accountId) actors.push('city')
  return actors
}

/** The events this official may start now, as whom; their guards aside. */
export const eventsFor = (official: Official, row: AppealRow, involved: Involved) =>
  actorsOf(official, row, involved).flatMap((actor) =>
    allowedAppealEvents(row.state, actor).map((event) => ({ event, actor })),
  )

/**
 * As whom an official starts an event.
 * @throws Problem 403 event-not-allowed, in words that say who may
 */
export function actorFor(
  official: Official,
  row: AppealRow,
  event: AppealEvent,
  involved: Involved,
): AppealActor {
  const { actors, label } = appealEventRule(event)
  const found = actorsOf(official, row, involved).find((actor) => actors.includes(actor))
  if (found) return found
  const refuse = (why: string) => forbidden('event-not-allowed', `不能“${label}”：${why}`)
  const deciding = event === 'decide' || event === 'reexamine'
  if (deciding) {
    const party = partyTo(official, row, involved)
    if (party) throw refuse(party)
    if (event === 'reexamine' && instanceOf(official, row) === 'city')
      throw refuse('复核须由作出原决定以外的人员进行。')
    throw refuse(
      event === 'reexamine'
        ? '复核由市级主管部门作出。'
        : row.first_instance === 'city'
          ? '这件申诉由市级主管部门审理。'
          : '这件申诉由申诉单位的上一级主管部门审理。',
    )
  }
  if (actors.includes('appellant')) throw refuse('只能由申诉人一方作出。')
  throw refuse(actors.includes('citizen') ? '只能由评价人本人作出。' : '只能由系统到期自动作出。')
}
