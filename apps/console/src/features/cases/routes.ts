import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/cases',
    name: 'cases',
    component: () => import('./CasesPage.vue'),
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
