import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/complaints',
    name: 'complaints',
    component: () => import('./ComplaintsPage.vue'),
    meta: {
      title: '投诉和意见',
      permission: 'complaints.read',
      navigation: { label: '投诉和意见', group: '日常', order: 3 },
    },
  },
  {
    path: '/complaints/:id',
    name: 'complaint',
    component: () => import('./ComplaintPage.vue'),
    props: true,
    meta: { title: '投诉和意见详情', permission: 'complaints.read' },
  },
]
