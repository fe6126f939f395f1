import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/policies',
    name: 'policies',
    component: () => import('./PoliciesPage.vue'),
    meta: {
      title: '规则参数',
      permission: 'policies.read',
      navigation: { label: '规则参数', group: '目录与规则', order: 8 },
    },
  },
  {
    path: '/calendar',
    name: 'calendar',
    component: () => import('./CalendarPage.vue'),
    meta: { title: '工作日历', navigation: { label: '工作日历', group: '目录与规则', order: 9 } },
  },
]
