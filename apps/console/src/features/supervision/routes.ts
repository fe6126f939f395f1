import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: '/supervision',
    name: 'orders',
    component: () => import('./OrdersPage.vue'),
    meta: {
      title: '督办',
      permission: 'supervision.read',
      navigation: { label: '督办', group: '日常', order: 5 },
    },
  },
  {
    path: '/spot-checks',
    name: 'spot-checks',
    component: () => import('./ChecksPage.vue'),
    meta: {
      title: '抽查',
      permission: 'supervision.read',
      navigation: { label: '抽查', group: '日常', order: 6 },
    },
  },
  {
    path: '/spot-checks/new',
    name: 'spot-check-new',
    component: () => import('./CheckNewPage.vue'),
    meta: { title: '发起抽查', permission: 'supervision.manage' },
  },
  {
    path: '/spot-checks/:id',
    name: 'spot-check',
    component: () => import('./CheckPage.vue'),
    meta: { title: '抽查', permission: 'supervision.read' },
  },
  {
    path: '/retaliation-reports',
    name: 'retaliation-reports',
    component: () => import('./ReportsPage.vue'),
    meta: {
      title: '打击报复反映',
      permission: 'retaliation.read',
      navigation: { label: '打击报复反映', group: '日常', order: 7 },
    },
  },
]
