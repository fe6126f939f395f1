import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { testApp } from '../../../../../tests/support/app.ts'
import { ENTITY_NAMES, type EntityName } from './catalog.columns.ts'
import { ENTITIES } from './catalog.entities.ts'
import { csvTemplate, readRows, xlsxTemplate } from './catalog.files.ts'
import { type CatalogService, makeCatalogService } from './catalog.service.ts'
import { csvFile, loadLongming, ORGANIZATIONS, system, take as takeInto } from './longming.fixture.ts'

let t: Awaited<ReturnType<typeof testApp>>
let catalog: CatalogService

const take = (entity: EntityName, content: string, dryRun = false) =>
  takeInto(catalog, entity, content, dryRun)
const journal = () =>
  t.app.db.system
    .selectFrom('journal_entry')
    .selectAll()
    .where('kind', 'in', ['catalog.changed', 'policy.changed'])
    .execute()

beforeAll(async () => {
  t = await testApp()
  catalog = makeCatalogService(t.app)
  await loadLongming(catalog)
})
afterAll(() => t.close())

describe('taking files into the directory', () => {
  it('knows the place of each organisation in whatever order parents and children stand', async () => {
    expect((await catalog.organization('lm-dh-zsj'))?.path).toBe('/lm/lm-dh/lm-dh-zsj/')
    expect((await catalog.organization('lm'))?.path).toBe('/lm/')
  })

  it('leaves rows alone that are as they were, and counts a version up for those that changed', async () => {
    const before = await journal()
    const same = await take('organizations', ORGANIZATIONS)
    expect(same).toMatchObject({ inserted: 0, changed: 0, unchanged: 6, committed: true })
    expect(await journal()).toHaveLength(before.length)

    const renamed = await take('organizations', ORGANIZATIONS.replace('东湖政务局', '东湖政数局'))
    expect(renamed).toMatchObject({ inserted: 0, changed: 1, unchanged: 5, committed: true })
    expect(await catalog.organization('lm-dh-zsj')).toMatchObject({ shortName: '东湖政数局', version: 2 })
    expect((await catalog.versions('organizations', 'lm-dh-zsj')).map((v) => v.version)).toEqual([2, 1])
    expect(await journal()).toHaveLength(before.length + 1)
  })

  it('keeps nothing of a file when one of its rows is refused, and names line, field and reason', async () => {
    const report = await take(
      'halls',
      'code,name,organization_id,region_code\nlm-h1,一号大厅,lm,990100000000\nlm-h2,,nobody,990100000000\nlm-h1,又一个,lm,9901',
    )
    expect(report).toMatchObject({ accepted: 1, committed: false })
    expect(report.rejected).toEqual([
      { line: 3, field: '大厅名称', name: 'name', reason: '必填' },
      { line: 4, field: '区划代码', name: 'region_code', reason: '区划代码应为 12 位数字' },
    ])
    expect(await catalog.hall('lm-h1')).toBeUndefined()
  })

  it('refuses a row that points to what does not exist and a key that stands twice', async () => {
    const report = await take(
      'halls',
      'code,name,organization_id,region_code\nlm-h1,一号大厅,lm,990100000000\nlm-h2,二号大厅,nobody,990100000000\nlm-h1,又一个,lm,990100000000',
    )
    expect(report.rejected.map((r) => [r.line, r.name, r.reason])).toEqual([
      [3, 'organization_id', '没有“nobody”，请先录入或改正'],
      [4, 'code', '与第 2 行重复'],
    ])
  })

  it('refuses organisations that stand above themselves', async () => {
    const report = await take(
      'organizations',
      'id,parent_id,name,short_name,kind,region_code\nlm-a,lm-b,甲,甲,x,990100000000\nlm-b,lm-a,乙,乙,x,990100000000',
    )
    expect(report.committed).toBe(false)
    expect(report.rejected.map((r) => r.line)).toEqual([2, 3])
  })

  it('moves everything below an organisation that got another parent', async () => {
    await take(
      'organizations',
      'id,parent_id,name,short_name,kind,region_code\nlm-old,lm,旧,旧,x,990100000000\nlm-team,lm-old,队,队,x,990100000000',
    )
    const report = await take(
      'organizations',
      'id,parent_id,name,short_name,kind,region_code\nlm-old,lm-dh,旧,旧,x,990100000000',
    )
    expect(report.warnings).toHaveLength(1)
    expect((await catalog.organization('lm-team'))?.path).toBe('/lm/lm-dh/lm-old/lm-team/')
  })

  it('takes an organisation whose credit code fails its check, without the code, and says so', async () => {
    const good = '91350100M000100Y43'
    const bad = '91350100M000100Y44'
    const file = (code: string) =>
      `id,parent_id,name,short_name,kind,region_code,uscc\nlm-u,lm,某局,某局,department,990100000000,${code}`
    const report = await take('organizations', file(bad))
    expect(report).toMatchObject({ inserted: 1, committed: true })
    expect(report.quarantined).toMatchObject([{ line: 2, name: 'uscc' }])
    expect((await catalog.organization('lm-u'))?.uscc).toBe('')
    expect((await catalog.versions('organizations', 'lm-u'))[0]?.content).toMatchObject({
      quarantined: { uscc: bad },
    })

    await take('organizations', file(good))
    const again = await take('organizations', file(bad))
    expect(again).toMatchObject({ unchanged: 1, quarantined: [{ line: 2 }] })
    expect((await catalog.organization('lm-u'))?.uscc).toBe(good)
  })

  it('does all the work of a dry run and keeps nothing', async () => {
    const file = 'code,name,organization_id,region_code\nlm-dry,演练大厅,lm,990100000000'
    expect(await take('halls', file, true)).toMatchObject({ inserted: 1, committed: false, rejected: [] })
    expect(await catalog.hall('lm-dry')).toBeUndefined()
  })

  it('keeps none of several files when a later one is refused', async () => {
    const reports = await catalog.importAll(
      [
        csvFile('halls', 'code,name,organization_id,region_code\nlm-h9,九号大厅,lm,990100000000'),
        csvFile('windows', 'code,hall_code,name,organization_id\nlm-w1,lm-h9,1 号窗,nobody'),
      ],
      system,
    )
    expect(reports.map((r) => r.committed)).toEqual([false, false])
    expect(await catalog.hall('lm-h9')).toBeUndefined()
  })

  it('takes a calendar year as a whole: a day no longer in the file is taken out', async () => {
    await take('calendar-years', 'year,source\n2098,测试通知')
    const head = 'day,kind,name,year\n2098-01-01,holiday,元旦,2098\n'
    await take('calendar', `${head}2098-05-01,放假,劳动节,2098\n2098/4/27,workday,调休,2098`)
    const report = await take('calendar', head)
    expect(report).toMatchObject({ unchanged: 1, removed: 2, committed: true })
    const days = await t.app.db.system
      .selectFrom('calendar_day')
      .selectAll()
      .where('year', '=', 2098)
      .execute()
    expect(days.map((d) => d.day)).toEqual(['2098-01-01'])
  })

  it('refuses a make-up working day that is no weekend', async () => {
    await take('calendar-years', 'year,source\n2097,测试通知')
    const report = await take('calendar', 'day,kind,name,year\n2097-01-01,workday,调休,2097')
    expect(report.rejected[0]?.reason).toContain('周六或周日')
  })

  it('adds a changed policy as a new version and never edits one', async () => {
    const file = (value: number) =>
      `key,region_code,value,unit,valid_from\nranking_minimum,990100000000,${value},evaluation,2026-01-01`
    await take('policies', file(5))
    await take('policies', file(7))
    // The first file again: what it says was already said, and does not undo the change since.
    expect(await take('policies', file(5))).toMatchObject({ unchanged: 1, inserted: 0, changed: 0 })
    const rows = await t.app.db.system
      .selectFrom('policy')
      .selectAll()
      .where('key', '=', 'ranking_minimum')
      .where('region_code', '=', '990100000000')
      .execute()
    expect(rows.map((r) => [r.version, r.value])).toEqual([
      [1, 5],
      [2, 7],
    ])
  })

  it('takes 20 000 items in a few seconds', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `lm-item-${i},事项 ${i},行政许可,lm-dh-zsj,区级`)
    const file = `code,name,kind,organization_id,level\n${lines.join('\n')}`
    const started = performance.now()
    const report = await take('items', file)
    expect(report).toMatchObject({ accepted: 20_000, inserted: 20_000, committed: true })
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(await take('items', file)).toMatchObject({ unchanged: 20_000 })
  })
})

describe('files', () => {
  it.each(ENTITY_NAMES)('a template of %s names every column and can be read back', async (name) => {
    const entity = ENTITIES[name]
    expect(await readRows(entity, 'csv', csvTemplate(entity))).toEqual([])
    expect(await readRows(entity, 'xlsx', await xlsxTemplate(entity))).toEqual([])
  })

  it('an Excel file may have Chinese titles and keeps codes digit by digit', async () => {
    const content = await writeExcelFile([
      ['大厅编码*', '大厅名称', '所属机构标识', '区划代码', '周六是否办公'],
      ['lm-x1', '表格大厅', 'lm', 990100000000, '是'],
    ]).toBuffer()
    const [report] = await catalog.importAll([{ entity: 'halls', format: 'xlsx', content }], system)
    expect(report).toMatchObject({ inserted: 1, rejected: [] })
    expect(await catalog.hall('lm-x1')).toMatchObject({ regionCode: '990100000000', saturdayOpen: true })
  })

  it('an item code that a spreadsheet turned into 2.2E+30 is refused with words', async () => {
    const report = await take('items', 'code,name,kind,organization_id,level\n2.2E+30,事项,许可,lm,市级')
    expect(report.rejected[0]?.reason).toContain('科学计数')
  })

  it('a code whose credit code ends with an E is not taken for such a number', async () => {
    const report = await take(
      'items',
      'code,name,kind,organization_id,level\n11220100999900142E3000116001000,事项,许可,lm,市级',
    )
    expect(report.rejected).toEqual([])
  })

  it('a CSV file as a Chinese Excel saves it (GB 18030) can be read', async () => {
    // 编码 in GBK inside a quoted cell with a line break before it, so that line numbers are put to the test too.
    const head = Buffer.from('code,name,organization_id,region_code\nlm-g,"')
    const gbk = Buffer.from([0xb1, 0xe0, 0xc2, 0xeb])
    const rest = Buffer.from('\nB",lm,990100000000\n\nlm-g2,x,lm,9901\n')
    const rows = await readRows(ENTITIES.halls, 'csv', Buffer.concat([head, gbk, rest]))
    expect(rows.map((r) => [r.line, r.cells.name])).toEqual([
      [2, '编码\nB'],
      [5, 'x'],
    ])
  })

  it('a column nobody knows is refused before anything is read', async () => {
    await expect(take('halls', 'code,nmae\n1,2')).rejects.toMatchObject({ code: 'unknown-column' })
    await expect(take('halls', 'code\n1')).rejects.toMatchObject({ code: 'missing-column' })
  })
})
