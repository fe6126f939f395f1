import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { toString as qrToString } from 'qrcode'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { validatorCompiler } from '../../platform/validation.ts'
import { Invitation, readVisits, VisitsBody } from './affairs.schema.ts'
import type { AffairsService } from './affairs.service.ts'
import { fromHallRequest, HallRequest } from './hall-adapter.ts'
import { authenticatePartner, PartnerHeaders } from './partner-signature.ts'
import type { Partner } from './partners.ts'

declare module 'fastify' {
  interface FastifyRequest {
    partner?: Partner
  }
}

/** Where business systems report visits. A refusal of one visit never touches the others of its batch. */
export function registerAffairsRoutes(
  instance: HttpServer,
  services: { affairs: AffairsService; clock: () => Date },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { affairs, clock } = services
  server.decorateRequest('partner', undefined)
  const partnersOnly = {
    config: { access: { kind: 'partner' } },
    // Before the content is looked at: a stranger is told nothing about it.
    preValidation: async (request: FastifyRequest) => {
      request.partner = await authenticatePartner(request, affairs, clock())
    },
  } as const
  const withQr = async <T extends { status: string }>(answer: T) =>
    'url' in answer
      ? { ...answer, qr: await qrToString(String(answer.url), { type: 'svg', margin: 1 }) }
      : answer

  server.post(
    '/api/v1/affairs/visits',
    {
      ...partnersOnly,
      // 500 visits.
      bodyLimit: 4 * 1024 * 1024,
      schema: {
        headers: PartnerHeaders,
        body: VisitsBody,
        response: { 200: Type.Object({ answers: Type.Array(Invitation) }) },
      },
      // The schema describes the body; `readVisits` checks it visit by visit.
      validatorCompiler: (part) =>
        part.httpPart === 'body' ? (value: unknown) => ({ value }) : validatorCompiler(part),
    },
    async (request) => {
      const answers = await affairs.report(request.partner!, readVisits(request.body))
      return { answers: answers.length === 1 ? [await withQr(answers[0]!)] : answers }
    },
  )
  server.post(
    '/api/v1/adapters/hall/evaluations',
    {
      ...partnersOnly,
      schema: { headers: PartnerHeaders, body: HallRequest, response: { 200: Invitation } },
    },
    async (request) => {
      const [answer] = await affairs.report(request.partner!, [fromHallRequest(request.body)])
      return withQr(answer!)
    },
  )
}
