import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import type { NotificationsService } from './notifications.service.ts'

const MessagesQuery = Type.Partial(
  Type.Object({
    page: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)

/** What was sent to citizens, for those who look after the carrier. */
export function registerMessageRoutes(
  instance: HttpServer,
  { notifications }: { notifications: NotificationsService },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  server.get(
    '/api/v1/messages',
    {
      config: { access: { kind: 'permission', permission: 'messages.read' } },
      schema: { querystring: MessagesQuery },
    },
    ({ query, official }) =>
      notifications.list(official!, Number(query.page ?? 1), Number(query.pageSize ?? 20)),
  )
}
