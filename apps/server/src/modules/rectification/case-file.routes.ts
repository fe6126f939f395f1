import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import type { CaseFileService } from './case-file.ts'
import { CaseParams } from './rectification.schema.ts'

/** A case on paper. */
export function registerCaseFileRoutes(
  instance: HttpServer,
  { caseFile }: { caseFile: Pick<CaseFileService, 'print'> },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  server.get(
    '/api/v1/cases/:id/file.pdf',
    {
      config: { access: { kind: 'permission', permission: 'cases.read' } },
      schema: { params: CaseParams },
    },
    async (request, reply) => {
      const { name, pdf } = await caseFile.print(request.official!, request.params.id)
      return reply
        .headers({
          'content-disposition': `attachment; filename="${name}"`,
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
        })
        .type('application/pdf')
        .send(pdf)
    },
  )
}
