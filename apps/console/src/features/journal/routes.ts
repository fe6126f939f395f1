import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/journal',
    name: 'journal',
    component: () => import('./JournalPage.vue'),
    meta: {
      title: '审计日志',
      permission: 'journal.read',
      navigation: { label: '审计日志', group: '系统', order: 3 },
    },
  },
]
