import { createRouter, createWebHistory } from 'vue-router'
import { client } from './api.ts'
import AppLayout from './layout/AppLayout.vue'
import { homeOf } from './layout/navigation.ts'
import { featureRoutes } from './routes.ts'
import { can, loadSession, session, sessionOver } from './session.ts'

const PRODUCT = '政务服务好差评'

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    ...featureRoutes.filter((route) => route.meta?.open),
    {
      path: '/',
      component: AppLayout,
      children: [
        { path: '', name: 'home', redirect: () => homeOf(session.official) },
        ...featureRoutes.filter((route) => !route.meta?.open),
        {
          path: ':rest(.*)*',
          name: 'not-found',
          component: () => import('./layout/NotFound.vue'),
          meta: { title: '没有这个页面' },
        },
      ],
    },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

/** The address to come back to after signing in; only ever one of our own. */
const comingBack = (path: string) => (path === '/' ? {} : { next: path })

router.beforeEach(async (to) => {
  await loadSession()
  const { official } = session
  if (to.meta.open) return official && to.name === 'sign-in' ? { name: 'home' } : true
  if (!official) return { name: 'sign-in', query: comingBack(to.fullPath) }
  if (official.mustChangePassword && to.name !== 'password') return { name: 'password' }
  if (to.meta.permission && !can(to.meta.permission))
    return { name: 'not-found', params: { rest: to.path.slice(1).split('/') } }
  return true
})

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · ${PRODUCT}` : PRODUCT
})

client.onTurnedAway = (problem) => {
  if (problem.code === 'must-change-password') {
    void router.push({ name: 'password' })
    return
  }
  const { meta, fullPath } = router.currentRoute.value
  const wasSignedIn = session.official !== null
  sessionOver()
  if (wasSignedIn && !meta.open)
    void router.push({ name: 'sign-in', query: { ...comingBack(fullPath), over: '1' } })
}
