import { allowedEvents, type CaseEvent, caseEventRule } from '@haochaping/rules'
import { forbidden } from '../../platform/problem.ts'
import { isRated, type Official } from '../identity/official.ts'
import type { CaseRow } from './case.ts'

/** What deciding on rights needs of the directory. */
export interface ManagementBodies {
  managementBodyFor(organizationId: string): Promise<{ path: string } | undefined>
}

type Concerned = Pick<CaseRow, 'organization_id' | 'organization_path' | 'staff_number'>

/** May work on the case: an official of the handling organisation or of one above it, but never the one rated. */
export const mayHandle = (official: Official, row: Concerned): boolean =>
  official.permissions.includes('cases.handle') &&
  row.organization_path.startsWith(official.organizationPath) &&
  !isRated(official, row.staff_number)

/**
 * May decide on a proposal not to adopt: whoever answers for the management body of the handling organisation
 * (R15), never the handling organisation itself.
 */
export async function mayManage(
  catalog: ManagementBodies,
  official: Official,
  row: Concerned,
): Promise<boolean> {
  if (!official.permissions.includes('cases.manage') || official.organizationId === row.organization_id)
    return false
  const body = await catalog.managementBodyFor(row.organization_id)
  return body?.path.startsWith(official.organizationPath) ?? false
}

/** The events this official may start now. */
export async function eventsFor(
  catalog: ManagementBodies,
  official: Official,
  row: CaseRow,
): Promise<CaseEvent[]> {
  return [
    ...(mayHandle(official, row) ? allowedEvents(row.state, 'handler') : []),
    ...((await mayManage(catalog, official, row)) ? allowedEvents(row.state, 'management') : []),
  ]
}

/** @throws Problem 403 event-not-allowed, in words that say who may */
export async function checkMayAct(
  catalog: ManagementBodies,
  official: Official,
  row: CaseRow,
  event: CaseEvent,
): Promise<void> {
  const { actor, label } = caseEventRule(event)
  const refuse = (why: string) => forbidden('event-not-allowed', `不能“${label}”：${why}`)
  if (actor === 'citizen' || actor === 'system')
    throw refuse(actor === 'citizen' ? '只能由评价人本人作出。' : '只能由系统到期自动作出。')
  if (actor === 'handler' && isRated(official, row.staff_number))
    throw refuse('被评价人不得办理针对自己的评价。')
  if (actor === 'handler' && !mayHandle(official, row)) throw refuse('只能由办理单位的人员办理。')
  if (actor === 'management' && official.organizationId === row.organization_id)
    throw refuse('提出不予采纳的单位不能自己确认，须由同级政务服务管理机构决定。')
  if (actor === 'management' && !(await mayManage(catalog, official, row)))
    throw refuse('只能由办理单位的同级政务服务管理机构或其上级决定。')
}
