import type { RouteRecordRaw } from 'vue-router'

const page = (label: string, order: number) =>
  ({
    title: label,
    permission: 'catalog.read',
    navigation: { label, group: '目录与规则', order },
  }) as const
const entityPage = () => import('./EntityPage.vue')

export const routes: RouteRecordRaw[] = [
  {
    path: '/catalog/organizations',
    name: 'organizations',
    component: () => import('./OrganizationsPage.vue'),
    meta: page('机构', 1),
  },
  {
    path: '/catalog/halls',
    name: 'halls',
    component: entityPage,
    props: { name: 'halls' },
    meta: page('政务大厅', 2),
  },
  {
    path: '/catalog/windows',
    name: 'windows',
    component: entityPage,
    props: { name: 'windows' },
    meta: page('窗口', 3),
  },
  {
    path: '/catalog/staff',
    name: 'staff',
    component: entityPage,
    props: { name: 'staff' },
    meta: page('工作人员', 4),
  },
  {
    path: '/catalog/platforms',
    name: 'platforms',
    component: entityPage,
    props: { name: 'platforms' },
    meta: page('服务平台', 5),
  },
  {
    path: '/catalog/items',
    name: 'items',
    component: () => import('./ItemsPage.vue'),
    meta: page('事项与指南', 6),
  },
  {
    path: '/catalog/items/:code',
    name: 'item',
    component: () => import('./ItemPage.vue'),
    props: true,
    meta: { title: '事项', permission: 'catalog.read' },
  },
  {
    path: '/catalog/import',
    name: 'import',
    component: () => import('./ImportPage.vue'),
    meta: { ...page('批量导入', 7), permission: 'catalog.edit' },
  },
]
