import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/messages',
    name: 'messages',
    component: () => import('./MessagesPage.vue'),
    meta: {
      title: '短信',
      permission: 'messages.read',
      navigation: { label: '短信', group: '系统', order: 2 },
    },
  },
]
