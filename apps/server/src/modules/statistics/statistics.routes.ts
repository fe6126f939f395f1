import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { Day } from '../../platform/validation.ts'
import type { StatisticsService } from './statistics.service.ts'

const Code = Type.String({ minLength: 1, maxLength: 64 })
const Query = Type.Partial(
  Type.Object({ from: Day, to: Day, region: Code, organization: Code, hall: Code, window: Code }),
)

/** The figures of an official's place. */
export function registerStatisticsRoutes(
  instance: HttpServer,
  { statistics }: { statistics: StatisticsService },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  server.get(
    '/api/v1/dashboard',
    {
      config: { access: { kind: 'permission', permission: 'dashboard.read' } },
      schema: { querystring: Query },
    },
    (request) => statistics.dashboard(request.official!, request.query),
  )
}
