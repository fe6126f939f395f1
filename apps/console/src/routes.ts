import type { RouteRecordRaw } from 'vue-router'
import type { Permission } from './session.ts'

/** Where a route stands in the navigation on the left. */
export interface Navigation {
  label: string
  group: '日常' | '数据' | '目录与规则' | '系统'
  /** smaller stands higher within the group */
  order: number
}

declare module 'vue-router' {
  interface RouteMeta {
    /** the page's name in the browser's title bar */
    title?: string
    /** who may open it; without one every signed-in official may */
    permission?: Permission
    /** open to people not signed in */
    open?: true
    navigation?: Navigation
  }
}

/**
 * The routes of all features. A feature is a folder under `features` whose `routes.ts` exports `routes`; by being
 * there it is part of the console.
 */
export const featureRoutes: RouteRecordRaw[] = Object.values(
  import.meta.glob<RouteRecordRaw[]>('./features/*/routes.ts', { eager: true, import: 'routes' }),
).flat()
