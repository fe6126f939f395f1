import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { HttpServer } from '../../platform/http.ts'
import { Problem } from '../../platform/problem.ts'
import { tooLarge, type UploadedFile } from '../files/files.service.ts'
import {
  AppealEventBody,
  AppealEventParams,
  AppealFileParams,
  AppealParams,
  AppealsQuery,
  FilingBody,
} from './appeals.schema.ts'
import type { AppealsService } from './appeals.service.ts'

/** Appeals as officials file, list, read and decide them. Who may do what is decided appeal by appeal. */
export function registerAppealRoutes(instance: HttpServer, { appeals }: { appeals: AppealsService }): void {
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
    async (request, reply) =>
      reply
        .status(201)
        .send(await appeals.attach(request.official!, request.params.id, await fileOf(request))),
  )
  server.get(
    '/api/v1/appeals/:id/files/:fileId',
    { ...read, schema: { params: AppealFileParams } },
    async (request, reply) => {
      const { id, fileId } = request.params
      const { name, mediaType, content } = await appeals.openFile(request.official!, id, fileId)
      return reply
        .headers({
          'content-disposition': `attachment; filename="evidence${name.slice(name.lastIndexOf('.'))}"; filename*=UTF-8''${encodeRfc5987(name)}`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'private, no-store',
        })
        .type(mediaType)
        .send(content)
    },
  )
}

async function fileOf(request: FastifyRequest): Promise<UploadedFile> {
  const part = request.isMultipart() ? await request.file() : undefined
  if (part?.fieldname !== 'file')
    throw new Problem(422, 'file-missing', '请选择要上传的文件。', { field: 'file' })
  const content = await part.toBuffer().catch((error: { code?: string }) => {
    throw error.code === 'FST_REQ_FILE_TOO_LARGE' ? tooLarge() : error
  })
  return { name: part.filename, content }
}

/** encodeURIComponent leaves a few characters that RFC 5987 does not allow. */
const encodeRfc5987 = (text: string) =>
  encodeURIComponent(text).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
