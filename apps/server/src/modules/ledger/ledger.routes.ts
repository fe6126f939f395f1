import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { notFound } from '../../platform/problem.ts'
import type { LedgerService } from './ledger.service.ts'

const Count = Type.String({ pattern: '^[1-9][0-9]{0,15}$' })
const Page = Type.Partial(
  Type.Object({
    page: Count,
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)

/** The public face of the log. */
export function registerLedgerRoutes(
  instance: HttpServer,
  services: {
    ledger: LedgerService
    receipt: (token: string) => Promise<{ evaluationId: string; entryId: string }>
  },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { ledger } = services
  const open = { config: { access: { kind: 'public' } } } as const

  server.get('/api/v1/ledger/checkpoint', open, async () => {
    const checkpoint = await ledger.latest()
    if (!checkpoint) throw notFound('no-checkpoint', '账本中还没有记录。')
    return checkpoint
  })
  server.get(
    '/api/v1/ledger/consistency',
    { ...open, schema: { querystring: Type.Object({ from: Count, to: Count }) } },
    (request) => ledger.consistency(Number(request.query.from), Number(request.query.to)),
  )
  server.get('/api/v1/ledger/checkpoints', { ...open, schema: { querystring: Page } }, async (request) => {
    const [page, size] = [Number(request.query.page ?? 1), Number(request.query.pageSize ?? 20)]
    return { items: await ledger.checkpoints(size, (page - 1) * size) }
  })
  server.get(
    '/api/v1/receipts/:token/proof',
    {
      config: { access: { kind: 'token' } },
      schema: { params: Type.Object({ token: Type.String({ maxLength: 100 }) }) },
    },
    async (request, reply) => {
      const { evaluationId, entryId } = await services.receipt(request.params.token)
      const proof = await ledger.proofOf(evaluationId, entryId)
      reply.header('cache-control', 'no-store')
      return proof ?? reply.status(202).send({ sealed: false })
    },
  )
}
