import { forHall, isWorkday, startClock } from '@haochaping/rules'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { makeCaseDeadlines } from '../rectification/deadlines.ts'
import { makeCalendarService } from './calendar.service.ts'

let t: TestApp
let city: Official
let district: Official
const at = (text: string) => new Date(`${text}+08:00`)
const SOURCE = '国务院办公厅关于2027年部分节假日安排的通知（测试用）'
const notice = (content: string) => ({
  year: 2027,
  source: SOURCE,
  format: 'csv' as const,
  content: Buffer.from(content),
})
const DAYS =
  '日期,类型,名称\n2027-01-01,放假,元旦\n2027/1/2,放假,元旦\n2027-01-03,放假,元旦\n2027-01-09,上班,元旦调休'

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  district = await official(t, 'district-dh')
})
afterAll(() => t.close())
const calendar = () => t.services.calendar
const run = (name: string) => t.services.chores.find((chore) => chore.name === name)!.run()

describe('loading a year from the State Council (Q61)', () => {
  it('alarms while running deadlines reach into a year that is missing: on the page and in the metrics', async () => {
    t.clock.now = at('2026-12-31T10:00:00')
    await aCase(t)
    expect(await calendar().missing()).toMatchObject([{ year: 2027, why: 'next', cases: 1 }])
    expect((await t.server.inject('/metrics')).body).toContain(
      'haochaping_calendar_missing_year{year="2027",why="next"} 1',
    )
  })

  it('and in the log, once a day however often it is looked at', async () => {
    const lines: { missing: unknown }[] = []
    const log = pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line)) })
    const { catalog, policies } = t.services
    const app = { ...t.app, log }
    const watched = makeCalendarService(app, { catalog, policies, books: [makeCaseDeadlines(app)] })
    for (let i = 0; i < 3; i++) await watched.watch()
    expect(lines).toMatchObject([{ missing: [{ year: 2027, why: 'next', cases: 1 }] }])
    t.clock.forward(86_400_000)
    await watched.watch()
    expect(lines).toHaveLength(2)
    t.clock.forward(-86_400_000)
  })

  it('says before it is saved which days change and which deadlines move, from and to, and keeps nothing', async () => {
    const preview = await calendar().loadYear(city, notice(DAYS), true)
    expect(preview).toMatchObject({ committed: false, rejected: [] })
    expect(preview.days.map(({ day, to }) => [day, to?.kind])).toEqual([
      ['2027-01-01', 'holiday'],
      ['2027-01-02', 'holiday'],
      ['2027-01-03', 'holiday'],
      ['2027-01-09', 'workday'],
    ])
    expect(preview.deadlines.moved).toBeGreaterThanOrEqual(1)
    expect(preview.deadlines.items[0]).toMatchObject({
      label: '签收时限',
      from: '2027-01-01T15:59:59.999Z',
      to: '2027-01-04T15:59:59.999Z',
    })
    expect((await calendar().overview()).years.map(({ year }) => year)).toEqual([2024, 2025, 2026])
  })

  it('refuses what is not of that year, line by line, and who is not the city', async () => {
    const wrong = await calendar().loadYear(
      city,
      notice('day,kind\n2027-01-01,holiday\n\n2028-01-01,holiday\n2027-13-01,holiday'),
      false,
    )
    expect(wrong.committed).toBe(false)
    expect(wrong.rejected).toMatchObject([
      { line: 4, field: '日期' },
      { line: 5, field: '日期' },
    ])
    await expect(calendar().loadYear(district, notice(DAYS), false)).rejects.toMatchObject({
      code: 'outside-place',
    })
  })

  it('saved, the keeper of the clocks moves exactly what the preview said, and the alarm ends', async () => {
    const preview = await calendar().loadYear(city, notice(DAYS), true)
    const saved = await calendar().loadYear(city, notice(DAYS), false)
    expect(saved).toMatchObject({ committed: true, deadlines: preview.deadlines })
    await run('recompute provisional deadlines')
    const [first] = preview.deadlines.items
    const entries = await journalOf(t, first!.evaluationId)
    expect(entries.at(-1)).toMatchObject({
      kind: 'case.deadline-recomputed',
      payload: { clock: { dueAt: first!.to } },
    })
    expect(await calendar().missing()).toEqual([])
    expect((await calendar().loadYear(city, notice(DAYS), true)).days).toEqual([])
  })
})

describe('opening days of halls (Q61)', () => {
  const SATURDAY = { day: '6', open: true, note: '周六延时服务' }

  it('are kept by the place the hall stands in, count for clocks of that hall alone, and stand in the journal', async () => {
    await calendar().halls.put(district, 'dh-hall', [
      SATURDAY,
      { day: '2027-03-08', open: false, note: '搬迁' },
    ])
    const all = await t.services.policies.calendar()
    expect(isWorkday(forHall(all, 'dh-hall'), '2027-02-27')).toBe(true)
    expect(isWorkday(forHall(all, 'xl-hall'), '2027-02-27')).toBe(false)
    const rule = {
      ...{ key: 'fix', label: '核实', value: 3, unit: 'working_day' as const, version: 1 },
      ...{ regionCode: '990101000000', source: '' },
    }
    const due = (hall: string | null) => startClock(rule, at('2027-02-26T10:00:00'), all, hall).dueAt
    expect(due('dh-hall')).toBe('2027-03-02T15:59:59.999Z')
    expect(due(null)).toBe('2027-03-03T15:59:59.999Z')
    const { rows } = await t.asOwner(
      `select payload from journal_entry where kind = 'calendar.hall-changed' order by recorded_at`,
    )
    expect(rows.at(-1).payload).toMatchObject({
      hallCode: 'dh-hall',
      days: [
        { day: '2027-03-08', open: false },
        { day: '6', open: true },
      ],
    })
    await expect(calendar().halls.put(district, 'xl-hall', [SATURDAY])).rejects.toMatchObject({
      code: 'outside-place',
    })
  })

  it('come from a file that is the whole of each hall it names, and of no other', async () => {
    const file = '大厅编码,日期或星期,是否开放,说明\nxl-hall,周日,是,轮值\nxl-hall,2027-04-01,否,检修'
    const taken = await calendar().halls.take(city, 'csv', Buffer.from(file), false)
    expect(taken).toMatchObject({ committed: true, changed: 1, rejected: [] })
    const days = async (code: string) =>
      (await calendar().halls.list(city)).find((hall) => hall.code === code)!.days.map(({ day }) => day)
    expect(await days('xl-hall')).toEqual(['2027-04-01', '7'])
    expect(await days('dh-hall')).toEqual(['2027-03-08', '6'])
    expect(await calendar().halls.take(city, 'csv', Buffer.from(file), false)).toMatchObject({ changed: 0 })
    const foreign = await calendar().halls.take(district, 'csv', Buffer.from(file), false)
    expect(foreign).toMatchObject({ committed: false, rejected: [{ field: '大厅编码' }] })
    const bad = '大厅编码,日期或星期,是否开放\nxl-hall,周八,是\nxl-hall,周六,也许'
    expect((await calendar().halls.take(city, 'csv', Buffer.from(bad), true)).rejected).toHaveLength(2)
  })
})
