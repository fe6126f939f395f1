import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { oneMore } from '../../../../../tests/support/appeals.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { DONGHU, testCity, type Username, XILING } from '../../../../../tests/support/longming.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import { asStaff } from '../../platform/database.ts'
import { type Official, placeOf } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { hearAs } from './retaliation.store.ts'

const WORDS = '窗口的人给我打电话，让我撤回评价'
const OTHERS: Username[] = [
  'handler-dh',
  'head-dh',
  'window-dh',
  'district-dh',
  'auditor-dh',
  'city-auditor',
  'city-admin',
]
let t: TestApp
let city: Official
let id: string
let reportId: string
const rating = () => ({ evaluationId: id, organizationId: 'lm-dh-gaj', regionCode: '990101000000' })
const retaliation = () => t.services.supervision.retaliation
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  id = await aCase(t)
  await retaliation().report(rating(), { statement: WORDS, contact: '晚上可以打电话' })
  await t.settle()
  reportId = (await retaliation().list(city, undefined, 1, 20)).items[0]!.reportId
})
afterAll(() => t.close())

describe('P6, Q81: a report of retaliation', () => {
  it('reaches the city authority with what was said', async () => {
    expect(await retaliation().detail(city, id, reportId)).toMatchObject({
      statement: WORDS,
      contact: '晚上可以打电话',
      organizationName: '东湖区公安局',
      stateLabel: '待处理',
    })
  })

  it.each(OTHERS)('is neither shown to %s nor told of', async (username) => {
    const who = await official(t, username)
    const seen = await asStaff(t.app.db, placeOf(who), async (tx) => {
      // Even where the service is wrong and lets them in: the database knows the role.
      await hearAs(tx, who.role)
      return {
        reports: await tx.selectFrom('retaliation_report').selectAll().execute(),
        entries: await tx
          .selectFrom('journal_entry')
          .selectAll()
          .where('kind', 'like', 'supervision.retaliation%')
          .execute(),
        texts: await tx
          .selectFrom('entry_text as t')
          .innerJoin('journal_entry as e', 'e.entry_id', 't.entry_id')
          .selectAll('t')
          .where('e.kind', 'like', '%retaliation%')
          .execute(),
        all: (await tx.selectFrom('entry_text').selectAll().execute()).filter((row) =>
          JSON.stringify(row.content).includes('statement'),
        ),
      }
    })
    expect(seen).toEqual({ reports: [], entries: [], texts: [], all: [] })
    const browser = await signIn(t, username)
    expect((await browser.get('/api/v1/retaliation-reports')).statusCode).toBe(403)
    if (!who.permissions.includes('journal.read')) return
    expect((await browser.get('/api/v1/journal?pageSize=100')).body).not.toContain('retaliation')
  })

  it('is in the inbox of the city authority at once, and in nobody else’s; it says nothing of who or where', async () => {
    const { rows } = await t.asOwner(
      `select a.username, i.* from inbox_item i join account a using (account_id) where i.template = 'inbox_retaliation'`,
    )
    expect(rows).toMatchObject([
      { username: 'city', title: '收到打击报复反映', path: '/retaliation-reports', urgent: true },
    ])
    expect(rows[0].organization_path, 'not within the place of organisation or district').toBe('/lm/')
    const line = JSON.stringify(rows)
    for (const secret of [id, '东湖', '身份证补领', 'lm-dh', '撤回评价', '晚上'])
      expect(line).not.toContain(secret)
    for (const username of OTHERS) {
      const inbox = await (await signIn(t, username)).get('/api/v1/inbox?pageSize=100')
      expect(inbox.body, username).not.toContain('打击报复')
    }
    const seen = await (await signIn(t, 'city')).get('/api/v1/inbox')
    expect(seen.json().items[0]).toMatchObject({ title: '收到打击报复反映', urgent: true })
  })

  it('by e-mail says only that there is something, under the name of no rating', async () => {
    await t.services.notifications.inbox.setEmail(city, 'city@example.gov.cn')
    t.clock.forward(60_000)
    const other = await aCase(t)
    await retaliation().report({ ...rating(), evaluationId: other }, { statement: '被人威胁' })
    await t.settle()
    const { rows } = await t.asOwner(`select * from outbound_message where account_id = $1`, [city.accountId])
    expect(rows).toMatchObject([
      { title: '您有一条需要处理的消息', organization_path: '/lm/', region_code: '', status: 'queued' },
    ])
    const entries = await t.asOwner(
      `select subject_id, payload from journal_entry where kind like 'notice.%'`,
    )
    for (const told of [...rows, ...entries.rows]) {
      expect(JSON.stringify(told)).not.toContain(other)
      expect(JSON.stringify(told)).not.toMatch(/报复|反映|lm-dh|retaliation/)
    }
    const list = async (who: Username) =>
      (await (await signIn(t, who)).get('/api/v1/messages?pageSize=100')).json<{
        items: { title: string }[]
      }>()
    const notices = async (who: Username) =>
      (await list(who)).items.filter(({ title }) => title === rows[0].title)
    expect(await notices('admin-dh')).toEqual([])
    expect(await notices('city-admin')).toHaveLength(1)
    const auditor = await signIn(t, 'auditor-dh')
    expect((await auditor.get('/api/v1/journal?kind=notice.queued')).json()).toMatchObject({ items: [] })
    await t.services.notifications.inbox.setEmail(city, '')
  })

  it('lies sealed in the database: who reads the tables reads nothing', async () => {
    const { rows } = await t.asOwner(`select content::text from entry_text where subject_id = $1`, [id])
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.some((row) => row.content.includes('撤回评价') || row.content.includes('晚上'))).toBe(false)
  })

  it('does not show in the history of the case', async () => {
    const detail = await t.services.rectification.detail(await official(t, 'head-dh'), id)
    expect(JSON.stringify(detail)).not.toContain('retaliation')
    expect(JSON.stringify(await t.services.supervision.ofCase(city, id))).not.toContain('retaliation')
  })

  it('sent twice is one, and there is an end to it', async () => {
    await retaliation().report(rating(), { statement: WORDS })
    expect((await retaliation().list(city, undefined, 1, 20)).total).toBe(2)
    t.clock.forward(60_000)
    for (let i = 2; i <= 5; i++) await retaliation().report(rating(), { statement: `又来了 ${i}` })
    await expect(retaliation().report(rating(), { statement: '又来了 6' })).rejects.toMatchObject({
      code: 'too-many-reports',
    })
    await expect(retaliation().report(rating(), { statement: ' ' })).rejects.toMatchObject({
      field: 'statement',
    })
    await expect(retaliation().report(rating(), { statement: '长'.repeat(1001) })).rejects.toMatchObject({
      detail: '发生了什么：最多 1000 字，现有 1001 字。',
    })
  })

  it('is answered once, and the citizen reads the answer', async () => {
    const answer = { version: 1, outcome: 'confirmed' as const, answer: '已对当事人作出处理。' }
    await retaliation().answer(city, id, reportId, answer)
    await expect(retaliation().answer(city, id, reportId, answer)).rejects.toMatchObject({
      code: 'already-answered',
    })
    expect((await retaliation().citizenView(id))[0]).toMatchObject({
      outcomeLabel: '情况属实，已处理',
      answer: '已对当事人作出处理。',
    })
    expect((await retaliation().list(city, 'reported', 1, 20)).total).toBe(5)
  })

  it('R24: one that was put away is found', async () => {
    await t.settle()
    const found = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await found()).toEqual([])
    await t.asOwner(`update retaliation_report set outcome = 'not_confirmed' where report_id = $1`, [
      reportId,
    ])
    expect(await found()).toMatchObject([{ what: expect.stringContaining('outcome') }])
    await t.asOwner(`delete from retaliation_report where report_id = $1`, [reportId])
    expect(await found()).toMatchObject([{ what: expect.stringContaining('deleted') }])
  })
})

describe('P6: whoever is at the city authority and was rated in what is reported', () => {
  /** What a report is about, each told to nobody it may be about. */
  const subjects: Record<string, () => Promise<string>> = {
    'a rating without a case': async () => (await rate(t, { level: 4 })).evaluationId,
    'a bad rating': () => aCase(t),
    'a complaint': async () => (await complain(t, { staffNumber: DONGHU.staff })).id,
    'the rating of another in the same affair': async () => {
      const visit = { affairNumber: anAffairNumber(), servedAt: t.clock.now.toISOString() }
      await rate(t, { level: 4 }, visit)
      return (await rate(t, { level: 1 }, { ...visit, visitNumber: 2, staffNumber: DONGHU.colleague }))
        .evaluationId
    },
  }
  let meant: Official
  beforeAll(async () => {
    meant = await oneMore(t, 'meant', {
      role: 'city_authority',
      organizationId: 'lm',
      staffNumber: DONGHU.staff,
    })
  })
  const noticesOf = async (by: Official) =>
    (
      await t.asOwner(`select 1 from inbox_item where account_id = $1 and template = 'inbox_retaliation'`, [
        by.accountId,
      ])
    ).rowCount ?? 0

  it.each(Object.entries(subjects))('is neither told of it nor shown it: %s', async (_, make) => {
    t.clock.forward(1_000)
    const subject = await make()
    await t.settle()
    const before = await noticesOf(city)
    const { total } = await retaliation().list(city, undefined, 1, 100)
    await retaliation().report({ ...rating(), evaluationId: subject }, { statement: '被人威胁' })
    await t.settle()
    expect(await noticesOf(city)).toBe(before + 1)
    expect(await noticesOf(meant)).toBe(0)
    const shown = await retaliation().list(city, undefined, 1, 100)
    expect(shown.total).toBe(total + 1)
    const found = shown.items.find((item) => item.id === subject)!
    const { items } = await retaliation().list(meant, undefined, 1, 100)
    expect(items.map((item) => item.id)).not.toContain(subject)
    await expect(retaliation().detail(meant, subject, found.reportId)).rejects.toMatchObject({ status: 404 })
  })

  it('is told of what is about somebody else', async () => {
    const other = await aCase(t, {}, at(XILING))
    await retaliation().report({ ...rating(), evaluationId: other }, { statement: '被人威胁' })
    await t.settle()
    expect(await noticesOf(meant)).toBe(1)
    const { items } = await retaliation().list(meant, undefined, 1, 100)
    expect(items.map((item) => item.id)).toEqual([other])
  })
})
