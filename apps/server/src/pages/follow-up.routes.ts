import type { HttpServer } from '../platform/http.ts'
import { conflict, gone, Problem } from '../platform/problem.ts'
import { followUpPage } from './follow-up.page.tsx'
import { frameOf } from './frame.ts'
import { agentOf, byToken, friendly, sendPrivate, type TokenRequest } from './private.ts'
import { draftFrom, emptyDraft, type RateDraft, submissionFrom } from './rate.form.ts'
import type { PagesServices } from './services.ts'

/** The one rating after rectification, on a page of its own that the progress page leads to. */
export function registerFollowUp(
  server: HttpServer,
  { config, followUps, evaluations }: PagesServices,
): void {
  async function show(request: TokenRequest, draft: RateDraft, errors: Problem['errors'] = []) {
    const { token } = request.params
    const { state, onSite, wordsMaximum } = await followUps.open(token)
    if (state.status === 'given')
      throw conflict('follow-up-given', '您已经追评过了。追评只有一次，不可更改。')
    if (state.status === 'not-yet') throw conflict('follow-up-early', '办理单位答复以后才能追评。')
    if (state.status === 'over')
      throw gone('follow-up-over', '追评期限已过。如问题仍未解决，可拨打 12345 热线反映。')
    return followUpPage({
      frame: frameOf(request, config),
      token,
      receipt: await evaluations.receiptView(token),
      onSite,
      wordsMaximum,
      until: state.until,
      draft,
      errors,
    })
  }

  server.get(
    '/p/:token/follow-up',
    byToken,
    friendly(config, async (request, reply) =>
      sendPrivate(reply, await show(request, emptyDraft(request.query, agentOf(request)))),
    ),
  )

  server.post(
    '/p/:token/follow-up',
    byToken,
    friendly(config, async (request, reply) => {
      const { token } = request.params
      const draft = draftFrom(request.body ?? {}, agentOf(request))
      const read = submissionFrom(draft)
      if ('errors' in read) return sendPrivate(reply, await show(request, draft, read.errors), 422)
      const { level, hallLevel, optionCodes, words, channel, submissionId } = read.submission
      try {
        await followUps.submit(token, {
          level,
          optionCodes,
          channel,
          submissionId,
          ...(words !== undefined && { words }),
          ...(hallLevel !== undefined && { hallLevel }),
        })
      } catch (error) {
        if (!(error instanceof Problem && error.errors)) throw error
        return sendPrivate(reply, await show(request, draft, error.errors), error.status)
      }
      return reply
        .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
        .redirect(`/p/${token}`, 303)
    }),
  )
}
