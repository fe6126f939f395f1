import type { HttpServer } from '../platform/http.ts'
import { Problem } from '../platform/problem.ts'
import { frameOf } from './frame.ts'
import { byToken, friendly, sendPrivate, type TokenRequest } from './private.ts'
import { retaliationPage } from './retaliation.page.tsx'
import type { PagesServices } from './services.ts'

const NOTHING = { statement: '', contact: '' }

/** A report of retaliation, on a page of its own that the progress page leads to (P6). */
export function registerRetaliation(
  server: HttpServer,
  { config, progress, retaliation }: PagesServices,
): void {
  const show = (request: TokenRequest, draft = NOTHING, errors: Problem['errors'] = []) =>
    retaliationPage({ frame: frameOf(request, config), token: request.params.token, draft, errors })

  server.get(
    '/p/:token/retaliation',
    byToken,
    friendly(config, async (request, reply) => {
      await progress(request.params.token)
      return sendPrivate(reply, show(request))
    }),
  )

  server.post(
    '/p/:token/retaliation',
    byToken,
    friendly(config, async (request, reply) => {
      const { token } = request.params
      const found = await progress(token)
      const about = found.kind === 'complaint' ? found.complaint : found.receipt
      const text = (value: unknown) => (typeof value === 'string' ? value : '')
      const draft = { statement: text(request.body?.statement), contact: text(request.body?.contact) }
      try {
        await retaliation.report(about, draft)
      } catch (error) {
        if (!(error instanceof Problem && error.errors)) throw error
        return sendPrivate(reply, show(request, draft, error.errors), error.status)
      }
      return reply
        .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
        .redirect(`/p/${token}`, 303)
    }),
  )
}
