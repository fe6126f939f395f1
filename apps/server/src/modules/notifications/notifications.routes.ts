import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { sameText } from '../../platform/crypto/sm.ts'
import type { HttpServer } from '../../platform/http.ts'
import { unauthorized } from '../../platform/problem.ts'
import type { NotificationsService } from './notifications.service.ts'

const Word = Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z_]+$' })
const Which = Type.Partial(Type.Object({ template: Word, medium: Word }, { additionalProperties: false }))
const MessagesQuery = Type.Partial(
  Type.Object({
    status: Word,
    medium: Word,
    template: Word,
    from: Type.String({ format: 'date' }),
    to: Type.String({ format: 'date' }),
    page: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)
const MessageParams = Type.Object({ id: Type.String({ format: 'uuid' }) })
const TemplateParams = Type.Object({ key: Word, medium: Word })
const Words = { title: Type.String({ maxLength: 100 }), body: Type.String({ maxLength: 2000 }) }
const PreviewBody = Type.Object(Words, { additionalProperties: false })
const TemplateBody = Type.Object(
  { ...Words, version: Type.Integer({ minimum: 0 }), carrierCode: Type.String({ maxLength: 64 }) },
  { additionalProperties: false },
)
/** Gateways name what they hand in as they like; these are the usual names. */
const Said = Type.Optional(Type.String({ maxLength: 500 }))
const Reply = Type.Object({
  phone: Said,
  mobile: Said,
  from: Said,
  text: Said,
  content: Said,
  message: Said,
})

const startOf = (day: string) => new Date(`${day}T00:00:00+08:00`)
const afterEnd = (day: string) => new Date(startOf(day).getTime() + 86_400_000)

/** What was sent, its words, and what comes back: for those who look after the carriers. */
export function registerMessageRoutes(
  instance: HttpServer,
  { notifications, callbackSecret }: { notifications: NotificationsService; callbackSecret: string },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { templates } = notifications
  const look = { config: { access: { kind: 'permission', permission: 'messages.read' } } } as const
  const manage = { config: { access: { kind: 'permission', permission: 'messages.manage' } } } as const

  server.get(
    '/api/v1/messages',
    { ...look, schema: { querystring: MessagesQuery } },
    ({ query, official }) => {
      const { from, to, page, pageSize, ...filter } = query
      const period = { from: from ? startOf(from) : undefined, to: to ? afterEnd(to) : undefined }
      return notifications.list(
        official!,
        { ...filter, ...period },
        Number(page ?? 1),
        Number(pageSize ?? 20),
      )
    },
  )
  server.post(
    '/api/v1/messages/:id/resend',
    { ...manage, schema: { params: MessageParams } },
    async (request, reply) => {
      await notifications.resend(request.official!, request.params.id)
      return reply.status(204).send()
    },
  )
  server.post('/api/v1/messages/resend', { ...manage, schema: { body: Which } }, (request) =>
    notifications.resendAll(request.official!, request.body),
  )

  server.get('/api/v1/message-templates', look, async () => ({ items: await templates.list() }))
  server.post(
    '/api/v1/message-templates/:key/:medium/preview',
    { ...manage, schema: { params: TemplateParams, body: PreviewBody } },
    async ({ params, body }) => templates.show(params.key, params.medium, body),
  )
  server.put(
    '/api/v1/message-templates/:key/:medium',
    { ...manage, schema: { params: TemplateParams, body: TemplateBody } },
    async ({ params, body, official }, reply) => {
      await templates.save(official!, params.key, params.medium, body)
      return reply.status(204).send()
    },
  )

  // Called by the gateway, which signs nothing: it shows a secret that only it was given.
  server.post(
    '/api/v1/messages/replies',
    { config: { access: { kind: 'partner' } }, bodyLimit: 8 * 1024, schema: { body: Reply } },
    async ({ headers, body }) => {
      if (!callbackSecret || !sameText(headers.authorization ?? '', `Bearer ${callbackSecret}`))
        throw unauthorized('gateway-unknown', '请求头 Authorization 应为 Bearer 加短信网关回调密钥。')
      return notifications.takeReply({
        phone: body.phone ?? body.mobile ?? body.from ?? '',
        text: body.text ?? body.content ?? body.message ?? '',
      })
    },
  )
}
