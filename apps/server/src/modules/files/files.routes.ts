import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { Problem } from '../../platform/problem.ts'
import type { Official } from '../identity/official.ts'
import { type FileView, tooLarge, type UploadedFile } from './files.service.ts'

const Uuid = Type.String({ format: 'uuid' })
const CaseParams = Type.Object({ id: Uuid })
const FileParams = Type.Object({ id: Uuid, fileId: Uuid })

/** Evidence of a case: sent by those who work on it, read by those who may see it. */
export function registerFileRoutes(
  instance: HttpServer,
  {
    rectification,
  }: {
    rectification: {
      attach(official: Official, id: string, file: UploadedFile): Promise<FileView>
      file(official: Official, id: string, fileId: string): Promise<FileView & { content: Buffer }>
    }
  },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const handle = { config: { access: { kind: 'permission', permission: 'cases.handle' } } } as const
  const read = { config: { access: { kind: 'permission', permission: 'cases.read' } } } as const

  server.post(
    '/api/v1/cases/:id/files',
    { ...handle, schema: { params: CaseParams } },
    async (request, reply) => {
      const part = request.isMultipart() ? await request.file() : undefined
      if (part?.fieldname !== 'file')
        throw new Problem(422, 'file-missing', '请选择要上传的文件。', { field: 'file' })
      const content = await part.toBuffer().catch((error: { code?: string }) => {
        throw error.code === 'FST_REQ_FILE_TOO_LARGE' ? tooLarge() : error
      })
      const kept = await rectification.attach(request.official!, request.params.id, {
        name: part.filename,
        content,
      })
      return reply.status(201).send(kept)
    },
  )
  server.get(
    '/api/v1/cases/:id/files/:fileId',
    { ...read, schema: { params: FileParams } },
    async (request, reply) => {
      const { id, fileId } = request.params
      const { name, mediaType, content } = await rectification.file(request.official!, id, fileId)
      const extension = name.slice(name.lastIndexOf('.'))
      return reply
        .headers({
          'content-disposition': `attachment; filename="evidence${extension}"; filename*=UTF-8''${encodeRfc5987(name)}`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'private, no-store',
        })
        .type(mediaType)
        .send(content)
    },
  )
}

/** encodeURIComponent leaves a few characters that RFC 5987 does not allow. */
const encodeRfc5987 = (text: string) =>
  encodeURIComponent(text).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
