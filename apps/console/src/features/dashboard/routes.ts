import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/dashboard',
    name: 'dashboard',
    component: () => import('./DashboardPage.vue'),
    meta: {
      title: '总览',
      permission: 'dashboard.read',
      navigation: { label: '总览', group: '数据', order: 1 },
    },
  },
]
