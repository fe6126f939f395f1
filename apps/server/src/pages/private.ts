import type { FastifyReply, FastifyRequest } from 'fastify'
import QRCode from 'qrcode'
import { Problem } from '../platform/problem.ts'
import { problemPage } from './errors.page.tsx'
import { frameOf } from './frame.ts'
import type { PagesServices } from './services.ts'

export type Fields = Record<string, unknown>
export type TokenRequest = FastifyRequest<{
  Params: { token: string }
  Querystring: Fields
  Body: Fields | null
}>

/** Longest form taken; a citizen's words are at most 500 characters. */
export const FORM_LIMIT = 64 * 1024

/** A page reached with a citizen's secret link. */
export const byToken = { config: { access: { kind: 'token' } }, bodyLimit: FORM_LIMIT } as const

const SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** A page about one citizen's rating: kept nowhere, its address told to nobody, no script but ours. */
export const sendPrivate = (reply: FastifyReply, html: string, status = 200) =>
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

/** Runs a page; a refusal becomes a friendly page with its status, whatever the client says it accepts. */
export const friendly =
  (
    config: PagesServices['config'],
    work: (request: TokenRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ) =>
  async (request: TokenRequest, reply: FastifyReply) => {
    try {
      return await work(request, reply)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return sendPrivate(reply, problemPage(frameOf(request, config), error), error.status)
    }
  }

export const agentOf = (request: FastifyRequest) => request.headers['user-agent'] ?? ''

/** A link as a QR code, for whoever wants to carry it away. */
export const qrSvg = (link: string) =>
  QRCode.toString(link, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
