import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/accounts',
    name: 'accounts',
    component: () => import('./AccountsPage.vue'),
    meta: {
      title: '账号',
      permission: 'accounts.manage',
      navigation: { label: '账号', group: '系统', order: 1 },
    },
  },
]
