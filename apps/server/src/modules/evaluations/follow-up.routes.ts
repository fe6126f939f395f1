import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import { FollowUpAnswer, FollowUpBody } from './follow-up.schema.ts'
import type { FollowUps } from './follow-up.service.ts'

/** The follow-up rating by programs (the mini-program, the app), with the secret of the receipt. */
export function registerFollowUpRoutes(instance: HttpServer, { followUps }: { followUps: FollowUps }): void {
  instance.withTypeProvider<TypeBoxTypeProvider>().post(
    '/api/v1/evaluations/follow-up',
    {
      config: { access: { kind: 'token' } },
      bodyLimit: 64 * 1024,
      schema: { body: FollowUpBody, response: { 200: FollowUpAnswer, 201: FollowUpAnswer } },
    },
    async (request, reply) => {
      const row = await followUps.submit(request.body.token, request.body.followUp)
      return reply.status(row.created ? 201 : 200).send({
        evaluationId: row.evaluation_id,
        level: row.level,
        hallLevel: row.hall_level,
        submittedAt: row.submitted_at.toISOString(),
      })
    },
  )
}
