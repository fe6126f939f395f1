import { addWorkingDays, POLICY_GROUP_OF } from '@haochaping/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp } from '../../../../../tests/support/app.ts'
import { type CatalogService, makeCatalogService } from '../catalog/catalog.service.ts'
import { anOfficial, loadLongming, take } from '../catalog/longming.fixture.ts'
import { makePoliciesService, type PoliciesService } from './policies.service.ts'

let t: Awaited<ReturnType<typeof testApp>>
let catalog: CatalogService
let policies: PoliciesService
let now = new Date()
const CITY = '990100000000'
const DISTRICT = '990101000000'
const at = (text: string) => new Date(`${text}T00:00:00+08:00`)
const head = 'key,region_code,value,unit,valid_from'

beforeAll(async () => {
  t = await testApp()
  const app = { ...t.app, clock: () => now }
  catalog = makeCatalogService(app)
  policies = makePoliciesService(app, { catalog })
  await loadLongming(catalog)
  await take(
    catalog,
    'policies',
    `${head}\nsign,${CITY},3,working_day,2096-01-01\nfix,${CITY},10,working_day,2096-01-01`,
  )
})
afterAll(() => t.close())

const city = anOfficial({ role: 'city_authority', organizationId: 'lm', organizationPath: '/lm/' })
const district = anOfficial({
  role: 'district_authority',
  organizationId: 'lm-dh',
  organizationPath: '/lm/lm-dh/',
})

describe('the numbers of the rules', () => {
  it('a number nobody has set starts with what the rules say', async () => {
    expect(await policies.value('supplement', DISTRICT, at('2096-06-01'))).toMatchObject({
      value: 30,
      version: 0,
    })
  })

  it('a district takes the number of the city until it has its own', async () => {
    now = at('2096-03-01')
    expect(await policies.value('sign', DISTRICT, now)).toMatchObject({ value: 3, regionCode: CITY })
    await policies.change(district, { key: 'sign', regionCode: DISTRICT, value: 2, validFrom: '2096-04-01' })
    expect(await policies.value('sign', DISTRICT, at('2096-03-31'))).toMatchObject({
      value: 3,
      regionCode: CITY,
    })
    expect(await policies.value('sign', DISTRICT, at('2096-04-01'))).toMatchObject({
      value: 2,
      regionCode: DISTRICT,
    })
    expect(await policies.value('sign', CITY, at('2096-04-01'))).toMatchObject({ value: 3, regionCode: CITY })
  })

  it('all that applies to a region is told at once, each with whose rule it is', async () => {
    now = at('2096-04-02')
    const of = async (region: string) =>
      Object.fromEntries((await policies.inForce(region)).map((one) => [one.key, one]))
    const [own, above] = [await of(DISTRICT), await of(CITY)]
    expect(own.sign).toMatchObject({ value: 2, regionCode: DISTRICT, label: '签收时限' })
    expect(own.fix).toMatchObject({ value: 10, regionCode: CITY, regionName: expect.stringContaining('市') })
    expect(above.sign).toMatchObject({ value: 3, regionCode: CITY })
    expect(Object.keys(own).toSorted()).toEqual(Object.keys(POLICY_GROUP_OF).toSorted())
    await expect(policies.inForce('nowhere')).rejects.toMatchObject({ code: 'region-unknown' })
  })

  it('a district may shorten a time limit and never lengthen it', async () => {
    now = at('2096-03-01')
    const change = (value: number) => ({ key: 'fix', regionCode: DISTRICT, value, validFrom: '2096-03-02' })
    await expect(policies.change(district, change(11))).rejects.toMatchObject({
      status: 422,
      code: 'policy-loosened',
      field: 'value',
      detail: expect.stringContaining('不能比上级规定的 10 更长'),
    })
    expect(await policies.change(district, change(8))).toMatchObject({
      version: 1,
      value: 8,
      unit: 'working_day',
    })
  })

  it('a district may give the citizen more time and never less', async () => {
    now = at('2096-03-01')
    const change = (value: number) => ({
      key: 'supplement',
      regionCode: DISTRICT,
      value,
      validFrom: '2096-03-02',
    })
    await expect(policies.change(district, change(10))).rejects.toMatchObject({ code: 'policy-loosened' })
    await policies.change(district, change(60))
    expect((await policies.value('supplement', DISTRICT, at('2096-03-02'))).value).toBe(60)
  })

  it('when the city becomes stricter than a district, the city counts there too', async () => {
    now = at('2096-05-01')
    await policies.change(city, { key: 'fix', regionCode: CITY, value: 6, validFrom: '2096-06-01' })
    expect(await policies.value('fix', DISTRICT, at('2096-05-31'))).toMatchObject({
      value: 8,
      regionCode: DISTRICT,
    })
    expect(await policies.value('fix', DISTRICT, at('2096-06-01'))).toMatchObject({
      value: 6,
      regionCode: CITY,
    })
  })

  it('a file cannot lengthen the time limit of a district either', async () => {
    const report = await take(catalog, 'policies', `${head}\nsign,${DISTRICT},9,working_day,2096-07-01`)
    expect(report).toMatchObject({ committed: false, rejected: [{ line: 2, name: 'value' }] })
  })

  it('a kind of item may have its own limit (Q30): a district stays within what its city has for that kind', async () => {
    await take(
      catalog,
      'items',
      'code,name,kind,organization_id,level\nlm-permit,开办药店,行政许可,lm-dh-gaj,区级\nlm-service,身份证补领,公共服务,lm-dh-gaj,区级',
    )
    now = at('2097-01-01')
    const change = (by: typeof city, regionCode: string, category: string, value: number) =>
      policies.change(by, { key: 'confirm', regionCode, category, value, validFrom: '2097-02-01' })
    await change(city, CITY, '', 5)
    expect(await change(city, CITY, '行政许可', 8)).toMatchObject({ version: 2, category: '行政许可' })
    const limitOf = async (item?: string) =>
      (await policies.value('confirm', DISTRICT, at('2097-02-01'), item)).value
    expect([await limitOf('lm-permit'), await limitOf('lm-service'), await limitOf()]).toEqual([8, 5, 5])
    await expect(change(district, DISTRICT, '行政许可', 9)).rejects.toMatchObject({ code: 'policy-loosened' })
    await expect(change(district, DISTRICT, '公共服务', 6)).rejects.toMatchObject({ code: 'policy-loosened' })
    await change(district, DISTRICT, '公共服务', 4)
    await change(district, DISTRICT, '行政许可', 7)
    expect([await limitOf('lm-permit'), await limitOf('lm-service'), await limitOf()]).toEqual([7, 4, 5])
    const file = `key,region_code,category,value,unit,valid_from\nconfirm,${DISTRICT},行政许可,9,working_day,2097-03-01`
    expect(await take(catalog, 'policies', file)).toMatchObject({
      committed: false,
      rejected: [{ name: 'value' }],
    })
    await expect(
      policies.change(city, {
        ...{ key: 'words_max', regionCode: CITY, category: '行政许可', value: 300, validFrom: '2097-02-01' },
      }),
    ).rejects.toMatchObject({ code: 'policy-impossible', field: 'category' })
  })

  it('hours and days of the month are such', async () => {
    const change = (key: string, value: number) =>
      policies.change(city, { key, regionCode: CITY, value, validFrom: '2099-01-01' })
    await expect(change('calling_from', 25)).rejects.toMatchObject({ code: 'policy-impossible' })
    await expect(change('summary_day', 29)).rejects.toMatchObject({ code: 'policy-impossible' })
    expect(await change('quiet_to', 7)).toMatchObject({ value: 7, unit: 'hour' })
  })

  it('a district may change nothing but its own', async () => {
    now = at('2096-03-01')
    const change = { key: 'sign', regionCode: CITY, value: 1, validFrom: '2096-03-02' }
    await expect(policies.change(district, change)).rejects.toMatchObject({ code: 'outside-place' })
    const department = anOfficial({
      role: 'district_authority',
      organizationId: 'lm-zsj',
      organizationPath: '/lm/lm-zsj/',
    })
    await expect(policies.change(department, change)).rejects.toMatchObject({ code: 'outside-place' })
  })

  it('a change never reaches back, so that no deadline made before it moves', async () => {
    now = at('2096-08-02')
    const change = (validFrom: string) => ({ key: 'reply', regionCode: CITY, value: 3, validFrom })
    await expect(policies.change(city, change('2096-08-01'))).rejects.toMatchObject({
      code: 'valid-from-past',
    })
    now = new Date('2096-08-02T15:00:00+08:00')
    const made = await policies.change(city, change('2096-08-02'))
    expect(made.validFrom).toEqual(now)
  })

  it('a change is a new version, and the journal says who made it', async () => {
    now = at('2096-09-01')
    const change = (value: number) =>
      policies.change(city, {
        key: 'appeal',
        regionCode: CITY,
        value,
        validFrom: '2096-09-02',
        note: '依据某通知',
      })
    expect(await change(4)).toMatchObject({ version: 1 })
    expect(await change(3)).toMatchObject({ version: 2 })
    const entries = await t.app.db.system
      .selectFrom('journal_entry')
      .selectAll()
      .where('kind', '=', 'policy.changed')
      .where('recorded_at', '=', now)
      .execute()
    expect(entries.map((e) => e.payload)).toContainEqual(
      expect.objectContaining({ key: 'appeal', version: 2, value: 3 }),
    )
    expect(entries.every((e) => e.actor === `account:${city.accountId}`)).toBe(true)
  })

  it('a number that would switch a rule off, or that no rule uses, is refused', async () => {
    const change = { regionCode: CITY, value: 0, validFrom: '2099-01-01' }
    await expect(policies.change(city, { ...change, key: 'lockout_failures' })).rejects.toMatchObject({
      status: 422,
    })
    await expect(policies.change(city, { ...change, key: 'nonsense' })).rejects.toMatchObject({
      code: 'policy-unknown',
    })
  })
})

describe('the calendar', () => {
  it('counts by the days that were loaded, at once after they were', async () => {
    const start = new Date('2096-10-05T10:00:00+08:00') // a Friday
    expect(addWorkingDays(await policies.calendar(), start, 1)).toMatchObject({ provisional: true })
    await take(catalog, 'calendar-years', 'year,source\n2096,测试通知')
    await take(
      catalog,
      'calendar',
      'day,kind,name,year\n2096-10-06,workday,调休,2096\n2096-10-08,holiday,某节,2096',
    )
    const deadline = addWorkingDays(await policies.calendar(), start, 2)
    expect(deadline.provisional).toBe(false)
    expect(deadline.days.map((d) => [d.date, d.counted])).toEqual([
      ['2096-10-06', true],
      ['2096-10-07', false],
      ['2096-10-08', false],
      ['2096-10-09', true],
    ])
    expect(await policies.calendarYear(2096)).toMatchObject({ source: '测试通知', days: [{}, {}] })
    await expect(policies.calendarYear(2095)).rejects.toMatchObject({ status: 404 })
  })
})
