import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { InForceQuery, PolicyBody, YearParams } from './policies.schema.ts'
import type { PoliciesService } from './policies.service.ts'

/** The numbers of the rules, and the calendar deadlines count by. */
export function registerPoliciesRoutes(
  instance: HttpServer,
  { policies, identity }: { policies: PoliciesService; identity: Pick<IdentityService, 'withActorLabels'> },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()

  server.get(
    '/api/v1/policies',
    { config: { access: { kind: 'permission', permission: 'policies.read' } } },
    async () => ({ items: await identity.withActorLabels(await policies.list(), (row) => row.changedBy) }),
  )
  server.get(
    '/api/v1/policies/in-force',
    {
      config: { access: { kind: 'permission', permission: 'policies.read' } },
      schema: { querystring: InForceQuery },
    },
    async ({ query }) => ({ items: await policies.inForce(query.region) }),
  )
  server.post(
    '/api/v1/policies',
    { config: { access: { kind: 'permission', permission: 'policies.edit' } }, schema: { body: PolicyBody } },
    async (request, reply) => reply.status(201).send(await policies.change(request.official!, request.body)),
  )
  server.get(
    '/api/v1/calendar/:year',
    { config: { access: { kind: 'session' } }, schema: { params: YearParams } },
    (request) => policies.calendarYear(request.params.year),
  )
}
