import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { Day } from '../../platform/validation.ts'
import type { JournalPages } from './journal.list.ts'

const Actor = Type.String({
  pattern:
    '^(citizen|system|import|partner(:[^:]{1,64})?|account(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?)$',
  errorMessage: '没有这样的操作人，请从列表中选择',
})
const Query = Type.Partial(
  Type.Object({
    kind: Type.String({ maxLength: 64 }),
    subject: Type.String({ minLength: 1, maxLength: 64 }),
    actor: Actor,
    from: Day,
    to: Day,
    after: Type.String({ pattern: '^[0-9]{1,15}$', errorMessage: '翻页位置不对，请从第一页重新查看' }),
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)
const Called = Type.Object({ q: Type.String({ minLength: 1, maxLength: 64 }) })

/** The journal, for the auditor. */
export function registerJournalRoutes(instance: HttpServer, { journal }: { journal: JournalPages }): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = { config: { access: { kind: 'permission', permission: 'journal.read' } } } as const

  server.get('/api/v1/journal', { ...read, schema: { querystring: Query } }, ({ official, query }) => {
    const { after, pageSize, ...asked } = query
    return journal.page(
      official!,
      asked,
      after === undefined ? undefined : Number(after),
      Number(pageSize ?? 20),
    )
  })
  server.get(
    '/api/v1/journal/actors',
    { ...read, schema: { querystring: Called } },
    async ({ official, query }) => ({ items: await journal.actors(official!, query.q.trim()) }),
  )
  server.get(
    '/api/v1/journal/actors/:actor',
    { ...read, schema: { params: Type.Object({ actor: Actor }) } },
    ({ params }) => journal.actorNamed(params.actor),
  )
}
