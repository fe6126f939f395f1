import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import { sendFile, sendPreview, uploadedFile } from '../files/files.routes.ts'
import type { FilesService } from '../files/files.service.ts'
import {
  AppealEventBody,
  AppealEventParams,
  AppealFileParams,
  AppealParams,
  AppealsQuery,
  FilingBody,
  PreviewQuery,
} from './appeals.schema.ts'
import type { AppealsService } from './appeals.service.ts'

/** Appeals as officials file, list, read and decide them. Who may do what is decided appeal by appeal. */
export function registerAppealRoutes(
  instance: HttpServer,
  { appeals, files }: { appeals: AppealsService; files: Pick<FilesService, 'rules'> },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = { config: { access: { kind: 'permission', permission: 'appeals.read' } } } as const
  const file = { config: { access: { kind: 'permission', permission: 'appeals.file' } } } as const

  server.get('/api/v1/appeals', { ...read, schema: { querystring: AppealsQuery } }, (request) => {
    const { pageSize, ...query } = request.query
    return appeals.list(request.official!, query, Number(pageSize ?? 20))
  })
  server.get('/api/v1/appeals/:id', { ...read, schema: { params: AppealParams } }, (request) =>
    appeals.detail(request.official!, request.params.id),
  )
  server.get('/api/v1/appeals/:id/filing', { ...read, schema: { params: AppealParams } }, (request) =>
    appeals.filing(request.official!, request.params.id),
  )
  server.post(
    '/api/v1/appeals/:id',
    { ...file, schema: { params: AppealParams, body: FilingBody } },
    async (request, reply) =>
      reply.status(201).send(await appeals.file(request.official!, request.params.id, request.body.values)),
  )
  server.post(
    '/api/v1/appeals/:id/events/:event',
    { ...read, schema: { params: AppealEventParams, body: AppealEventBody } },
    (request) => appeals.act(request.official!, request.params.id, request.params.event, request.body),
  )
  server.post(
    '/api/v1/appeals/:id/files',
    { ...file, schema: { params: AppealParams } },
    async (request, reply) => {
      const sent = await uploadedFile(request, files)
      return reply.status(201).send(await appeals.attach(request.official!, request.params.id, sent))
    },
  )
  server.get(
    '/api/v1/appeals/:id/files/:fileId',
    { ...read, schema: { params: AppealFileParams } },
    async (request, reply) => {
      const { id, fileId } = request.params
      return sendFile(reply, await appeals.openFile(request.official!, id, fileId))
    },
  )
  server.get(
    '/api/v1/appeals/:id/files/:fileId/preview',
    { ...read, schema: { params: AppealFileParams, querystring: PreviewQuery } },
    async (request, reply) => {
      const { id, fileId } = request.params
      return sendPreview(reply, await appeals.openFile(request.official!, id, fileId), request.query.size)
    },
  )
}
