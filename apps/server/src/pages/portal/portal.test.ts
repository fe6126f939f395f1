import type { Index } from '@haochaping/rules'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { plain } from '../../../../../tests/support/page.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { rebuild } from '../../modules/ledger/consumers.ts'

let t: TestApp
let solved: string
let rejected: string
let open: string

const WORDS = '我等了三个小时，电话 13900001111'

const numberOf = async (id: string) =>
  (
    await t.asOwner(
      `select payload ->> 'caseNumber' as number from journal_entry where kind = 'case.opened' and subject_id = $1`,
      [id],
    )
  ).rows[0].number as string

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  for (let i = 0; i < 40; i++) await rate(t, { level: 5, hallLevel: 4 })
  for (let i = 0; i < 3; i++) await rate(t, { level: 5 }, at(XILING))
  const [handler, district] = [await official(t, 'handler-dh'), await official(t, 'district-dh')]

  const fixed = await aCase(t, {
    level: 2,
    words: WORDS,
    optionCodes: ['208'],
    realName: true,
    name: '钱多多',
  })
  await act(t, handler, fixed, 'sign', { verifier: handler.accountId })
  await act(t, handler, fixed, 'record_contact', { result: 'reached', note: '回访秘密记录' })
  await act(t, handler, fixed, 'fix_now', { finding: '经核实，赵小兰于当日排队，窗口只有李明一人' })
  await act(t, handler, fixed, 'complete', {
    done: '已增开窗口，联系人：孙志强，电话 13712345678',
    evidence: [await evidence(t, handler, fixed)],
  })
  await act(t, handler, fixed, 'reply', {
    reply: '钱多多您好，窗口已增开，证件 220102199001011234 可随时来办',
  })
  await t.services.rectification.answerSurvey(fixed, { answer: 'satisfied', words: '谢谢，我叫周大福' })

  const malicious = await aCase(t, { level: 1, words: '乱写的' })
  await act(t, handler, malicious, 'sign', { verifier: handler.accountId })
  await act(t, handler, malicious, 'propose_rejection', {
    rejectionReason: 'malicious',
    finding: '评价与事实不符',
    evidence: [await evidence(t, handler, malicious)],
  })
  await act(t, district, malicious, 'confirm_rejection', { note: '确认内情' })
  await act(t, handler, malicious, 'reply', { reply: '这条评价不予采纳' })
  await t.services.rectification.answerSurvey(malicious, { answer: 'basically' })

  const pending = await aCase(t, { level: 1 })
  await t.settle()
  ;[solved, rejected, open] = [await numberOf(fixed), await numberOf(malicious), await numberOf(pending)]
})
afterAll(() => t.close())

const get = (url: string, headers: Record<string, string> = {}) =>
  t.server.inject({ method: 'GET', url, headers: { accept: 'text/html', ...headers } })
/** The words of a page, without its tags. */
const words = async (url: string) =>
  plain((await get(url)).body.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<[^>]+>/g, ' ')).replace(
    /\s+/g,
    ' ',
  )

const pages = () => [
  '/',
  '/?days=90',
  '/?days=365',
  '/organizations',
  `/organizations?q=${encodeURIComponent('公安')}`,
  '/organizations/lm',
  '/organizations/lm-dh',
  `/organizations/${DONGHU.department}`,
  `/organizations/${XILING.department}`,
  '/organizations/lm-zsj',
  '/items',
  `/items?q=${encodeURIComponent('身份证')}&page=1`,
  '/items?q=zzzz',
  `/items?organization=${DONGHU.organization}`,
  `/items/${DONGHU.item}`,
  `/items/${XILING.item}`,
  '/cases',
  `/cases?region=${DONGHU.region}&outcome=solved`,
  `/cases?region=${XILING.region}`,
  `/cases/${solved}`,
  `/cases/${rejected}`,
  '/method',
  '/ledger',
]

describe('the portal', () => {
  it('shows every page in Chinese, whole, and without a script', async () => {
    for (const url of pages()) {
      const answer = await get(url)
      expect(answer.statusCode, url).toBe(200)
      expect(answer.headers['content-type'], url).toBe('text/html; charset=utf-8')
      expect(answer.body, url).toContain('<html lang="zh-CN"')
      expect(answer.body, url).not.toMatch(/<script|\bon[a-z]+="/)
      const read = await words(url)
      expect(read.match(/[\u4e00-\u9fa5]/g)?.length, url).toBeGreaterThan(150)
      expect(read, url).not.toMatch(/undefined|NaN|null|\[object|Infinity/)
    }
  })

  it('meets unknown addresses with a friendly page', async () => {
    for (const url of [
      '/organizations/nowhere',
      '/items/nothing',
      '/items?organization=nowhere',
      '/cases/CP-none',
      `/cases/${open}`,
      '/cases?region=000000000000',
    ]) {
      const answer = await get(url)
      expect(answer.statusCode, url).toBe(404)
      expect(answer.body, url).toContain('您可以这样做')
    }
    for (const url of ['/?days=7', '/?days=abc&days=30', '/items?page=0', '/cases?outcome=x&page=-1'])
      expect((await get(url)).statusCode, url).toBe(200)
  })

  it('may be kept for a minute, and tells who has it already that nothing changed', async () => {
    for (const url of ['/', '/organizations', '/open-data/summary.json', '/open-data/daily.csv']) {
      const first = await get(url)
      expect(first.headers['cache-control'], url).toBe('public, max-age=60')
      const again = await get(url, { 'if-none-match': String(first.headers.etag) })
      expect(again.statusCode, url).toBe(304)
      expect(again.body).toBe('')
    }
  })

  it('says how fresh its figures are', async () => {
    expect(await words('/')).toContain('数据截至 2026/11/24')
    expect(await words('/cases')).toContain('数据截至 2026/11/24')
  })

  it('shows the figures of the dashboard, neither more nor less', async () => {
    const city = await signIn(t, 'city')
    const inside = (await city.get('/api/v1/dashboard')).json()
    const outside = (await get('/open-data/summary.json')).json()
    for (const key of ['period', 'previousPeriod', 'visits', 'evaluations', 'levels', 'indices', 'updatedAt'])
      expect(outside[key], key).toEqual(inside[key])
    expect(outside.cases).toEqual(inside.cases)
    const home = await words('/')
    for (const index of inside.indices as Index[])
      if (index.denominator > 0 && index.key !== 'average_score')
        expect(home, index.name).toContain(`${index.numerator} ÷ ${index.denominator}`)
  })

  it('counts what was not adopted by its reason and leaves it out of the rates', async () => {
    const { levels, cases } = (await get('/open-data/summary.json')).json()
    expect(levels.excluded).toBe(1)
    expect(cases.notAdopted).toEqual({ mistaken: 0, malicious: 1 })
    expect(await words('/cases')).toContain('已确认不予采纳：恶意差评 1 件')
    expect(await words(`/cases/${rejected}`)).toContain('不予采纳（恶意差评）')
  })

  it('prints no figure made of fewer than five ratings, nor one that gives it away', async () => {
    const list = await words('/organizations')
    expect(list).toMatch(/西岭区人民政府 评价少于 5 条，不公布细目 3 /)
    const page = await words(`/organizations/${XILING.department}`)
    expect(page).toContain('少于 5')
    expect(page).not.toContain('100.00%')
    // Its own page, and those of the parts it is made of, would give away what the list keeps back.
    for (const id of ['lm-dh', DONGHU.department])
      expect(await words(`/organizations/${id}`), id).toMatch(/有效评价 不单独公布/)
    expect(await words(`/items/${XILING.item}`)).not.toContain('好评率')
    const summary = (await get('/open-data/summary.json')).json()
    const hidden = summary.districts.filter((d: { suppressed: boolean }) => d.suppressed)
    // With one of two hidden, the total would tell the other.
    expect(hidden).toHaveLength(2)
    expect(hidden.every((d: { evaluations: null; positiveRate: null }) => d.evaluations === null)).toBe(true)
    const rows: Record<string, string>[] = parse((await get('/open-data/organizations.csv')).body, {
      columns: true,
      bom: true,
    })
    const xiling = rows.find((row) => row.organization_id === XILING.department)
    expect(xiling).toMatchObject({
      evaluations: '少于 5',
      level_5: '',
      positive_rate: '',
      suppressed: 'true',
    })
  })

  it('keeps the columns of its open data', async () => {
    const head = async (url: string) => (await get(url)).body.replace('\ufeff', '').split('\n')[0]
    const figures =
      'visits,evaluations,level_5,level_4,level_3,level_2,level_1,not_adopted,negative,positive_rate,active_rate,cases_opened,cases_overdue_now,on_time_rate,suppressed'
    expect(await head('/open-data/daily.csv')).toBe(`day,${figures}`)
    expect(await head('/open-data/organizations.csv')).toBe(
      `organization_id,parent_id,name,region_code,from,to,${figures}`,
    )
  })
})

describe('a published case', () => {
  it('tells what was rated and what was done, with every name and number masked', async () => {
    const page = await words(`/cases/${solved}`)
    expect(page).toContain('不满意')
    expect(page).toContain('评价人确认已解决')
    expect(page).toContain('经核实，赵**于当日排队，窗口只有李*一人')
    expect(page).toContain('联系人：孙**，电话 137****5678')
    expect(page).toContain('钱**您好，窗口已增开，证件 2201**********1234 可随时来办')
  })

  it('holds nothing of the citizen, on no page', async () => {
    const secrets = [
      '钱多多',
      '赵小兰',
      '周大福',
      '13900001111',
      '13812345678',
      '13712345678',
      '等了三个小时',
      '回访秘密记录',
      '确认内情',
      '孙志强',
      '李明',
    ]
    for (const url of [
      ...pages(),
      '/open-data/summary.json',
      '/open-data/daily.csv',
      '/open-data/organizations.csv',
    ]) {
      const { body } = await get(url)
      for (const secret of secrets) expect(body, `${url} ${secret}`).not.toContain(secret)
    }
  })

  it('is made again the same from the first entry', async () => {
    const all = () => t.asOwner('select * from publication_case order by case_number')
    const before = (await all()).rows
    expect(before).toHaveLength(2)
    await rebuild(t.app, t.services.publication.consumer)
    expect((await all()).rows).toEqual(before)
  })

  it('comes over a connection that reaches no evaluation, no person and no text', async () => {
    for (const table of [
      'evaluation',
      'personal_data',
      'entry_text',
      'journal_entry',
      'visit',
      'invitation',
      'rectification_case',
      'evidence_file',
      'outbound_message',
      'account',
      'session',
      'statistic_evaluation',
    ] as const)
      await expect(t.app.db.portal.selectFrom(table).selectAll().execute(), table).rejects.toMatchObject({
        code: '42501',
      })
  })
})
