import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import type { CaseHistory } from './case.history.ts'
import { CaseParams } from './rectification.schema.ts'

/** What stands beside a case on its page; asked for apart, so that the case need not wait for it. */
export function registerCaseHistoryRoutes(
  instance: HttpServer,
  { caseHistory }: { caseHistory: CaseHistory },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const one = {
    config: { access: { kind: 'permission', permission: 'cases.read' } },
    schema: { params: CaseParams },
  } as const
  server.get('/api/v1/cases/:id/history', one, (request) =>
    caseHistory.history(request.official!, request.params.id),
  )
  server.get('/api/v1/cases/:id/guide', one, (request) =>
    caseHistory.guide(request.official!, request.params.id),
  )
}
