import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { LEVELS } from '@haochaping/rules'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { notFound } from '../../platform/problem.ts'
import { Day } from '../../platform/validation.ts'
import { ReceiptBody, SubmitBody } from './evaluations.schema.ts'
import type { EvaluationFilter, EvaluationsService } from './evaluations.service.ts'
import type { CatalogReader, makeEvaluationViews } from './evaluations.view.ts'

const Flag = Type.Union([Type.Literal('true'), Type.Literal('false')])
const Query = Type.Partial(
  Type.Object({
    from: Day,
    to: Day,
    level: Type.String({ pattern: '^[1-5](,[1-5])*$' }),
    organization: Type.String({ maxLength: 64 }),
    region: Type.String({ maxLength: 12 }),
    hall: Type.String({ maxLength: 64 }),
    window: Type.String({ maxLength: 64 }),
    item: Type.String({ maxLength: 64 }),
    channel: Type.String({ pattern: '^[1-7]$' }),
    negative: Flag,
    words: Flag,
    receipt: Type.String({ maxLength: 40 }),
    page: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)
const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const Reason = Type.Object(
  {
    reason: Type.String({
      // Four characters that can be read: blanks are no reason.
      pattern: '\\S(\\s*\\S){3}',
      maxLength: 200,
      errorMessage: '请写明查看原因，4 至 200 字',
    }),
  },
  { additionalProperties: false },
)

const dayStart = (day: string) => new Date(`${day}T00:00:00+08:00`)

/** Ratings by programs, and the officials' view of ratings. */
export function registerEvaluationRoutes(
  instance: HttpServer,
  services: {
    evaluations: EvaluationsService
    views: ReturnType<typeof makeEvaluationViews>
    catalog: CatalogReader
    publicUrl: string
  },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { evaluations, views, catalog } = services

  server.post(
    '/api/v1/evaluations',
    {
      config: { access: { kind: 'token' } },
      bodyLimit: 64 * 1024,
      // A receipt is shorter than what is worth compressing.
      compress: false,
      schema: { body: SubmitBody, response: { 200: ReceiptBody, 201: ReceiptBody } },
    },
    async (request, reply) => {
      const { created, ...receipt } = await evaluations.submit(request.body.token, request.body.evaluation)
      return reply.status(created ? 201 : 200).send({
        ...receipt,
        receiptUrl: `${services.publicUrl}/p/${receipt.receiptToken}`,
        submittedAt: receipt.submittedAt.toISOString(),
      })
    },
  )
  const read = { config: { access: { kind: 'permission', permission: 'evaluations.read' } } } as const
  server.get('/api/v1/evaluations', { ...read, schema: { querystring: Query } }, async (request) => {
    const q = request.query
    const organization = q.organization ? await catalog.organization(q.organization) : undefined
    if (q.organization && !organization) throw notFound('unknown-organization', '没有这个机构。')
    const filter: EvaluationFilter = {
      from: q.from ? dayStart(q.from) : undefined,
      to: q.to ? new Date(dayStart(q.to).getTime() + 86_400_000) : undefined,
      levels: q.level?.split(',').map(Number),
      organizationPath: organization?.path,
      region: q.region,
      hall: q.hall,
      window: q.window,
      item: q.item,
      channel: q.channel ? Number(q.channel) : undefined,
      negative: q.negative === undefined ? undefined : q.negative === 'true',
      words: q.words === undefined ? undefined : q.words === 'true',
      receipt: q.receipt,
    }
    return views.page(request.official!, filter, Number(q.page ?? 1), Number(q.pageSize ?? 20))
  })
  server.get('/api/v1/evaluations/:id', { ...read, schema: { params: Params } }, (request) =>
    views.detail(request.official!, request.params.id),
  )
  server.post(
    '/api/v1/evaluations/:id/identity',
    {
      config: { access: { kind: 'permission', permission: 'identities.reveal' } },
      schema: { params: Params, body: Reason },
    },
    (request) => views.reveal(request.official!, request.params.id, request.body.reason),
  )
  server.get('/api/v1/scale', { config: { access: { kind: 'public' } } }, async () => ({ levels: LEVELS }))
}
