import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { PeriodBody, SummaryParams, TogetherBody, VersionBody, WithdrawBody } from './summary.schema.ts'
import type { SummariesService } from './summary.service.ts'
import { SUMMARY_STATES, type Summary } from './summary.ts'

/** Summaries on their way to the public. */
export function registerSummaryRoutes(
  instance: HttpServer,
  {
    summaries,
    identity,
  }: { summaries: SummariesService; identity: Pick<IdentityService, 'withActorLabels'> },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = { config: { access: { kind: 'permission', permission: 'summaries.read' } } } as const
  const prepare = { config: { access: { kind: 'permission', permission: 'summaries.prepare' } } } as const
  const manage = { config: { access: { kind: 'permission', permission: 'summaries.manage' } } } as const
  const base = '/api/v1/summaries'

  const named = async (accountId: string | null): Promise<string | null> =>
    accountId === null
      ? null
      : (await identity.withActorLabels([{ accountId }], () => `account:${accountId}`))[0]!.actorLabel
  const view = async (summary: Summary) => ({
    ...summary,
    scopeName: await summaries.scopeName(summary),
    stateLabel: SUMMARY_STATES[summary.state],
    approvedByName: await named(summary.approvedBy),
    publishedByName: await named(summary.publishedBy),
    withdrawnByName: await named(summary.withdrawnBy),
  })

  server.get(base, read, async ({ official }) => {
    const { items, due } = await summaries.overview(official!)
    return { items: await Promise.all(items.map(view)), due }
  })
  server.post(base, { ...prepare, schema: { body: PeriodBody } }, async ({ official, body }, reply) =>
    reply.status(201).send(await view(await summaries.draftMonth(official!, body.period, body.scope))),
  )
  server.post(
    `${base}/bulk`,
    { ...manage, schema: { body: TogetherBody } },
    async ({ official, body: { event, items } }) => ({
      items: await summaries.together(official!, event, items),
    }),
  )
  for (const act of ['approve', 'publish'] as const)
    server.post(
      `${base}/:id/${act}`,
      { ...manage, schema: { params: SummaryParams, body: VersionBody } },
      async ({ official, params, body }) => view(await summaries[act](official!, params.id, body.version)),
    )
  server.post(
    `${base}/:id/withdraw`,
    { ...manage, schema: { params: SummaryParams, body: WithdrawBody } },
    async ({ official, params, body }) =>
      view(await summaries.withdraw(official!, params.id, body.version, body.reason)),
  )
}
