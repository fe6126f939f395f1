import type { FastifyReply } from 'fastify'
import type { HttpServer } from '../platform/http.ts'
import { notFound, Problem } from '../platform/problem.ts'
import { registerAppeal } from './appeal.routes.ts'
import { registerContact } from './contact.routes.ts'
import { demoPage } from './demo.page.tsx'
import { registerFollowUp } from './follow-up.routes.ts'
import { ELDER_COOKIE, frameOf, localPath } from './frame.ts'
import { hallPage } from './hall.page.tsx'
import { privacyPage } from './privacy.page.tsx'
import {
  agentOf,
  byToken,
  type Fields,
  friendly as friendlyPage,
  qrSvg,
  sendPrivate,
  type TokenRequest,
} from './private.ts'
import { registerProgress } from './progress.routes.ts'
import { draftFrom, emptyDraft, type RateDraft, submissionFrom } from './rate.form.ts'
import { ratePage } from './rate.page.tsx'
import { registerRetaliation } from './retaliation.routes.ts'
import type { PagesServices } from './services.ts'

/** The citizen's pages: rate, receipt and progress, hall tablet, demonstration, large print, privacy. */
export function registerPages(server: HttpServer, services: PagesServices): void {
  const { config, evaluations } = services
  const isPublic = { config: { access: { kind: 'public' } } } as const
  const friendly = (work: (request: TokenRequest, reply: FastifyReply) => Promise<FastifyReply>) =>
    friendlyPage(config, work)

  const showRating = async (request: TokenRequest, draft: RateDraft, errors: Problem['errors'] = []) => {
    const { token } = request.params
    const invitation = await evaluations.openInvitation(token)
    return ratePage({ frame: frameOf(request, config), token, invitation, draft, errors })
  }

  server.get(
    '/r/:token',
    byToken,
    friendly(async (request, reply) =>
      sendPrivate(reply, await showRating(request, emptyDraft(request.query, agentOf(request)))),
    ),
  )

  server.post(
    '/r/:token',
    byToken,
    friendly(async (request, reply) => {
      const draft = draftFrom(request.body ?? {}, agentOf(request))
      const read = submissionFrom(draft)
      if ('errors' in read) return sendPrivate(reply, await showRating(request, draft, read.errors), 422)
      try {
        const receipt = await evaluations.submit(request.params.token, read.submission)
        const home = draft.home && `?home=${encodeURIComponent(draft.home)}`
        return reply
          .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
          .redirect(`/p/${receipt.receiptToken}${home}`, 303)
      } catch (error) {
        if (!(error instanceof Problem && error.errors)) throw error
        return sendPrivate(reply, await showRating(request, draft, error.errors), error.status)
      }
    }),
  )

  registerProgress(server, services)
  registerAppeal(server, services)
  registerContact(server, services)
  registerFollowUp(server, services)
  registerRetaliation(server, services)

  server.get('/elder', isPublic, async (request, reply) => {
    const { on, back } = request.query as Fields
    const kept = { path: '/', sameSite: 'lax', httpOnly: true, maxAge: 365 * 24 * 3600 } as const
    if (on === '1') reply.setCookie(ELDER_COOKIE, '1', kept)
    else reply.clearCookie(ELDER_COOKIE, { path: '/' })
    return reply
      .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      .redirect(localPath(back), 303)
  })

  server.get('/privacy', isPublic, async (request, reply) =>
    reply.type('text/html; charset=utf-8').send(privacyPage(frameOf(request, config))),
  )

  registerDemonstration(server, services)
}

/**
 * What only a demonstration has. The hall page hands out a stranger's chance to rate to whoever opens it, so outside
 * a demonstration it needs an enrolled device, which there is none of yet: it is not there.
 */
function registerDemonstration(server: HttpServer, services: PagesServices): void {
  const { config } = services
  const isPublic = { config: { access: { kind: 'public' } } } as const
  const demoOnly = () => {
    if (config.mode !== 'demo' || !services.demo) throw notFound('not-found', '没有这个地址。')
    return services.demo
  }

  server.get('/demo', isPublic, async (request, reply) =>
    sendPrivate(reply, demoPage(frameOf(request, config), demoOnly())),
  )

  server.post('/demo', isPublic, async (_request, reply) => {
    const { token } = await demoOnly().newVisit()
    return reply.header('cache-control', 'no-store').redirect(`/r/${token}`, 303)
  })

  server.get<{ Params: { hallCode: string; windowCode: string } }>(
    '/hall/:hallCode/:windowCode',
    isPublic,
    async (request, reply) => {
      demoOnly()
      const { hallCode, windowCode } = request.params
      const window = await services.hallWindow(hallCode, windowCode)
      if (!window) throw notFound('not-found', '没有这个窗口。')
      const next = await services.latestInvitation(windowCode)
      const home = encodeURIComponent(`/hall/${hallCode}/${windowCode}`)
      const waiting = next && {
        qr: await qrSvg(`${config.publicUrl}/r/${next.token}?c=3`),
        href: `/r/${next.token}?c=4&home=${home}`,
      }
      return sendPrivate(reply, hallPage({ frame: frameOf(request, config), window, waiting }))
    },
  )
}
