import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp } from '../../../../../tests/support/app.ts'
import { type CatalogService, makeCatalogService } from './catalog.service.ts'
import { anOfficial, csvFile, loadLongming, take } from './longming.fixture.ts'

let t: Awaited<ReturnType<typeof testApp>>
let catalog: CatalogService

const city = anOfficial({ role: 'city_authority', organizationId: 'lm', organizationPath: '/lm/' })
const district = anOfficial({
  role: 'district_authority',
  organizationId: 'lm-dh',
  organizationPath: '/lm/lm-dh/',
})
const head = anOfficial({
  role: 'organization_head',
  organizationId: 'lm-dh-gaj',
  organizationPath: '/lm/lm-dh/lm-dh-gaj/',
})
const newItem = (organizationId: string) => ({
  name: '身份证补领',
  kind: '公共服务',
  organizationId,
  level: '区级',
})

beforeAll(async () => {
  t = await testApp()
  catalog = makeCatalogService(t.app)
  await loadLongming(catalog)
  await take(catalog, 'halls', 'code,name,organization_id,region_code\nlm-h1,东湖大厅,lm-dh,990101000000')
})
afterAll(() => t.close())

describe('editing the directory', () => {
  it('a new row begins with version 1 and every change counts one up, with its history', async () => {
    expect(await catalog.put(head, 'items', 'lm-i1', newItem('lm-dh-gaj'), 0)).toMatchObject({
      code: 'lm-i1',
      version: 1,
    })
    const changed = await catalog.put(head, 'items', 'lm-i1', { promiseDays: 3, online: true }, 1)
    expect(changed).toMatchObject({ version: 2, promiseDays: 3, online: true, name: '身份证补领' })
    const versions = await catalog.versions('items', 'lm-i1')
    expect(versions.map((v) => [v.version, v.changedBy])).toEqual([
      [2, `account:${head.accountId}`],
      [1, `account:${head.accountId}`],
    ])
    const entries = await t.app.db.system
      .selectFrom('journal_entry')
      .select(['payload', 'actor'])
      .where('kind', '=', 'catalog.changed')
      .execute()
    expect(entries).toContainEqual({
      actor: `account:${head.accountId}`,
      payload: expect.objectContaining({ entity: 'items', key: 'lm-i1', version: 2 }),
    })
  })

  it('an own change is seen at once', async () => {
    expect((await catalog.hall('lm-h1'))?.openingHours).toBe('')
    await catalog.put(district, 'halls', 'lm-h1', { openingHours: '9:00-16:30' }, 1)
    expect((await catalog.hall('lm-h1'))?.openingHours).toBe('9:00-16:30')
  })

  it('whoever saw an older version is told so, and changes nothing', async () => {
    await catalog.put(head, 'items', 'lm-i2', newItem('lm-dh-gaj'), 0)
    await catalog.put(head, 'items', 'lm-i2', { name: '改一' }, 1)
    await expect(catalog.put(head, 'items', 'lm-i2', { name: '改二' }, 1)).rejects.toMatchObject({
      status: 409,
      code: 'catalog-stale',
    })
    await expect(catalog.put(head, 'items', 'lm-i2', newItem('lm-dh-gaj'), 0)).rejects.toMatchObject({
      status: 409,
    })
    await expect(catalog.put(head, 'items', 'lm-nix', { name: 'x' }, 1)).rejects.toMatchObject({
      status: 404,
    })
    expect((await catalog.item('lm-i2'))?.name).toBe('改一')
  })

  it('of two who change one row at once, one is told to look again', async () => {
    await catalog.put(head, 'items', 'lm-i3', newItem('lm-dh-gaj'), 0)
    const both = await Promise.allSettled(
      ['甲', '乙'].map((name) => catalog.put(head, 'items', 'lm-i3', { name }, 1)),
    )
    expect(both.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('an official changes only what lies within their place, and gives nothing away out of it', async () => {
    await expect(catalog.put(head, 'items', 'lm-i4', newItem('lm-xl'), 0)).rejects.toMatchObject({
      status: 422,
      errors: [{ field: 'organizationId', message: '不在您的管理范围内' }],
    })
    await expect(catalog.put(head, 'items', 'lm-i1', { organizationId: 'lm-dh' }, 2)).rejects.toMatchObject({
      status: 422,
    })
    await catalog.put(city, 'items', 'lm-i4', newItem('lm-xl'), 0)
    await expect(catalog.put(district, 'items', 'lm-i4', { name: 'x' }, 1)).rejects.toMatchObject({
      status: 422,
    })
    await expect(catalog.put(district, 'regions', '990101000000', { name: 'x' }, 1)).rejects.toMatchObject({
      status: 422,
    })
  })

  it('an organisation may keep its own name but not make itself a management body or hang itself elsewhere', async () => {
    await catalog.put(head, 'organizations', 'lm-dh-gaj', { shortName: '区公安局' }, 1)
    const itself = (fields: Record<string, string | boolean>) =>
      catalog.put(head, 'organizations', 'lm-dh-gaj', fields, 2)
    await expect(itself({ isManagementBody: true })).rejects.toMatchObject({
      errors: [{ field: 'isManagementBody' }],
    })
    await expect(itself({ parentId: 'lm' })).rejects.toMatchObject({ status: 422 })
  })

  it('a wrong credit code is refused where a person can mend it', async () => {
    await expect(
      catalog.put(city, 'organizations', 'lm-xl', { uscc: '91350100M000100Y44' }, 1),
    ).rejects.toMatchObject({ errors: [{ field: 'uscc' }] })
  })

  it('a field nobody knows and a key that differs from the address are refused', async () => {
    await expect(catalog.put(city, 'items', 'lm-i1', { colour: 'red' }, 2)).rejects.toMatchObject({
      status: 422,
    })
    await expect(catalog.put(city, 'items', 'lm-i1', { code: 'other' }, 2)).rejects.toMatchObject({
      status: 422,
    })
  })

  it('an official importing a file is held to their place as well', async () => {
    const file = csvFile(
      'staff',
      'number,display_name,organization_id\nlm-s1,小王,lm-dh-gaj\nlm-s2,小李,lm-xl',
    )
    const report = await catalog.importEntity(district, file, false)
    expect(report).toMatchObject({ committed: false, rejected: [{ line: 3, reason: '不在您的管理范围内' }] })
    const options = csvFile('evaluation-options', 'scheme,version,code,level,label\nx,1,a1,1,测试')
    expect(await catalog.importEntity(district, options, false)).toMatchObject({ committed: false })
    const sysadmin = anOfficial({
      role: 'system_administrator',
      organizationId: 'lm',
      organizationPath: '/lm/',
    })
    const policy = csvFile(
      'policies',
      'key,region_code,value,unit,valid_from\nsign,990100000000,1,working_day,2090-01-01',
    )
    await expect(catalog.importEntity(sysadmin, policy, false)).rejects.toMatchObject({ status: 403 })
  })

  it('Q61: no official loads a year past the page that says what it does to deadlines', async () => {
    const years = csvFile('calendar-years', 'year,source\n2090,x')
    const days = csvFile('calendar', 'day,kind,name,year\n2090-01-02,holiday,元旦,2090')
    for (const file of [years, days])
      await expect(catalog.importEntity(city, file, false)).rejects.toMatchObject({
        status: 422,
        code: 'calendar-elsewhere',
      })
  })
})

describe('looking things up', () => {
  it('regions above come nearest first, beginning with the region itself', async () => {
    expect(await catalog.regionAncestors('990101000000')).toEqual(['990101000000', '990100000000'])
    expect(await catalog.regionAncestors('000000000000')).toEqual([])
  })

  it('the management body is the one of the same level, and one above for the management body itself', async () => {
    const bodyFor = async (id: string) => (await catalog.managementBodyFor(id))?.id
    expect(await bodyFor('lm-dh-gaj')).toBe('lm-dh-zsj')
    expect(await bodyFor('lm-dh')).toBe('lm-zsj')
    expect(await bodyFor('lm-dh-zsj')).toBe('lm-zsj')
    expect(await bodyFor('lm-zsj')).toBe('lm-zsj')
    expect(await bodyFor('lm-xl')).toBe('lm-zsj')
  })

  it('items are found by part of the name or code, within an organisation and all below it', async () => {
    await take(
      catalog,
      'items',
      'code,name,kind,organization_id,level,active\nlm-f1,户口迁移,许可,lm-dh-gaj,区级,\nlm-f2,户口登记,许可,lm-xl,区级,\nlm-f3,户口旧事,许可,lm-dh,区级,否',
    )
    const codes = async (query: object) => (await catalog.items(query)).items.map((item) => item.code)
    expect(await codes({ q: '户口', organization: 'lm' })).toEqual(['lm-f1', 'lm-f2'])
    expect(await codes({ q: '户口', organization: 'lm-dh' })).toEqual(['lm-f1'])
    expect(await codes({ q: 'LM-F', organization: 'lm-dh', withInactive: true })).toEqual(['lm-f1', 'lm-f3'])
    expect(await catalog.items({ q: '户口', organization: 'lm', page: 2, pageSize: 1 })).toMatchObject({
      total: 2,
      items: [{ code: 'lm-f2' }],
    })
    expect(await codes({ organization: 'nobody' })).toEqual([])
  })

  it('a change made by another copy of the program is seen when the copy is compared again', async () => {
    const other = makeCatalogService(t.app)
    expect((await other.hall('lm-h1'))?.name).toBe('东湖大厅')
    await catalog.put(district, 'halls', 'lm-h1', { name: '东湖新大厅' }, 2)
    expect((await other.hall('lm-h1'))?.name).toBe('东湖大厅')
    other.forget()
    expect((await other.hall('lm-h1'))?.name).toBe('东湖新大厅')
  })
})
