import { createHash } from 'node:crypto'
import { CASE_OUTCOMES, type CaseOutcome } from '@haochaping/rules'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogService, Organization } from '../../modules/catalog/catalog.service.ts'
import type { LedgerService } from '../../modules/ledger/ledger.service.ts'
import {
  isPeriod,
  type PeriodDays,
  type PublicationService,
} from '../../modules/publication/publication.service.ts'
import type { SummariesService } from '../../modules/publication/summary.service.ts'
import type { StatisticsService } from '../../modules/statistics/statistics.service.ts'
import type { SupervisionService } from '../../modules/supervision/supervision.service.ts'
import type { HttpServer } from '../../platform/http.ts'
import { notFound, Problem } from '../../platform/problem.ts'
import { problemPage } from '../errors.page.tsx'
import { type FrameConfig, frameOf } from '../frame.ts'
import type { Frame } from '../layout.tsx'
import { casePage } from './case.page.tsx'
import { casesPage } from './cases.page.tsx'
import { homePage } from './home.page.tsx'
import { itemPage } from './item.page.tsx'
import { itemsPage } from './items.page.tsx'
import { ledgerPage } from './ledger.page.tsx'
import { methodPage } from './method.page.tsx'
import { appealsCsv, dailyCsv, organizationsCsv, summaryJson } from './open-data.ts'
import { organizationPage } from './organization.page.tsx'
import { organizationsPage } from './organizations.page.tsx'
import { summariesPage, summaryPage } from './summaries.page.tsx'
import { supervisionPage } from './supervision.page.tsx'

interface Needs {
  config: FrameConfig
  catalog: CatalogService
  ledger: LedgerService
  statistics: StatisticsService
  publication: PublicationService
  supervision: Pick<SupervisionService, 'publicFigures'>
  summaries: SummariesService
}

type Query = Record<string, string | string[] | undefined>
type PortalRequest = FastifyRequest<{ Params: Record<string, string>; Querystring: Query }>

const PAGE_SIZE = 20

/** One value of a query, at most so long; whatever else it is counts as not given. */
const one = (query: Query, name: string, max = 64): string | undefined => {
  const value = query[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, max) : undefined
}
const pageOf = (query: Query): number => {
  const page = Number(one(query, 'page') ?? 1)
  return Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1
}
const daysOf = (query: Query): PeriodDays => {
  const days = Number(one(query, 'days') ?? 30)
  return isPeriod(days) ? days : 30
}
const outcomeOf = (query: Query): CaseOutcome | undefined => {
  const outcome = one(query, 'outcome')
  return outcome !== undefined && Object.hasOwn(CASE_OUTCOMES, outcome) ? (outcome as CaseOutcome) : undefined
}

/** The public record (R19, R23): what everybody may read, cached for a minute, without any script. */
export function registerPortal(server: HttpServer, services: Needs): void {
  const { config, catalog, ledger, publication, statistics, summaries } = services

  /** Sends what anybody may keep for a minute; whoever has it already is told so. */
  const send = (request: FastifyRequest, reply: FastifyReply, type: string, body: string) => {
    const etag = `"${createHash('sm3').update(body).digest('base64url').slice(0, 27)}"`
    reply.headers({ 'cache-control': 'public, max-age=60', etag, vary: 'Cookie' })
    if (request.headers['if-none-match']?.includes(etag)) return reply.status(304).send()
    return reply.type(`${type}; charset=utf-8`).send(body)
  }

  const open = { config: { access: { kind: 'public' } } } as const

  const show = (url: string, work: (frame: Frame, request: PortalRequest) => Promise<string>) =>
    server.get(url, open, async (request, reply) => {
      const frame = frameOf(request, config)
      try {
        return send(request, reply, 'text/html', await work(frame, request as PortalRequest))
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return reply
          .status(error.status)
          .header('cache-control', 'no-store')
          .type('text/html; charset=utf-8')
          .send(problemPage(frame, error))
      }
    })

  const asOf = async () => (await publication.asOf())?.toISOString() ?? null

  show('/', async (frame, { query }) => {
    const days = daysOf(query)
    const [report, districts] = [await publication.report(days), await publication.districts()]
    return homePage(frame, { report, appeals: (await publication.appeals()).rows, districts, days })
  })

  show('/organizations', async (frame, { query }) => {
    const days = daysOf(query)
    return organizationsPage(frame, {
      all: await publication.organizations(days),
      root: await publication.root(),
      k: await publication.minimum(),
      q: one(query, 'q', 40) ?? '',
      days,
      asOf: await asOf(),
    })
  })

  show('/organizations/:id', async (frame, { params, query }) => {
    const organizations = await catalog.organizations()
    const organization = organizations.get(params.id ?? '')
    if (!organization) throw notFound('not-found', '没有这个机构。')
    const days = daysOf(query)
    const above: Organization[] = []
    for (
      let at = organizations.get(organization.parentId ?? '');
      at;
      at = organizations.get(at.parentId ?? '')
    )
      above.unshift(at)
    const { path, id } = organization
    return organizationPage(frame, {
      organization,
      above,
      report: await publication.report(days, id),
      halls: await catalog.halls(id),
      windows: (await publication.rows('window_code', days, path)).slice(0, 60),
      items: (await publication.rows('item_code', days, path)).slice(0, 30),
      itemsTotal: (await catalog.items({ organization: id, pageSize: 1 })).total,
      days,
    })
  })

  show('/items', async (frame, { query }) => {
    const q = one(query, 'q', 60) ?? ''
    const id = one(query, 'organization')
    const organization = id === undefined ? undefined : await catalog.organization(id)
    if (id !== undefined && !organization) throw notFound('not-found', '没有这个机构。')
    const found = await catalog.items({ q, organization: id, page: pageOf(query), pageSize: PAGE_SIZE })
    const root = await publication.root()
    const rows = new Map((await publication.rows('item_code', 30, root.path)).map((row) => [row.id, row]))
    const organizations = await catalog.organizations()
    return itemsPage(frame, {
      ...found,
      items: found.items.map((item) => ({
        item,
        organization: organizations.get(item.organizationId),
        row: rows.get(item.code),
      })),
      q,
      organization,
      k: await publication.minimum(),
      asOf: await asOf(),
    })
  })

  show('/items/:code', async (frame, { params }) => {
    const item = await catalog.item(params.code ?? '')
    if (!item) throw notFound('not-found', '没有这个事项。')
    const guides = await catalog.versions('guides', item.code)
    return itemPage(frame, {
      item,
      organization: await catalog.organization(item.organizationId),
      guide: await catalog.guide(item.code),
      versions: guides.length > 0 ? guides : await catalog.versions('items', item.code),
      row: await publication.item(item.code, 30),
      k: await publication.minimum(),
      asOf: await asOf(),
    })
  })

  show('/cases', async (frame, { query }) => {
    const [region, outcome, page] = [one(query, 'region'), outcomeOf(query), pageOf(query)]
    const found = await publication.cases({ region, outcome }, page, PAGE_SIZE)
    const { organizations, items } = await catalog.snapshot()
    return casesPage(frame, {
      found,
      page,
      pageSize: PAGE_SIZE,
      region,
      outcome,
      districts: await publication.districts(),
      nameOf: {
        organization: (id) => organizations.get(id)?.shortName ?? id,
        item: (code) => items.get(code)?.name ?? code,
      },
      asOf: await asOf(),
    })
  })

  show('/cases/:caseNumber', async (frame, { params }) => {
    const found = await publication.caseByNumber(params.caseNumber ?? '')
    const organization = await catalog.organization(found.organizationId)
    const item = await catalog.item(found.itemCode)
    return casePage(frame, {
      found,
      organization: { id: found.organizationId, name: organization?.name ?? found.organizationId },
      item: { code: found.itemCode, name: item?.name ?? found.itemCode },
    })
  })

  const publishedSummaries = async () =>
    Promise.all(
      (await summaries.published()).map(async (one) => ({
        ...one,
        scopeName: await summaries.scopeName(one),
      })),
    )
  show('/summaries', async (frame) => summariesPage(frame, { all: await publishedSummaries() }))

  // The city's own is the one without a name.
  for (const path of ['/summaries/:period', '/summaries/:period/:scope'])
    show(path, async (frame, { params: { period, scope } }) => {
      const found = (await publishedSummaries()).find(
        (one) => one.period === period && (scope === undefined ? one.scopeName === '' : one.scope === scope),
      )
      if (!found) throw notFound('not-found', '没有这个月的通报。')
      return summaryPage(frame, { summary: found })
    })

  show('/supervision', async (frame) => supervisionPage(frame, await services.supervision.publicFigures()))

  show('/method', async (frame) =>
    methodPage(frame, {
      formulas: publication.formulas(),
      policies: await publication.policies(),
      k: await publication.minimum(),
      rankingMinimum: await statistics.rankingMinimum(),
    }),
  )

  show('/ledger', async (frame) =>
    ledgerPage(frame, { latest: await ledger.latest(), recent: await ledger.checkpoints(10, 0) }),
  )

  server.get('/open-data/summary.json', open, async (request, reply) =>
    send(request, reply, 'application/json', JSON.stringify(summaryJson(await publication.report(30)))),
  )
  server.get('/open-data/daily.csv', open, async (request, reply) =>
    send(request, reply, 'text/csv', dailyCsv(await publication.daily(365), await publication.minimum())),
  )
  server.get('/open-data/appeals.csv', open, async (request, reply) => {
    const { rows, period } = await publication.appeals()
    return send(request, reply, 'text/csv', appealsCsv(rows, period))
  })
  server.get('/open-data/organizations.csv', open, async (request, reply) => {
    const { from, to } = statistics.lastDays(30)
    const all = await publication.organizations(30)
    return send(request, reply, 'text/csv', organizationsCsv(all, { from, to }, await publication.minimum()))
  })
}
