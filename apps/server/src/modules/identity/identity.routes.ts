import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { SESSION_COOKIE } from './guard.ts'
import type { IdentityService } from './identity.service.ts'

const Text = (max: number) => Type.String({ minLength: 1, maxLength: max })
const SignInBody = Type.Object({ username: Text(64), password: Text(256) }, { additionalProperties: false })
const PasswordBody = Type.Object({ current: Text(256), next: Text(256) }, { additionalProperties: false })
const AccountBody = Type.Object(
  {
    username: Type.String({
      pattern: '^[a-z0-9][a-z0-9._-]{2,63}$',
      errorMessage: '用小写字母、数字、点、横线，3 至 64 位',
    }),
    displayName: Text(64),
    role: Text(64),
    organizationId: Text(64),
    staffNumber: Type.Optional(Text(64)),
    password: Text(256),
  },
  { additionalProperties: false },
)
const AccountChange = Type.Partial(
  Type.Object({
    active: Type.Boolean(),
    displayName: Text(64),
    role: Text(64),
    organizationId: Text(64),
    password: Text(256),
  }),
  { additionalProperties: false },
)
const AccountParams = Type.Object({ id: Type.String({ format: 'uuid' }) })

/** Sign-in, own password, and the administrator's accounts. */
export function registerIdentityRoutes(
  instance: HttpServer,
  services: { identity: IdentityService; mode: 'demo' | 'production'; secure: boolean },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { identity, mode } = services
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: services.secure } as const

  server.post(
    '/api/v1/session',
    // Open to everybody, so nobody is read at length.
    { config: { access: { kind: 'public' } }, bodyLimit: 8 * 1024, schema: { body: SignInBody } },
    async (request, reply) => {
      const { secret, csrfToken, official } = await identity.signIn(
        request.body.username,
        request.body.password,
      )
      return reply.setCookie(SESSION_COOKIE, secret, cookie).send({ official, csrfToken, mode })
    },
  )
  server.get('/api/v1/session', { config: { access: { kind: 'session' } } }, async (request) => ({
    official: request.official,
    csrfToken: request.csrfToken,
    mode,
  }))
  server.delete('/api/v1/session', { config: { access: { kind: 'session' } } }, async (request, reply) => {
    await identity.signOut(request.cookies[SESSION_COOKIE] ?? '')
    return reply.clearCookie(SESSION_COOKIE, cookie).status(204).send()
  })
  server.post(
    '/api/v1/session/password',
    { config: { access: { kind: 'session' } }, schema: { body: PasswordBody } },
    async (request, reply) => {
      await identity.changePassword(request.official!, request.body.current, request.body.next)
      return reply.clearCookie(SESSION_COOKIE, cookie).status(204).send()
    },
  )
  const manage = { config: { access: { kind: 'permission', permission: 'accounts.manage' } } } as const
  server.get('/api/v1/accounts', manage, async (request) => ({
    items: await identity.accounts(request.official!),
  }))
  server.post('/api/v1/accounts', { ...manage, schema: { body: AccountBody } }, async (request, reply) => {
    const accountId = await identity.createAccount(request.official!, request.body)
    return reply.status(201).send({ accountId })
  })
  server.patch(
    '/api/v1/accounts/:id',
    { ...manage, schema: { params: AccountParams, body: AccountChange } },
    async (request, reply) => {
      await identity.changeAccount(request.official!, request.params.id, request.body)
      return reply.status(204).send()
    },
  )
}
