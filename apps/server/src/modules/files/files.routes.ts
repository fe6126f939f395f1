import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { Problem } from '../../platform/problem.ts'
import type { Official } from '../identity/official.ts'
import {
  type FilesService,
  type FileView,
  type OpenedFile,
  tooLarge,
  type UploadedFile,
} from './files.service.ts'

const Uuid = Type.String({ format: 'uuid' })
const CaseParams = Type.Object({ id: Uuid })
const FileParams = Type.Object({ id: Uuid, fileId: Uuid })
const PreviewQuery = Type.Object({ size: Type.Union([Type.Literal('small'), Type.Literal('large')]) })

/**
 * The one file of a form, for whichever room takes it.
 * @throws Problem 422 file-missing, 413 file-too-large
 */
export async function uploadedFile(
  request: FastifyRequest,
  files: Pick<FilesService, 'rules'>,
): Promise<UploadedFile> {
  const { limit, megabytes } = files.rules()
  const part = request.isMultipart() ? await request.file({ limits: { fileSize: limit } }) : undefined
  if (part?.fieldname !== 'file')
    throw new Problem(422, 'file-missing', '请选择要上传的文件。', { field: 'file' })
  const content = await part.toBuffer().catch((error: { code?: string }) => {
    throw error.code === 'FST_REQ_FILE_TOO_LARGE' ? tooLarge(megabytes) : error
  })
  return { name: part.filename, content }
}

/** No browser interprets what was uploaded, and none keeps it. */
const GUARDED = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, no-store',
}

/** Sends a file that the official may see, as an attachment. */
export async function sendFile(reply: FastifyReply, { name, mediaType, size, content }: OpenedFile) {
  const extension = name.slice(name.lastIndexOf('.'))
  return reply
    .headers({
      ...GUARDED,
      'content-length': size,
      'content-disposition': `attachment; filename="evidence${extension}"; filename*=UTF-8''${encodeRfc5987(name)}`,
    })
    .type(mediaType)
    .send(await content())
}

/** Sends a small picture of a file that the official may see. */
export const sendPreview = async (reply: FastifyReply, file: OpenedFile, size: 'small' | 'large') =>
  reply
    .headers(GUARDED)
    .type('image/webp')
    .send(await file.preview(size))

/** Evidence of a case: sent by those who work on it, read by those who may see it. */
export function registerFileRoutes(
  instance: HttpServer,
  {
    files,
    rectification,
  }: {
    files: Pick<FilesService, 'rules'>
    rectification: {
      attach(official: Official, id: string, file: UploadedFile): Promise<FileView>
      file(official: Official, id: string, fileId: string): Promise<OpenedFile>
    }
  },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const handle = { config: { access: { kind: 'permission', permission: 'cases.handle' } } } as const
  const read = { config: { access: { kind: 'permission', permission: 'cases.read' } } } as const

  server.get('/api/v1/files/rules', { config: { access: { kind: 'session' } } }, () => files.rules())
  server.post(
    '/api/v1/cases/:id/files',
    { ...handle, schema: { params: CaseParams } },
    async (request, reply) => {
      const file = await uploadedFile(request, files)
      return reply.status(201).send(await rectification.attach(request.official!, request.params.id, file))
    },
  )
  server.get(
    '/api/v1/cases/:id/files/:fileId',
    { ...read, schema: { params: FileParams } },
    async (request, reply) => {
      const { id, fileId } = request.params
      return sendFile(reply, await rectification.file(request.official!, id, fileId))
    },
  )
  server.get(
    '/api/v1/cases/:id/files/:fileId/preview',
    { ...read, schema: { params: FileParams, querystring: PreviewQuery } },
    async (request, reply) => {
      const { id, fileId } = request.params
      const file = await rectification.file(request.official!, id, fileId)
      return sendPreview(reply, file, request.query.size)
    },
  )
}

/** encodeURIComponent leaves a few characters that RFC 5987 does not allow. */
const encodeRfc5987 = (text: string) =>
  encodeURIComponent(text).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
