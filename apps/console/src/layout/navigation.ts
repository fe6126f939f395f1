import type { RouteLocationRaw } from 'vue-router'
import { featureRoutes, type Navigation } from '../routes.ts'
import { can, type Official, type Role, session } from '../session.ts'

const GROUPS: Navigation['group'][] = ['日常', '数据', '目录与规则', '系统']

/** What each role most often comes for: the page that says what must be done today. */
const HOMES: Record<Role, string> = {
  window_staff: '/evaluations',
  handler: '/cases',
  organization_head: '/cases',
  district_authority: '/dashboard',
  city_authority: '/dashboard',
  auditor: '/journal',
  system_administrator: '/accounts',
}

/** The navigation as the signed-in official sees it, in groups; nothing before the first password is changed. */
export function navigationGroups() {
  if (session.official?.mustChangePassword) return []
  const entries = featureRoutes.flatMap(({ path, meta }) =>
    meta?.navigation && (!meta.permission || can(meta.permission)) ? [{ path, ...meta.navigation }] : [],
  )
  return GROUPS.map((name) => ({
    name,
    entries: entries.filter((entry) => entry.group === name).sort((a, b) => a.order - b.order),
  })).filter((group) => group.entries.length > 0)
}

/** Where an official begins. */
export const homeOf = (official: Official | null): RouteLocationRaw =>
  official ? HOMES[official.role] : { name: 'sign-in' }
