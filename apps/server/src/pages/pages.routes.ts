import type { FastifyReply, FastifyRequest } from 'fastify'
import QRCode from 'qrcode'
import type { HttpServer } from '../platform/http.ts'
import { notFound, Problem } from '../platform/problem.ts'
import { demoPage } from './demo.page.tsx'
import { problemPage } from './errors.page.tsx'
import { ELDER_COOKIE, frameOf, localPath } from './frame.ts'
import { hallPage } from './hall.page.tsx'
import { privacyPage } from './privacy.page.tsx'
import { draftFrom, emptyDraft, homeFrom, type RateDraft, submissionFrom } from './rate.form.ts'
import { ratePage } from './rate.page.tsx'
import { receiptPage } from './receipt.page.tsx'
import type { PagesServices } from './services.ts'
import { SURVEY_ANSWERS, type SurveyState } from './survey.form.tsx'

type Fields = Record<string, unknown>
type TokenRequest = FastifyRequest<{ Params: { token: string }; Querystring: Fields; Body: Fields | null }>

/** Longest form taken; a citizen's words are at most 500 characters. */
const FORM_LIMIT = 64 * 1024

const SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** A page about one citizen's rating: kept nowhere, its address told to nobody, no script but ours. */
const sendPrivate = (reply: FastifyReply, html: string, status = 200) =>
  reply
    .status(status)
    .headers({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': SECURITY_POLICY,
      'x-robots-tag': 'noindex',
    })
    .type('text/html; charset=utf-8')
    .send(html)

const qrSvg = (link: string) => QRCode.toString(link, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })

/** The citizen's pages: rate, receipt and progress, hall tablet, demonstration, large print, privacy. */
export function registerPages(server: HttpServer, services: PagesServices): void {
  const { config, evaluations, rectification } = services
  const isPublic = { config: { access: { kind: 'public' } } } as const
  const byToken = { config: { access: { kind: 'token' } }, bodyLimit: FORM_LIMIT } as const
  const agent = (request: FastifyRequest) => request.headers['user-agent'] ?? ''

  /** Runs a page; a refusal becomes a friendly page with its status, whatever the client says it accepts. */
  const friendly =
    (work: (request: TokenRequest, reply: FastifyReply) => Promise<FastifyReply>) =>
    async (request: TokenRequest, reply: FastifyReply) => {
      try {
        return await work(request, reply)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return sendPrivate(reply, problemPage(frameOf(request, config), error), error.status)
      }
    }

  const showRating = async (request: TokenRequest, draft: RateDraft, errors: Problem['errors'] = []) => {
    const { token } = request.params
    const invitation = await evaluations.openInvitation(token)
    return ratePage({ frame: frameOf(request, config), token, invitation, draft, errors })
  }

  server.get(
    '/r/:token',
    byToken,
    friendly(async (request, reply) =>
      sendPrivate(reply, await showRating(request, emptyDraft(request.query, agent(request)))),
    ),
  )

  server.post(
    '/r/:token',
    byToken,
    friendly(async (request, reply) => {
      const draft = draftFrom(request.body ?? {}, agent(request))
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

  const showReceipt = async (request: TokenRequest, survey?: SurveyState) => {
    const { token } = request.params
    const receipt = await evaluations.receiptView(token)
    const found = receipt.negative ? await rectification.citizenView(receipt.evaluationId) : null
    const home = homeFrom(request.query?.home)
    // The large-print switch and the reload come back here, and must not lose the way back to the tablet.
    const path = home ? `/p/${token}?home=${encodeURIComponent(home)}` : `/p/${token}`
    return receiptPage({
      frame: { ...frameOf(request, config), path },
      token,
      receipt,
      case: found,
      expected:
        receipt.negative && (!found || found.state === 'to_sign')
          ? await rectification.expected(receipt)
          : null,
      qr: await qrSvg(`${config.publicUrl}/p/${token}`),
      home,
      ...(survey && { survey }),
    })
  }

  server.get(
    '/p/:token',
    byToken,
    friendly(async (request, reply) => sendPrivate(reply, await showReceipt(request))),
  )

  server.post(
    '/p/:token/survey',
    byToken,
    friendly(async (request, reply) => {
      const { token } = request.params
      const receipt = await evaluations.receiptView(token)
      const given = request.body ?? {}
      const answer = SURVEY_ANSWERS.find((a) => a.value === given.answer)?.value ?? null
      const words = typeof given.words === 'string' ? given.words.trim() : ''
      const again = async (error: string, field: SurveyState['field'], status: number) =>
        sendPrivate(reply, await showReceipt(request, { answer, words, error, field }), status)
      if (!answer) return again('请选择问题是否解决。', 'answer', 422)
      if ([...words].length > 500)
        return again(`文字最多 500 字，现有 ${[...words].length} 字。`, 'words', 422)
      try {
        await rectification.answerSurvey(receipt.evaluationId, { answer, ...(words && { words }) })
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) throw error
        return again(error.detail, error.field === 'words' ? 'words' : 'answer', error.status)
      }
      return reply.header('referrer-policy', 'no-referrer').redirect(`/p/${token}`, 303)
    }),
  )

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
