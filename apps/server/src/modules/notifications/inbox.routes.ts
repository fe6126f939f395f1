import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { INBOX_KINDS } from './inbox.rules.ts'
import type { NotificationsService } from './notifications.service.ts'

const InboxQuery = Type.Partial(
  Type.Object({
    unread: Type.Literal('true'),
    kind: Type.String({ enum: INBOX_KINDS, errorMessage: '没有这类消息' }),
    page: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)
const ItemParams = Type.Object({ id: Type.String({ format: 'uuid' }) })
const EmailBody = Type.Object({ email: Type.String({ maxLength: 128 }) }, { additionalProperties: false })

/** One's own notices, whoever one is. */
export function registerInboxRoutes(
  instance: HttpServer,
  { notifications: { inbox } }: { notifications: NotificationsService },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const own = { config: { access: { kind: 'session' } } } as const

  server.get('/api/v1/inbox', { ...own, schema: { querystring: InboxQuery } }, ({ official, query }) =>
    inbox.list(
      official!,
      { unread: query.unread === 'true', kind: query.kind },
      Number(query.page ?? 1),
      Number(query.pageSize ?? 20),
    ),
  )
  // Asked every minute by a console that nobody may be sitting at: it keeps no session alive.
  server.get(
    '/api/v1/inbox/unread',
    { config: { access: { kind: 'session' }, passive: true } },
    async ({ official }) => ({ unread: await inbox.unread(official!) }),
  )
  server.post('/api/v1/inbox/:id/read', { ...own, schema: { params: ItemParams } }, ({ official, params }) =>
    inbox.read(official!, params.id),
  )
  server.post('/api/v1/inbox/read-all', own, ({ official }) => inbox.readAll(official!))
  server.put('/api/v1/inbox/email', { ...own, schema: { body: EmailBody } }, async (request, reply) => {
    await inbox.setEmail(request.official!, request.body.email.trim())
    return reply.status(204).send()
  })
}
