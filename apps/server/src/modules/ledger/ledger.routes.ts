import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http.ts'
import { notFound } from '../../platform/problem.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import type { LedgerService } from './ledger.service.ts'

const Count = Type.String({ pattern: '^[1-9][0-9]{0,15}$' })
const Page = Type.Partial(
  Type.Object({
    kind: Type.String({ maxLength: 64 }),
    page: Count,
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)

/** The public face of the log, and the journal for the auditor. */
export function registerLedgerRoutes(
  instance: HttpServer,
  services: {
    ledger: LedgerService
    identity: Pick<IdentityService, 'withActorLabels'>
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
  server.get(
    '/api/v1/journal',
    { config: { access: { kind: 'permission', permission: 'journal.read' } }, schema: { querystring: Page } },
    async (request) => {
      const [page, pageSize] = [Number(request.query.page ?? 1), Number(request.query.pageSize ?? 20)]
      const rows = await ledger.journalPage(request.official!, request.query.kind, page, pageSize)
      return {
        items: (await services.identity.withActorLabels(rows, (row) => row.actor)).map((row) => ({
          position: row.position,
          entryId: row.entry_id,
          subjectId: row.subject_id,
          kind: row.kind,
          at: row.recorded_at.toISOString(),
          actor: row.actor,
          actorLabel: row.actorLabel,
        })),
        page,
        pageSize,
      }
    },
  )
}
