import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/messages',
    name: 'messages',
    component: () => import('./MessagesPage.vue'),
    meta: {
      title: '发送记录',
      permission: 'messages.read',
      navigation: { label: '发送记录', group: '系统', order: 2 },
    },
  },
  {
    path: '/message-templates',
    name: 'message-templates',
    component: () => import('./TemplatesPage.vue'),
    meta: {
      title: '消息模板',
      permission: 'messages.read',
      navigation: { label: '消息模板', group: '系统', order: 3 },
    },
  },
]
