import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../platform/http.ts'
import { Problem } from '../platform/problem.ts'
import { type ContactStanding, contactPage } from './contact.page.tsx'
import { frameOf } from './frame.ts'
import { byToken, friendly, sendPrivate, type TokenRequest } from './private.ts'
import type { PagesServices } from './services.ts'

/** How somebody wishes to be reached, as their receipt tells. */
interface Wishes {
  realName: boolean
  doNotContact: boolean
}

/** What these pages ask of the room that sends messages. */
export interface ContactService {
  standing(evaluationId: string, wishes: Wishes): Promise<ContactStanding | null>
  choose(evaluationId: string, optedOut: boolean, wishes: Wishes): Promise<void>
  addChannel(
    evaluationId: string,
    channel: { medium: 'email' | 'wechat'; address: string },
    wishes: Wishes,
  ): Promise<void>
}

const ChannelParams = Type.Object({ token: Type.String({ maxLength: 64 }) })
const ChannelBody = Type.Object(
  {
    medium: Type.Union([Type.Literal('email'), Type.Literal('wechat')]),
    address: Type.String({ minLength: 1, maxLength: 128 }),
  },
  { additionalProperties: false },
)

/** How one wants to be told, by the secret link of the progress page (P7); the same for a mini-program. */
export function registerContact(
  server: HttpServer,
  { config, progress, contact }: Pick<PagesServices, 'config' | 'progress' | 'contact'>,
): void {
  async function whose(token: string): Promise<{ id: string; wishes: Wishes }> {
    const found = await progress(token)
    const { evaluationId, realName, doNotContact } =
      found.kind === 'complaint' ? found.complaint : found.receipt
    return { id: evaluationId, wishes: { realName, doNotContact } }
  }

  async function show(request: TokenRequest, email = '', error = '') {
    const { token } = request.params
    const { id, wishes } = await whose(token)
    return contactPage({
      frame: { ...frameOf(request, config), path: `/p/${token}/contact` },
      token,
      standing: await contact.standing(id, wishes),
      quiet: wishes.doNotContact,
      email,
      error,
    })
  }

  server.get(
    '/p/:token/contact',
    byToken,
    friendly(config, async (request, reply) => sendPrivate(reply, await show(request))),
  )

  server.post(
    '/p/:token/contact',
    byToken,
    friendly(config, async (request, reply) => {
      const { token } = request.params
      const { wish, email: given } = request.body ?? {}
      const email = typeof given === 'string' ? given.trim() : ''
      const { id, wishes } = await whose(token)
      try {
        if (wish === 'email') await contact.addChannel(id, { medium: 'email', address: email }, wishes)
        else await contact.choose(id, wish === 'stop', wishes)
      } catch (error) {
        if (!(error instanceof Problem && error.code === 'bad-address')) throw error
        return sendPrivate(reply, await show(request, email, error.detail), 422)
      }
      return reply.header('referrer-policy', 'no-referrer').redirect(`/p/${token}/contact`, 303)
    }),
  )

  server
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(
      '/api/v1/receipts/:token/channels',
      { ...byToken, schema: { params: ChannelParams, body: ChannelBody } },
      async (request, reply) => {
        const { id, wishes } = await whose(request.params.token)
        await contact.addChannel(id, request.body, wishes)
        return reply.status(204).send()
      },
    )
}
