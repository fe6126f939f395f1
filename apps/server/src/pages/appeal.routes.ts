import type { HttpServer } from '../platform/http.ts'
import { type FieldProblem, notFound, Problem } from '../platform/problem.ts'
import { appealPage, STATEMENT_LENGTH } from './appeal.page.tsx'
import { frameOf } from './frame.ts'
import { byToken, friendly, sendPrivate, type TokenRequest } from './private.ts'
import type { PagesServices } from './services.ts'

/** The appeal against a rating, as its evaluator reads and answers it (Q100). */
export function registerAppeal(server: HttpServer, { config, appeals, evaluations }: PagesServices): void {
  async function found(request: TokenRequest) {
    const { evaluationId } = await evaluations.receiptView(request.params.token)
    const appeal = await appeals.citizenAppeal(evaluationId)
    if (!appeal) throw notFound('appeal-unknown', '这条评价没有申诉。')
    return { evaluationId, appeal }
  }
  async function show(request: TokenRequest, words = '', errors: FieldProblem[] = []) {
    const { appeal } = await found(request)
    const { token } = request.params
    return appealPage({ frame: frameOf(request, config), token, appeal, words, errors })
  }

  server.get(
    '/p/:token/appeal',
    byToken,
    friendly(config, async (request, reply) => sendPrivate(reply, await show(request))),
  )

  server.post(
    '/p/:token/appeal',
    byToken,
    friendly(config, async (request, reply) => {
      const given = request.body ?? {}
      const words = typeof given.words === 'string' ? given.words.trim() : ''
      const event = given.event === 'request_reexamination' ? given.event : 'citizen_answer'
      const again = async (message: string, status: number) =>
        sendPrivate(reply, await show(request, words, [{ field: 'words', message }]), status)
      if (words === '') return again('请写几句话说明情况。', 422)
      if ([...words].length > STATEMENT_LENGTH)
        return again(`最多 ${STATEMENT_LENGTH} 字，现有 ${[...words].length} 字。`, 422)
      const { evaluationId } = await found(request)
      try {
        await appeals.answerAppeal(evaluationId, event, words)
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500) throw error
        return again(error.detail, error.status)
      }
      return reply
        .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
        .redirect(`/p/${request.params.token}`, 303)
    }),
  )
}
