import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import type { SavedViewsService } from './saved-views.service.ts'

const Screen = Type.String({ pattern: '^[a-z][a-z-]{0,39}$' })
const Query = Type.Object({ screen: Screen })
const Body = Type.Object(
  {
    screen: Screen,
    name: Type.String({
      pattern: '^\\s*\\S[^\\p{Cc}]*$',
      maxLength: 20,
      errorMessage: '请写 1 至 20 个字的名称',
    }),
    // Only filters: what is not a query of an address cannot be opened as one.
    query: Type.String({ pattern: '^[\\w.~%=&,+-]*$', maxLength: 1000, errorMessage: '不是一组筛选条件' }),
  },
  { additionalProperties: false },
)
const Params = Type.Object({ id: Type.String({ format: 'uuid' }) })

/** Saved filters of the official's own lists. */
export function registerSavedViewRoutes(
  instance: HttpServer,
  { savedViews }: { savedViews: SavedViewsService },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const own = { config: { access: { kind: 'session' } } } as const

  server.get('/api/v1/saved-views', { ...own, schema: { querystring: Query } }, async (request) => ({
    items: await savedViews.list(request.official!, request.query.screen),
  }))
  server.post('/api/v1/saved-views', { ...own, schema: { body: Body } }, async (request, reply) => {
    const { screen, name, query } = request.body
    return reply.status(201).send(await savedViews.save(request.official!, screen, name.trim(), query))
  })
  server.delete('/api/v1/saved-views/:id', { ...own, schema: { params: Params } }, async (request, reply) => {
    await savedViews.remove(request.official!, request.params.id)
    return reply.status(204).send()
  })
}
