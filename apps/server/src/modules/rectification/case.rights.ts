import {
  allowedEvents,
  CASE_ACTORS,
  type CaseActor,
  type CaseEvent,
  type CaseFacts,
  caseEventRule,
  caseEvents,
} from '@haochaping/rules'
import { forbidden } from '../../platform/problem.ts'
import { isRatedIn, isRoot, type Official } from '../identity/official.ts'
import type { CaseRow } from './case.ts'

/** What deciding on rights needs of the directory. */
export interface ManagementBodies {
  managementBodyFor(organizationId: string): Promise<{ path: string } | undefined>
}

type Concerned = Pick<
  CaseRow,
  'organization_id' | 'organization_path' | 'staff_number' | 'joined_staff' | 'party_paths'
>

const holds = (official: Official, permission: Official['permissions'][number]) =>
  official.permissions.includes(permission)

/** May work on the case: an official of the handling organisation or of one above it, but never the one rated. */
export const mayHandle = (
  official: Official,
  row: Pick<CaseRow, 'organization_path' | 'staff_number' | 'joined_staff'>,
): boolean =>
  holds(official, 'cases.handle') &&
  row.organization_path.startsWith(official.organizationPath) &&
  !isRatedIn(official, row)

/** May report what an organisation did that handles the case with the lead. */
const mayHelp = (official: Official, row: Concerned): boolean =>
  holds(official, 'cases.handle') &&
  row.party_paths.some((path) => path.startsWith(official.organizationPath)) &&
  !isRatedIn(official, row)

/** Stands above the handling organisation; at the root nobody does, and whoever stands there decides. */
const isAbove = (official: Official, row: Concerned): boolean =>
  row.organization_path.startsWith(official.organizationPath) &&
  (official.organizationId !== row.organization_id || isRoot(official.organizationPath)) &&
  !isRatedIn(official, row)

/**
 * May decide on a proposal not to adopt: whoever answers for the management body of the handling organisation
 * (R15), never the handling organisation itself, nor whoever was rated.
 */
export async function mayManage(
  catalog: ManagementBodies,
  official: Official,
  row: Concerned,
): Promise<boolean> {
  if (!holds(official, 'cases.manage') || official.organizationId === row.organization_id) return false
  if (isRatedIn(official, row)) return false
  const body = await catalog.managementBodyFor(row.organization_id)
  return body?.path.startsWith(official.organizationPath) ?? false
}

/** What an official is to a case. */
export async function actorsOf(
  catalog: ManagementBodies,
  official: Official,
  row: Concerned,
): Promise<CaseActor[]> {
  const is: Partial<Record<CaseActor, boolean>> = {
    handler: mayHandle(official, row),
    co_handler: mayHelp(official, row),
    management: await mayManage(catalog, official, row),
    superior: holds(official, 'cases.manage') && isAbove(official, row),
    supervisor: holds(official, 'supervision.manage') && isAbove(official, row),
  }
  return (Object.keys(is) as CaseActor[]).filter((actor) => is[actor])
}

/** The events this official may start now, in the order of the table. */
export async function eventsFor(
  catalog: ManagementBodies,
  official: Official,
  row: Concerned,
  facts: CaseFacts,
): Promise<CaseEvent[]> {
  const actors = await actorsOf(catalog, official, row)
  const mine = new Set(actors.flatMap((actor) => allowedEvents(facts, actor)))
  return caseEvents.filter((event) => mine.has(event))
}

const WHY: Partial<Record<CaseActor, string>> = {
  citizen: '只能由评价人本人作出。',
  system: '只能由系统到期自动作出。',
  handler: '只能由办理单位的人员办理。',
  co_handler: '只能由协办单位的人员办理。',
  management: '只能由办理单位的同级政务服务管理机构或其上级决定。',
}

/** @throws Problem 403 event-not-allowed, in words that say who may */
export async function checkMayAct(
  catalog: ManagementBodies,
  official: Official,
  row: Concerned,
  event: CaseEvent,
): Promise<void> {
  const { actors, label } = caseEventRule(event)
  const own = await actorsOf(catalog, official, row)
  if (actors.some((actor) => own.includes(actor))) return
  const refuse = (why: string) => forbidden('event-not-allowed', `不能“${label}”：${why}`)
  if (isRatedIn(official, row)) throw refuse('被评价人不得办理针对自己的评价。')
  if (actors.includes('management') && official.organizationId === row.organization_id)
    throw refuse('提出不予采纳的单位不能自己确认，须由同级政务服务管理机构决定。')
  const [first] = actors
  throw refuse(WHY[first!] ?? `只能由${CASE_ACTORS[first!]}决定。`)
}
