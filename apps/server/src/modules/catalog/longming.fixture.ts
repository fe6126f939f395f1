import type { Official } from '../identity/official.ts'
import { permissionsOf } from '../identity/permissions.ts'
import type { EntityName } from './catalog.columns.ts'
import type { CatalogService } from './catalog.service.ts'

// 长明市: a city of the tests' own, beside whatever directory the test database starts with.

export const REGIONS = `code,parent_code,name,kind,official
990101000000,990100000000,东湖区,district,true
990102000000,990100000000,西岭区,district,true
990100000000,,长明市,city,true`

// Children stand before their parents on purpose; the titles are the Chinese ones.
export const ORGANIZATIONS = `机构标识,上级机构标识,机构名称,简称,机构类型,区划代码,统一社会信用代码,是否政务服务管理机构
lm-dh-zsj,lm-dh,东湖区政务服务局,东湖政务局,department,990101000000,,是
lm-dh-gaj,lm-dh,东湖区公安局,东湖公安,department,990101000000,,否
lm-dh,lm,东湖区人民政府,东湖区,district,990101000000,,否
lm-xl,lm,西岭区人民政府,西岭区,district,990102000000,,否
lm-zsj,lm,长明市政务服务局,市政务局,department,990100000000,,是
lm,,长明市人民政府,长明市,city,990100000000,,否`

export const system = { actor: 'system', place: null }

export const csvFile = (entity: EntityName, content: string) => ({
  entity,
  format: 'csv' as const,
  content: Buffer.from(content),
})

/** Takes one CSV text into an entity, as the command line would. */
export async function take(catalog: CatalogService, entity: EntityName, content: string, dryRun = false) {
  const [report] = await catalog.importAll([csvFile(entity, content)], system, { dryRun })
  return report!
}

export const loadLongming = (catalog: CatalogService) =>
  catalog.importAll([csvFile('regions', REGIONS), csvFile('organizations', ORGANIZATIONS)], system)

/** A signed-in official, as the guard would make one. */
export function anOfficial(of: Pick<Official, 'role' | 'organizationId' | 'organizationPath'>): Official {
  return {
    accountId: '6c1f0d6e-0000-4000-8000-000000000001',
    username: 'tester',
    displayName: '测试员',
    roleLabel: of.role,
    organizationName: of.organizationId,
    staffNumber: undefined,
    permissions: permissionsOf(of.role),
    mustChangePassword: false,
    ...of,
  }
}
