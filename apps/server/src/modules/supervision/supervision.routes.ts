import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import { sendFile, sendPreview, uploadedFile } from '../files/files.routes.ts'
import type { FilesService } from '../files/files.service.ts'
import {
  AnswerBody,
  AssignBody,
  CaseParams,
  CheckParams,
  CloseBody,
  FileParams,
  FoundBody,
  ItemParams,
  OrderBody,
  OrderParams,
  OrdersQuery,
  PageQuery,
  PickBody,
  PlanBody,
  PreviewQuery,
  ReportParams,
  ReportsQuery,
  StepBody,
  VersionBody,
} from './supervision.schema.ts'
import type { SupervisionService } from './supervision.service.ts'

const may = <P extends string>(permission: P) =>
  ({ config: { access: { kind: 'permission', permission } } }) as const
const pageOf = (query: { page?: string; pageSize?: string }): [number, number] => [
  Number(query.page ?? 1),
  Number(query.pageSize ?? 20),
]

/** Orders, spot checks and reports of retaliation, as officials read and work them. */
export function registerSupervisionRoutes(
  instance: HttpServer,
  { supervision, files }: { supervision: SupervisionService; files: Pick<FilesService, 'rules'> },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = may('supervision.read')
  const manage = may('supervision.manage')
  const { orders, checks, findings, retaliation } = supervision

  server.get(
    '/api/v1/supervision/orders',
    { ...read, schema: { querystring: OrdersQuery } },
    ({ query, official }) => {
      const { page, pageSize, open, overdue, ...rest } = query
      return orders.list(
        official!,
        { ...rest, open: open === 'true', overdue: overdue === 'true' },
        ...pageOf({ ...(page && { page }), ...(pageSize && { pageSize }) }),
      )
    },
  )
  server.get('/api/v1/supervision/organizations', read, ({ official }) =>
    supervision.organizations(official!),
  )
  // Handlers answer orders, so whoever may read the case may read what it was ordered.
  server.get(
    '/api/v1/cases/:id/supervision',
    { ...may('cases.read'), schema: { params: CaseParams } },
    (request) => supervision.ofCase(request.official!, request.params.id),
  )
  server.post(
    '/api/v1/cases/:id/supervision/orders',
    { ...manage, schema: { params: CaseParams, body: OrderBody } },
    async (request, reply) => {
      await orders.issue(request.official!, request.params.id, request.body)
      return reply.status(201).send(await supervision.ofCase(request.official!, request.params.id))
    },
  )
  server.post(
    '/api/v1/cases/:id/supervision/orders/:orderId/events/:event',
    { ...may('cases.read'), schema: { params: OrderParams, body: StepBody } },
    async (request) => {
      const { id, orderId, event } = request.params
      await orders.act(request.official!, id, orderId, event, request.body)
      return supervision.ofCase(request.official!, id)
    },
  )
  server.post(
    '/api/v1/cases/:id/supervision/files',
    { ...manage, schema: { params: CaseParams } },
    async (request, reply) => {
      const file = await uploadedFile(request, files)
      return reply.status(201).send(await findings.attach(request.official!, request.params.id, file))
    },
  )
  server.get(
    '/api/v1/cases/:id/supervision/files/:fileId',
    { ...may('cases.read'), schema: { params: FileParams } },
    async (request, reply) => {
      const { id, fileId } = request.params
      return sendFile(reply, await findings.openFile(request.official!, id, fileId))
    },
  )
  server.get(
    '/api/v1/cases/:id/supervision/files/:fileId/preview',
    { ...may('cases.read'), schema: { params: FileParams, querystring: PreviewQuery } },
    async (request, reply) => {
      const { id, fileId } = request.params
      return sendPreview(reply, await findings.openFile(request.official!, id, fileId), request.query.size)
    },
  )

  server.get('/api/v1/spot-checks', { ...read, schema: { querystring: PageQuery } }, ({ query, official }) =>
    checks.list(official!, ...pageOf(query)),
  )
  server.post('/api/v1/spot-checks', { ...manage, schema: { body: PlanBody } }, async (request, reply) =>
    reply
      .status(201)
      .send(await checks.detail(request.official!, await checks.plan(request.official!, request.body))),
  )
  server.post(
    '/api/v1/spot-checks/picked',
    { ...manage, schema: { body: PickBody } },
    async (request, reply) =>
      reply
        .status(201)
        .send(await checks.detail(request.official!, await checks.pick(request.official!, request.body))),
  )
  server.get('/api/v1/spot-checks/:checkId', { ...read, schema: { params: CheckParams } }, (request) =>
    checks.detail(request.official!, request.params.checkId),
  )
  server.get(
    '/api/v1/spot-checks/:checkId/population.txt',
    { ...read, schema: { params: CheckParams } },
    async (request, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="population.txt"')
        .type('text/plain; charset=utf-8')
        .send(await checks.population(request.official!, request.params.checkId)),
  )
  server.post(
    '/api/v1/spot-checks/:checkId/draw',
    { ...manage, schema: { params: CheckParams, body: VersionBody } },
    async ({ official, params, body }) => {
      await checks.draw(official!, params.checkId, body.version)
      return checks.detail(official!, params.checkId)
    },
  )
  server.post(
    '/api/v1/spot-checks/:checkId/close',
    { ...manage, schema: { params: CheckParams, body: CloseBody } },
    async ({ official, params, body }) => {
      await checks.close(official!, params.checkId, body)
      return checks.detail(official!, params.checkId)
    },
  )
  server.post(
    '/api/v1/spot-checks/:checkId/items/:id/assign',
    { ...manage, schema: { params: ItemParams, body: AssignBody } },
    async ({ official, params, body }) => {
      await findings.assign(official!, params.checkId, params.id, body)
      return checks.detail(official!, params.checkId)
    },
  )
  server.post(
    '/api/v1/spot-checks/:checkId/items/:id/finding',
    { ...manage, schema: { params: ItemParams, body: FoundBody } },
    async ({ official, params, body }) => {
      await findings.record(official!, params.checkId, params.id, body)
      return checks.detail(official!, params.checkId)
    },
  )

  const hear = may('retaliation.read')
  server.get(
    '/api/v1/retaliation-reports',
    { ...hear, schema: { querystring: ReportsQuery } },
    ({ query, official }) => retaliation.list(official!, query.state, ...pageOf(query)),
  )
  server.get(
    '/api/v1/retaliation-reports/:id/:reportId',
    { ...hear, schema: { params: ReportParams } },
    (request) => retaliation.detail(request.official!, request.params.id, request.params.reportId),
  )
  server.post(
    '/api/v1/retaliation-reports/:id/:reportId/answer',
    { ...hear, schema: { params: ReportParams, body: AnswerBody } },
    async ({ official, params, body }) => {
      await retaliation.answer(official!, params.id, params.reportId, body)
      return retaliation.detail(official!, params.id, params.reportId)
    },
  )
}
