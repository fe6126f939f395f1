import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/summaries',
    name: 'summaries',
    component: () => import('./SummariesPage.vue'),
    meta: {
      title: '通报',
      permission: 'summaries.read',
      navigation: { label: '通报', group: '数据', order: 5 },
    },
  },
]
