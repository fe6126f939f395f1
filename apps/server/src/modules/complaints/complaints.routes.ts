import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { Day, validatorCompiler } from '../../platform/validation.ts'
import type { AffairsService } from '../affairs/affairs.service.ts'
import { authenticatePartner, PartnerHeaders } from '../affairs/partner-signature.ts'
import type { CaseSources } from './case-sources.view.ts'
import { ComplaintAnswer, ComplaintEntry, ComplaintsBody, readComplaints } from './complaints.schema.ts'
import type { ComplaintsService } from './complaints.service.ts'
import type { ComplaintViews } from './complaints.view.ts'

const Query = Type.Partial(
  Type.Object({
    kind: Type.String({ pattern: '^(complaint|opinion)$' }),
    medium: Type.String({ pattern: '^[a-z_]{1,20}$' }),
    organization: Type.String({ maxLength: 64 }),
    from: Day,
    to: Day,
    number: Type.String({ maxLength: 50 }),
    page: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)
const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Reason = Type.Object(
  {
    reason: Type.String({
      pattern: '\\S(\\s*\\S){3}',
      maxLength: 200,
      errorMessage: '请写明查看原因，4 至 200 字',
    }),
  },
  { additionalProperties: false },
)
const Registered = Type.Object({
  id: Type.String(),
  complaintNumber: Type.String(),
  progressUrl: Type.String(),
})

const dayStart = (day: string) => new Date(`${day}T00:00:00+08:00`)

/** Where complaints come in, and where officials read them. */
export function registerComplaintRoutes(
  instance: HttpServer,
  services: {
    complaints: ComplaintsService
    complaintViews: ComplaintViews
    caseSources: CaseSources
    affairs: AffairsService
    clock: () => Date
  },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { complaints, complaintViews, caseSources, affairs, clock } = services

  server.post(
    '/api/v1/complaints',
    {
      config: { access: { kind: 'partner' } },
      // Before the content is looked at: a stranger is told nothing about it.
      preValidation: async (request: FastifyRequest) => {
        request.partner = await authenticatePartner(request, affairs, clock())
      },
      // 200 complaints.
      bodyLimit: 4 * 1024 * 1024,
      schema: {
        headers: PartnerHeaders,
        body: ComplaintsBody,
        response: { 200: Type.Object({ answers: Type.Array(ComplaintAnswer) }) },
      },
      // The schema describes the body; `readComplaints` checks it one by one.
      validatorCompiler: (part) =>
        part.httpPart === 'body' ? (value: unknown) => ({ value }) : validatorCompiler(part),
    },
    async (request) => ({ answers: await complaints.report(request.partner!, readComplaints(request.body)) }),
  )
  server.post(
    '/api/v1/complaints/register',
    {
      config: { access: { kind: 'permission', permission: 'complaints.register' } },
      schema: { body: ComplaintEntry, response: { 201: Registered } },
    },
    async (request, reply) =>
      reply.status(201).send(await complaints.register(request.official!, request.body)),
  )
  const read = { config: { access: { kind: 'permission', permission: 'complaints.read' } } } as const
  server.get('/api/v1/complaints', { ...read, schema: { querystring: Query } }, (request) => {
    const { from, to, page, pageSize, ...rest } = request.query
    return complaintViews.page(
      request.official!,
      {
        ...rest,
        from: from ? dayStart(from) : undefined,
        to: to ? new Date(dayStart(to).getTime() + 86_400_000) : undefined,
      },
      Number(page ?? 1),
      Number(pageSize ?? 20),
    )
  })
  server.get('/api/v1/complaints/:id', { ...read, schema: { params: Params } }, (request) =>
    complaintViews.detail(request.official!, request.params.id),
  )
  server.get(
    '/api/v1/cases/:id/sources',
    {
      config: { access: { kind: 'permission', permission: 'cases.read' } },
      schema: { params: Params },
    },
    (request) => caseSources.ofCase(request.official!, request.params.id),
  )
  server.post(
    '/api/v1/complaints/:id/identity',
    {
      config: { access: { kind: 'permission', permission: 'identities.reveal' } },
      schema: { params: Params, body: Reason },
    },
    (request) => complaintViews.reveal(request.official!, request.params.id, request.body.reason),
  )
}
