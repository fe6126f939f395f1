import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { aClosedCase } from '../../../../../tests/support/supervision.ts'
import type { Official } from '../identity/official.ts'
import { rebuild } from '../ledger/consumers.ts'
import { verifyLedger } from '../ledger/verify.ts'

const DAY = 86_400_000
let t: TestApp
let city: Official
let handler: Official
let head: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  handler = await official(t, 'handler-dh')
  head = await official(t, 'head-dh')
})
afterAll(() => t.close())

const registers = () => t.services.registers
const verifying = async (rating: Parameters<typeof aCase>[1] = { realName: true }) => {
  const id = await aCase(t, rating)
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  return id
}
const promise = (id: string, promisedOn: string) =>
  act(t, handler, id, 'promise', { finding: '属实', plan: '更换叫号机', owner: '李科长', promisedOn })
const complete = async (id: string) =>
  act(t, handler, id, 'complete', { done: '已更换', evidence: [await evidence(t, handler, id)] })

describe('R20, Q73: the register of call-backs', () => {
  const made: Record<string, string> = {}

  it('tells exactly what is missing from 100 %', async () => {
    made.untouched = await aCase(t, { realName: true })
    made.exempt = await aCase(t, { realName: true, doNotContact: true })
    made.contacted = await verifying()
    await act(t, handler, made.contacted, 'record_contact', { result: 'reached', note: '已核实' })
    made.closed = await aClosedCase(t, 'dh', { realName: true })
    await aCase(t, { realName: false })
    const { items, summary } = await registers().callbacks(city, {})
    expect(summary).toMatchObject({
      total: 4,
      contacted: 2,
      notContacted: 1,
      exempt: 1,
      rectified: 1,
      notRectified: 3,
      notAdopted: 0,
      contactRate: 2 / 3,
      rectifiedRate: 1 / 4,
    })
    const missing = Object.fromEntries(items.map((item) => [item.id, item.missing]))
    expect(missing).toEqual({
      [made.untouched]: ['not_contacted', 'not_rectified'],
      [made.exempt]: ['exempt', 'not_rectified'],
      [made.contacted]: ['not_rectified'],
      [made.closed]: [],
    })
    expect(items.find((item) => item.id === made.contacted)).toMatchObject({
      attempts: 1,
      lastResult: '已联系上',
    })
  })

  it('is narrowed by what is missing, by district and by period', async () => {
    const ids = async (query: Parameters<ReturnType<typeof registers>['callbacks']>[1]) =>
      (await registers().callbacks(city, query)).items.map((item) => item.id)
    expect(await ids({ missing: 'not_contacted' })).toEqual([made.untouched])
    expect(await ids({ missing: 'exempt' })).toEqual([made.exempt])
    expect(await ids({ missing: 'any' })).toHaveLength(3)
    expect(await ids({ region: '990102000000' })).toEqual([])
    expect(await ids({ organization: DONGHU.department })).toHaveLength(4)
    expect(await ids({ from: '2026-01-01', to: '2026-11-23' })).toEqual([])
    await expect(ids({ from: '2025-01-01', to: '2026-11-24' })).rejects.toMatchObject({
      code: 'period-too-long',
    })
    await expect(ids({ organization: 'none' })).rejects.toMatchObject({ code: 'unknown-organization' })
  })

  it('adds up to what the journal says', async () => {
    await t.settle()
    const { rows } = await t.asOwner(`
      select count(*)::int as total,
        count(*) filter (where (p ->> 'contacted')::boolean and not (p ->> 'doNotContact')::boolean)::int as contacted,
        count(*) filter (where (p ->> 'doNotContact')::boolean)::int as exempt,
        count(*) filter (where p ->> 'rectifiedAt' is not null and not (p ->> 'rejected')::boolean)::int as rectified
      from (select distinct on (subject_id) payload as p from journal_entry where kind like 'case.%'
        order by subject_id, (payload ->> 'version')::int desc) last
      where (p ->> 'realName')::boolean`)
    const { items, summary } = await registers().callbacks(city, {})
    expect(summary).toMatchObject(rows[0])
    const contacts = await t.asOwner(
      `select count(*)::int as n from journal_entry where kind = 'case.record_contact'`,
    )
    expect(items.reduce((sum, item) => sum + item.attempts, 0)).toBe(contacts.rows[0].n)
  })

  it('comes in pages that neither repeat nor miss a case', async () => {
    for (let i = 0; i < 51; i++) {
      if (i % 10 === 0) t.clock.forward(1_000)
      await rate(t, { level: 1, realName: true })
    }
    await t.settle()
    const first = await registers().callbacks(city, {})
    expect([first.items.length, first.summary?.total]).toEqual([50, 55])
    const second = await registers().callbacks(city, {}, first.next ?? undefined)
    expect([second.items.length, second.next, second.summary]).toEqual([5, null, null])
    expect(new Set([...first.items, ...second.items].map((item) => item.id)).size).toBe(55)
    await expect(registers().callbacks(city, {}, 'rubbish')).rejects.toMatchObject({ code: 'cursor-unknown' })
  }, 60_000)

  it('shows everybody their own place, as a page and as a file', async () => {
    const file = await (await signIn(t, 'head-dh')).get('/api/v1/registers/callbacks.xlsx?missing=exempt')
    expect(file.headers['content-type']).toContain('spreadsheetml')
    const [titles, row, ...rest] = await readSheet(file.rawPayload)
    expect(titles?.slice(0, 3)).toEqual(['差评件编号', '地区', '办理单位'])
    expect(row).toContain('评价人不愿被联系')
    expect(rest).toEqual([])
    expect((await registers().callbacks(await official(t, 'head-xl'), {})).items).toEqual([])
    expect((await (await signIn(t, 'handler-dh')).get('/api/v1/registers/callbacks')).statusCode).toBe(403)
  })
})

describe('R15, Q65: the commitment register', () => {
  it('holds every promise with what became of it', async () => {
    const [kept, late, open] = [await verifying(), await verifying(), await verifying()]
    await promise(kept, '2026-11-27')
    await promise(late, '2026-11-27')
    await promise(open, '2026-12-10')
    await complete(kept)
    const browser = await signIn(t, 'head-dh')
    await t.settle()
    t.clock.forward(4 * DAY)
    const { items, summary } = await registers().commitments(head, {})
    expect(summary).toEqual({ total: 3, open: 1, kept: 1, broken: 1, extended: 0 })
    const status = Object.fromEntries(items.map((item) => [item.id, item.statusLabel]))
    expect(status).toEqual({ [kept]: '按期履行', [late]: '逾期', [open]: '履行中' })
    expect(items[0]).toMatchObject({ plan: '更换叫号机', owner: '李科长', promisedOn: expect.any(String) })
    await complete(late)
    await t.settle()
    expect((await registers().commitments(head, { status: 'broken' })).items).toMatchObject([{ id: late }])
    expect((await registers().commitments(head, { extended: true })).items).toEqual([])
    t.clock.forward(-4 * DAY)
    const file = await browser.get('/api/v1/registers/commitments.xlsx')
    expect(await readSheet(file.rawPayload)).toHaveLength(4)
  })

  it('an extension that the level above approved moves the date and is told', async () => {
    const id = await verifying()
    await promise(id, '2026-11-27')
    await act(t, handler, id, 'request_extension', { reason: '配件未到', newDate: '2026-12-04' })
    await act(t, await official(t, 'district-dh'), id, 'approve_extension', { note: '同意' })
    await t.settle()
    const { items, summary } = await registers().commitments(head, { extended: true })
    expect(items).toMatchObject([
      { id, promisedFirst: '2026-11-27', promisedOn: '2026-12-04', extensions: 1, status: 'open' },
    ])
    expect(summary).toMatchObject({ extended: 1 })
  })

  it('adds up to what the journal says', async () => {
    const { rows } = await t.asOwner(
      `select count(*)::int as n from journal_entry where kind = 'case.promise'`,
    )
    const { summary } = await registers().commitments(city, {})
    expect(summary?.total).toBe(rows[0].n)
    expect(summary!.open + summary!.kept + summary!.broken).toBe(summary!.total)
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await findings()).toEqual([])
    await t.asOwner(`update commitment set completed_at = promised_at where completed_at is null`)
    expect(await findings()).toMatchObject([
      { where: expect.stringContaining('commitment of'), what: expect.stringContaining('was changed') },
      {},
    ])
    await rebuild(t.app, t.services.registers.consumer)
    expect(await findings()).toEqual([])
  })

  it.each([
    ['version', 'version + 1'],
    ['round', 'round + 1'],
    ['case_number', `'CP20261124-AAAAAAAA'`],
    ['item_code', `'another'`],
    ['staff_number', `'another'`],
    ['organization_id', `'another'`],
    ['organization_path', `'/another/'`],
    ['region_code', `'another'`],
    ['promised_at', `promised_at + interval '1 second'`],
    ['promised_first', 'promised_first + 1'],
    ['promised_on', 'promised_on + 1'],
    ['extensions', 'extensions + 1'],
  ])('R30: the ledger names a promise whose %s was changed', async (column, value) => {
    await t.asOwner(`create table kept as select * from commitment`)
    await t.asOwner(
      `update commitment set ${column} = ${value}
       where entry_id = (select entry_id from commitment order by promised_at limit 1)`,
    )
    const { findings } = await verifyLedger(t.app, t.services.rowChecks)
    await t.asOwner(`delete from commitment`)
    await t.asOwner(`insert into commitment select * from kept`)
    await t.asOwner(`drop table kept`)
    expect(findings).toMatchObject([{ where: expect.stringContaining('commitment of') }])
  })

  it('comes by what is due first, what is done at the end, in pages and as a file alike', async () => {
    const days = ['2026-12-03', '2026-12-01', '2026-12-02']
    for (let i = 0; i < 51; i++) {
      const id = await verifying({ realName: false })
      await promise(id, days[i % days.length]!)
      if (i % 10 === 0) await complete(id)
    }
    await t.settle()
    const first = await registers().commitments(head, {})
    const second = await registers().commitments(head, {}, first.next ?? undefined)
    expect([first.items.length, second.items.length, second.next]).toEqual([
      50,
      first.summary!.total - 50,
      null,
    ])
    const all = [...first.items, ...second.items]
    expect(new Set(all.map(({ entryId }) => entryId)).size).toBe(first.summary!.total)
    const place = (done: boolean, day: unknown) => `${done ? 1 : 0} ${String(day)}`
    const shown = all.map(({ completedAt, promisedOn }) => place(completedAt !== null, promisedOn))
    expect(shown).toEqual(shown.toSorted())
    expect(new Set(shown.map((one) => one.slice(0, 1)))).toEqual(new Set(['0', '1']))
    const file = await (await signIn(t, 'head-dh')).get('/api/v1/registers/commitments.xlsx')
    const [titles, ...lines] = await readSheet(file.rawPayload)
    const [number, on] = [titles!.indexOf('差评件编号'), titles!.indexOf('现承诺日期')]
    expect(lines.map((line) => `${line[number]} ${line[on]}`)).toEqual(
      all.map(({ caseNumber, promisedOn }) => `${caseNumber} ${promisedOn}`),
    )
  }, 120_000)

  it('R28: whoever was rated does not read the plan made about them', async () => {
    const rated = { ...head, staffNumber: DONGHU.staff }
    expect((await registers().commitments(rated, {})).items[0]).toMatchObject({ plan: null, owner: null })
  })
})
