import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { toString as qrToString } from 'qrcode'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { Invitation, VisitsBody } from './affairs.schema.ts'
import type { AffairsService } from './affairs.service.ts'
import { fromHallRequest, HallRequest } from './hall-adapter.ts'
import { authenticatePartner } from './partner-signature.ts'

const access = { config: { access: { kind: 'partner' } } } as const
const signed = Type.Object({
  'x-hcp-key': Type.String({ description: '接入密钥编号' }),
  'x-hcp-timestamp': Type.String({ description: 'Unix seconds' }),
  'x-hcp-nonce': Type.String(),
  'x-hcp-signature': Type.String({
    description: 'hex HMAC-SM3(secret, timestamp LF nonce LF method LF path LF body)',
  }),
})

/** Where business systems report visits. A refusal of one visit never touches the others of its batch. */
export function registerAffairsRoutes(
  instance: HttpServer,
  services: { affairs: AffairsService; clock: () => Date },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { affairs, clock } = services
  const withQr = async <T extends { status: string }>(answer: T) =>
    'url' in answer
      ? { ...answer, qr: await qrToString(String(answer.url), { type: 'svg', margin: 1 }) }
      : answer

  server.post(
    '/api/v1/affairs/visits',
    {
      ...access,
      schema: {
        headers: signed,
        body: VisitsBody,
        response: { 200: Type.Object({ answers: Type.Array(Invitation) }) },
      },
    },
    async (request) => {
      const partner = await authenticatePartner(request, affairs, clock())
      const body = request.body
      const answers = await affairs.report(partner, 'visits' in body ? body.visits : [body])
      return { answers: answers.length === 1 ? [await withQr(answers[0]!)] : answers }
    },
  )
  server.post(
    '/api/v1/adapters/hall/evaluations',
    { ...access, schema: { headers: signed, body: HallRequest, response: { 200: Invitation } } },
    async (request) => {
      const partner = await authenticatePartner(request, affairs, clock())
      const [answer] = await affairs.report(partner, [fromHallRequest(request.body, clock())])
      return withQr(answer!)
    },
  )
}
