import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/registers/callbacks',
    name: 'callbacks',
    component: () => import('./CallbacksPage.vue'),
    meta: {
      title: '回访整改台账',
      permission: 'registers.read',
      navigation: { label: '回访整改台账', group: '数据', order: 3 },
    },
  },
  {
    path: '/registers/commitments',
    name: 'commitments',
    component: () => import('./CommitmentsPage.vue'),
    meta: {
      title: '限期整改台账',
      permission: 'registers.read',
      navigation: { label: '限期整改台账', group: '数据', order: 4 },
    },
  },
]
