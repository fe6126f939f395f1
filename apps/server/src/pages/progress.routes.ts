import type { HttpServer } from '../platform/http.ts'
import { Problem } from '../platform/problem.ts'
import { complaintPage } from './complaint.page.tsx'
import { frameOf } from './frame.ts'
import { byToken, friendly, qrSvg, sendPrivate, type TokenRequest } from './private.ts'
import { homeFrom } from './rate.form.ts'
import { receiptPage } from './receipt.page.tsx'
import type { PagesServices } from './services.ts'
import { SURVEY_ANSWERS, type SurveyState } from './survey.form.tsx'

/** Receipt and progress of a rating or a complaint, by its secret link, and the re-survey once there is a reply. */
export function registerProgress(server: HttpServer, services: PagesServices): void {
  const { config, rectification, followUps, retaliation } = services

  async function showProgress(request: TokenRequest, survey?: SurveyState) {
    const { token } = request.params
    const progress = await services.progress(token)
    const home = homeFrom(request.query?.home)
    // The large-print switch and the reload come back here, and must not lose the way back to the tablet.
    const path = home ? `/p/${token}?home=${encodeURIComponent(home)}` : `/p/${token}`
    const shared = {
      frame: { ...frameOf(request, config), path },
      token,
      qr: await qrSvg(`${config.publicUrl}/p/${token}`),
      ...(survey && { survey }),
    }
    if (progress.kind === 'complaint') {
      const { complaint } = progress
      return complaintPage({
        ...shared,
        complaint,
        case: await rectification.citizenView(complaint.evaluationId),
        reports: await retaliation.citizenView(complaint.evaluationId),
      })
    }
    const { receipt } = progress
    const found = receipt.negative ? await rectification.citizenView(receipt.evaluationId) : null
    return receiptPage({
      ...shared,
      receipt,
      case: found,
      expected:
        receipt.negative && (!found || found.state === 'to_sign')
          ? await rectification.expected(receipt)
          : null,
      appeal: receipt.negative ? await services.appeals.citizenAppeal(receipt.evaluationId) : null,
      followUp: receipt.negative ? await followUps.stateOf(receipt.evaluationId, receipt.regionCode) : null,
      home,
      reports: await retaliation.citizenView(receipt.evaluationId),
    })
  }

  server.get(
    '/p/:token',
    byToken,
    friendly(config, async (request, reply) => sendPrivate(reply, await showProgress(request))),
  )

  server.post(
    '/p/:token/survey',
    byToken,
    friendly(config, async (request, reply) => {
      const { token } = request.params
      const progress = await services.progress(token)
      const source = progress.kind === 'complaint' ? progress.complaint : progress.receipt
      const given = request.body ?? {}
      const answer = SURVEY_ANSWERS.find((a) => a.value === given.answer)?.value ?? null
      const words = typeof given.words === 'string' ? given.words.trim() : ''
      const again = async (error: string, field: SurveyState['field'], status: number) =>
        sendPrivate(reply, await showProgress(request, { answer, words, error, field }), status)
      if (!answer) return again('请选择问题是否解决。', 'answer', 422)
      if ([...words].length > 500)
        return again(`文字最多 500 字，现有 ${[...words].length} 字。`, 'words', 422)
      try {
        await rectification.answerSurvey(source.evaluationId, { answer, ...(words && { words }) })
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) throw error
        return again(error.detail, error.field === 'words' ? 'words' : 'answer', error.status)
      }
      return reply.header('referrer-policy', 'no-referrer').redirect(`/p/${token}`, 303)
    }),
  )

  server.post(
    '/p/:token/supply',
    byToken,
    friendly(config, async (request, reply) => {
      const { token } = request.params
      const progress = await services.progress(token)
      const source = progress.kind === 'complaint' ? progress.complaint : progress.receipt
      const given = request.body ?? {}
      const words = typeof given.words === 'string' ? given.words.trim() : ''
      const again = async (error: string, status: number) =>
        sendPrivate(
          reply,
          await showProgress(request, { answer: null, words, error, field: 'words' }),
          status,
        )
      if (words === '') return again('请写下要补充的情况。', 422)
      if ([...words].length > 1000) return again(`文字最多 1000 字，现有 ${[...words].length} 字。`, 422)
      try {
        await rectification.supply(source.evaluationId, words)
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) throw error
        return again(error.detail, error.status)
      }
      return reply.header('referrer-policy', 'no-referrer').redirect(`/p/${token}`, 303)
    }),
  )
}
