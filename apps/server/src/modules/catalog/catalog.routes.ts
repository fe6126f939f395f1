import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { HttpServer } from '../../platform/http.ts'
import { notFound, Problem } from '../../platform/problem.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { type Cell, type EntityName, isEntityName } from './catalog.columns.ts'
import { ENTITIES } from './catalog.entities.ts'
import { csvTemplate, formatOf, xlsxTemplate } from './catalog.files.ts'
import * as schema from './catalog.schema.ts'
import type { CatalogService } from './catalog.service.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The directory as officials see and keep it. */
export function registerCatalogRoutes(
  instance: HttpServer,
  { catalog, identity }: { catalog: CatalogService; identity: Pick<IdentityService, 'withActorLabels'> },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = { config: { access: { kind: 'permission', permission: 'catalog.read' } } } as const
  const edit = { config: { access: { kind: 'permission', permission: 'catalog.edit' } } } as const
  const base = '/api/v1/catalog'
  const versions = async (entity: EntityName, key: string) =>
    identity.withActorLabels(await catalog.versions(entity, key), (version) => version.changedBy)

  server.get(`${base}/regions`, read, async () => ({ items: [...(await catalog.regions()).values()] }))
  server.get(`${base}/organizations`, read, async () => ({
    items: [...(await catalog.organizations()).values()],
  }))
  server.get(
    `${base}/halls`,
    { ...read, schema: { querystring: schema.OrganizationQuery } },
    async (request) => ({
      items: await catalog.halls(request.query.organization),
    }),
  )
  server.get(`${base}/windows`, { ...read, schema: { querystring: schema.HallQuery } }, async (request) => ({
    items: await catalog.windows(request.query.hall),
  }))
  server.get(`${base}/platforms`, read, async () => ({ items: await catalog.platforms() }))
  server.get(
    `${base}/staff`,
    { ...read, schema: { querystring: schema.OrganizationQuery } },
    async (request) => ({
      items: await catalog.staffOf(request.query.organization),
    }),
  )
  server.get(`${base}/items`, { ...read, schema: { querystring: schema.ItemsQuery } }, (request) =>
    catalog.items({ ...request.query, withInactive: true }),
  )
  server.get(`${base}/items/:code`, { ...read, schema: { params: schema.CodeParams } }, async (request) => {
    const { code } = request.params
    const item = await catalog.item(code)
    if (!item) throw notFound('item-unknown', '没有这个事项。')
    const [guide, itemVersions, guideVersions] = [
      await catalog.guide(code),
      await versions('items', code),
      await versions('guides', code),
    ]
    return { ...item, guide: guide ?? null, versions: itemVersions, guideVersions }
  })
  server.get(
    `${base}/:entity/:key/versions`,
    { ...read, schema: { params: schema.KeyParams } },
    async (request) => ({
      items: await versions(request.params.entity as EntityName, request.params.key),
    }),
  )
  server.put(
    `${base}/:entity/:key`,
    { ...edit, schema: { params: schema.EditParams, body: schema.RowBody } },
    (request) => {
      const { version, ...fields } = request.body as { version: number } & Record<string, Cell>
      const { entity, key } = request.params
      return catalog.put(request.official!, entity as EntityName, key, fields, version)
    },
  )
  server.get(
    `${base}/templates/:file`,
    { ...read, schema: { params: schema.TemplateParams } },
    async (request, reply) => {
      const format = formatOf(request.params.file)
      const name = request.params.file.replace(/\.[^.]*$/, '')
      if (!format || !isEntityName(name)) throw notFound('template-unknown', '没有这个模板。')
      const entity = ENTITIES[name]
      const fileName = encodeURIComponent(`${entity.title}导入模板.${format}`)
      return reply
        .header(
          'content-disposition',
          `attachment; filename="${name}.${format}"; filename*=UTF-8''${fileName}`,
        )
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : XLSX)
        .send(format === 'csv' ? csvTemplate(entity) : await xlsxTemplate(entity))
    },
  )
  server.post(
    `${base}/import/:entity`,
    { ...edit, schema: { params: schema.ImportParams, querystring: schema.ImportQuery } },
    async (request) => {
      const file = await request.file()
      const format = file && formatOf(file.filename)
      if (!file || !format)
        throw new Problem(422, 'file-missing', '请选择 csv 或 xlsx 文件。', { field: 'file' })
      const entity = request.params.entity as EntityName
      const content = await file.toBuffer()
      return catalog.importEntity(
        request.official!,
        { entity, format, content },
        request.query.dryRun ?? false,
      )
    },
  )
}
