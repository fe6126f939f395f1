import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { makeDemoServices } from './demo/demo.service.ts'
import { registerAffairsRoutes } from './modules/affairs/affairs.routes.ts'
import { registerAppealRoutes } from './modules/appeals/appeals.routes.ts'
import { registerCatalogRoutes } from './modules/catalog/catalog.routes.ts'
import { registerComplaintRoutes } from './modules/complaints/complaints.routes.ts'
import { registerEvaluationRoutes } from './modules/evaluations/evaluations.routes.ts'
import { registerFollowUpRoutes } from './modules/evaluations/follow-up.routes.ts'
import { registerFileRoutes } from './modules/files/files.routes.ts'
import { installGuard } from './modules/identity/guard.ts'
import { registerIdentityRoutes } from './modules/identity/identity.routes.ts'
import { registerJournalRoutes } from './modules/ledger/journal.routes.ts'
import { registerLedgerRoutes } from './modules/ledger/ledger.routes.ts'
import { registerInboxRoutes } from './modules/notifications/inbox.routes.ts'
import { registerMessageRoutes } from './modules/notifications/notifications.routes.ts'
import { registerCalendarMetrics } from './modules/policies/calendar.metrics.ts'
import { registerCalendarRoutes } from './modules/policies/calendar.routes.ts'
import { registerPoliciesRoutes } from './modules/policies/policies.routes.ts'
import { registerSummaryRoutes } from './modules/publication/summary.routes.ts'
import { registerCaseHistoryRoutes } from './modules/rectification/case.history.routes.ts'
import { registerCaseFileRoutes } from './modules/rectification/case-file.routes.ts'
import { registerCaseRoutes } from './modules/rectification/rectification.routes.ts'
import { registerRegisterRoutes } from './modules/rectification/registers.routes.ts'
import { registerSavedViewRoutes } from './modules/saved-views/saved-views.routes.ts'
import { registerStatisticsRoutes } from './modules/statistics/statistics.routes.ts'
import { registerSupervisionRoutes } from './modules/supervision/supervision.routes.ts'
import { makeProblemPage } from './pages/errors.page.tsx'
import { registerPages } from './pages/pages.routes.ts'
import { registerPortal } from './pages/portal/portal.routes.ts'
import type { Progress } from './pages/services.ts'
import { projectRoot } from './platform/config.ts'
import type { App } from './platform/context.ts'
import { registerHealth } from './platform/health.ts'
import { type HttpServer, makeHttpServer } from './platform/http.ts'
import { Problem } from './platform/problem.ts'
import type { Services } from './services.ts'

/** Builds the HTTP server with all its rooms' doors. */
export async function makeServer(app: App, services: Services): Promise<HttpServer> {
  const { config } = app
  const secure = config.publicUrl.startsWith('https:')
  const frame = { cityName: config.cityName, mode: config.mode, publicUrl: config.publicUrl }
  const server = await makeHttpServer({
    log: app.log,
    trustProxy: config.trustProxy,
    secure,
    problemPage: makeProblemPage(frame),
  })
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  installGuard(server, services.identity)
  registerHealth(server, app, registry)
  registerIdentityRoutes(server, { identity: services.identity, mode: config.mode, secure })
  registerAffairsRoutes(server, { affairs: services.affairs, clock: app.clock })
  registerEvaluationRoutes(server, { ...services, publicUrl: config.publicUrl })
  registerFollowUpRoutes(server, services)
  registerComplaintRoutes(server, { ...services, clock: app.clock })
  registerCatalogRoutes(server, services)
  registerPoliciesRoutes(server, services)
  registerCalendarRoutes(server, services)
  registerCalendarMetrics(registry, services.calendar)
  registerCaseRoutes(server, services)
  registerRegisterRoutes(server, services)
  registerSupervisionRoutes(server, services)
  registerSavedViewRoutes(server, services)
  registerAppealRoutes(server, services)
  registerFileRoutes(server, services)
  registerCaseFileRoutes(server, services)
  registerCaseHistoryRoutes(server, services)
  registerMessageRoutes(server, { ...services, callbackSecret: config.smsCallbackSecret })
  registerInboxRoutes(server, services)
  registerLedgerRoutes(server, {
    ledger: services.ledger,
    receipt: async (token) => {
      const progress = await progressOf(services, token)
      return progress.kind === 'complaint' ? progress.complaint : progress.receipt
    },
  })
  registerJournalRoutes(server, services)
  registerStatisticsRoutes(server, services)
  registerSummaryRoutes(server, services)
  registerPortal(server, { ...services, config: frame })
  registerPages(server, {
    config: frame,
    evaluations: services.evaluations,
    appeals: services.appeals,
    followUps: services.followUps,
    progress: (token) => progressOf(services, token),
    rectification: services.rectification,
    retaliation: services.supervision.retaliation,
    contact: services.notifications.contact,
    hallWindow: (hall, window) => hallWindow(services, hall, window),
    latestInvitation: (windowCode) => services.invitations.latestAtWindow(windowCode),
    demo: await makeDemoServices(app, services),
  })
  const root = projectRoot()
  const open = { access: { kind: 'public' } } as const
  await server.register(fastifyStatic, { root: join(root, 'apps/server/dist/static'), serve: false })
  server.get<{ Params: { '*': string } }>('/static/*', { config: open }, (request, reply) =>
    reply.sendFile(request.params['*'], { maxAge: '5m' }),
  )
  // The console is one page; its assets carry their hash in their names.
  const consoleRoot = join(root, 'apps/console/dist')
  server.get<{ Params: { '*': string } }>('/console/assets/*', { config: open }, (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`, consoleRoot, { maxAge: '365d', immutable: true }),
  )
  for (const url of ['/console', '/console/*'])
    server.get(url, { config: open }, (_request, reply) =>
      reply.header('cache-control', 'no-cache').sendFile('index.html', consoleRoot),
    )
  return server
}

/**
 * What a secret link opens.
 * @throws Problem 404 receipt-unknown
 */
async function progressOf({ evaluations, complaints }: Services, token: string): Promise<Progress> {
  try {
    return { kind: 'rating', receipt: await evaluations.receiptView(token) }
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'receipt-unknown')) throw error
    return { kind: 'complaint', complaint: await complaints.receiptView(token) }
  }
}

/** A window as its tablet shows it, with whoever sits there. */
async function hallWindow({ catalog }: Services, hallCode: string, windowCode: string) {
  const [hall, window] = [await catalog.hall(hallCode), await catalog.window(windowCode)]
  if (!hall || window?.hallCode !== hall.code) return null
  const staff = (await catalog.staffOf(window.organizationId)).find(
    (member) => member.windowCode === windowCode,
  )
  return {
    hallName: hall.name,
    windowName: window.name,
    staffName: staff ? `${staff.displayName}（工号 ${staff.number}）` : null,
  }
}
