import type { RouteLocationNormalized, RouteLocationRaw, RouteRecordRaw } from 'vue-router'
import { can } from '../../session.ts'

/** Whoever handles cases begins with those in which the next act is theirs; an address that asks for something is kept. */
export const beginning = (to: RouteLocationNormalized): RouteLocationRaw | true =>
  can('cases.handle') && Object.keys(to.query).length === 0
    ? { path: to.path, query: { turn: 'me' }, replace: true }
    : true

export const routes: RouteRecordRaw[] = [
  {
    path: '/cases',
    name: 'cases',
    component: () => import('./CasesPage.vue'),
    beforeEnter: beginning,
    meta: {
      title: '差评件',
      permission: 'cases.read',
      navigation: { label: '差评件', group: '日常', order: 1 },
    },
  },
  {
    path: '/cases/:id',
    name: 'case',
    component: () => import('./CasePage.vue'),
    meta: { title: '差评件', permission: 'cases.read' },
  },
]
