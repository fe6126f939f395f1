import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/evaluations',
    name: 'evaluations',
    component: () => import('./EvaluationsPage.vue'),
    meta: {
      title: '评价',
      permission: 'evaluations.read',
      navigation: { label: '评价', group: '日常', order: 2 },
    },
  },
  {
    path: '/evaluations/:id',
    name: 'evaluation',
    component: () => import('./EvaluationPage.vue'),
    props: true,
    meta: { title: '评价详情', permission: 'evaluations.read' },
  },
]
