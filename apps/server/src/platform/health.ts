import { sql } from 'kysely'
import { Gauge, Histogram, type Registry } from 'prom-client'
import type { App } from './context.ts'
import type { HttpServer } from './http.ts'
import { checkMayReadMetrics } from './metrics.ts'
import { migrationFiles } from './migrate.ts'
import { Problem } from './problem.ts'

/** Is it alive, can it serve, how is it doing, what can it do. */
export function registerHealth(server: HttpServer, app: App, registry: Registry): void {
  const open = { config: { access: { kind: 'public' } } } as const
  const duration = new Histogram({
    name: 'haochaping_request_seconds',
    help: 'Time to answer, by route pattern and status class.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  const pending = new Gauge({
    name: 'haochaping_journal_pending',
    help: 'Journal entries that wait for the sealer.',
    registers: [registry],
  })
  server.addHook('onResponse', async (request, reply) => {
    duration
      .labels(request.method, request.routeOptions.url ?? '-', `${Math.floor(reply.statusCode / 100)}xx`)
      .observe(reply.elapsedTime / 1000)
  })
  server.get('/healthz', open, async () => ({ status: 'ok' }))
  server.get('/readyz', open, async () => {
    const { rows } = await sql<{ name: string }>`select name from schema_migration`.execute(app.db.system)
    const missing = migrationFiles().filter((file) => !rows.some((row) => row.name === file.name))
    if (missing.length > 0)
      throw new Problem(503, 'migrations-missing', '数据库尚未升级，请先运行 db migrate。')
    return { status: 'ready' }
  })
  server.get('/metrics', open, async (request, reply) => {
    checkMayReadMetrics(app.config, request)
    const { count } = await app.db.system
      .selectFrom('journal_pending')
      .select((e) => e.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    pending.set(Number(count))
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  server.get('/openapi.json', open, async () => server.swagger())
}
