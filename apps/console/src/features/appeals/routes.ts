import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/appeals',
    name: 'appeals',
    component: () => import('./AppealsPage.vue'),
    meta: {
      title: '申诉',
      permission: 'appeals.read',
      navigation: { label: '申诉', group: '日常', order: 4 },
    },
  },
  {
    path: '/appeals/:id',
    name: 'appeal',
    component: () => import('./AppealPage.vue'),
    props: true,
    meta: { title: '申诉', permission: 'appeals.read' },
  },
]
