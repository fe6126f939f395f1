import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import type { WholeCase } from './case.whole.ts'
import {
  BulkBody,
  BulkQuery,
  CaseParams,
  CasesQuery,
  EventBody,
  EventParams,
} from './rectification.schema.ts'
import type { RectificationService } from './rectification.service.ts'

/** Cases as officials list, read and work them. Who may start which event is decided case by case. */
export function registerCaseRoutes(
  instance: HttpServer,
  {
    rectification,
    wholeCase,
  }: { rectification: RectificationService; wholeCase: Pick<WholeCase, 'detail' | 'act'> },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = { config: { access: { kind: 'permission', permission: 'cases.read' } } } as const

  server.get('/api/v1/cases', { ...read, schema: { querystring: CasesQuery } }, (request) => {
    const { level, mine, turn, closed, page, pageSize, after, ...rest } = request.query
    return rectification.list(
      request.official!,
      {
        ...rest,
        levels: level?.split(',').map(Number),
        mine: mine === 'true',
        turn: turn === 'me',
        closed: closed === 'true',
      },
      Number(page ?? 1),
      Number(pageSize ?? 20),
      after,
    )
  })
  server.get('/api/v1/cases/counts', read, (request) => rectification.counts(request.official!))
  server.get('/api/v1/cases/bulk', { ...read, schema: { querystring: BulkQuery } }, (request) =>
    rectification.offered(request.official!, [...new Set(request.query.ids.split(','))]),
  )
  server.post('/api/v1/cases/bulk', { ...read, schema: { body: BulkBody } }, (request) => {
    const { event, ...given } = request.body
    return rectification.actOnMany(request.official!, event, given)
  })
  server.get('/api/v1/cases/:id', { ...read, schema: { params: CaseParams } }, (request) =>
    wholeCase.detail(request.official!, request.params.id),
  )
  server.post(
    '/api/v1/cases/:id/events/:event',
    { ...read, schema: { params: EventParams, body: EventBody } },
    (request) => wholeCase.act(request.official!, request.params.id, request.params.event, request.body),
  )
}
