import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inboxOf } from '../../../../../tests/support/alarms.ts'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, PASSWORD, testCity, type Username } from '../../../../../tests/support/longming.ts'
import { startMailServer } from '../../../../../tests/support/mail.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { appendEntry, type NewEntry } from '../ledger/journal.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { smtpCarrier } from './carriers/smtp.ts'
import { makeNotificationsService } from './notifications.service.ts'
import { messageCheck, wishCheck } from './notifications.verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  // Two more at the desk: a head who was rated once, and a second handler of the neighbouring district.
  await t.services.identity.createAccount('system', {
    username: 'rated-handler',
    displayName: '被评价人',
    role: 'handler',
    organizationId: DONGHU.department,
    staffNumber: DONGHU.staff,
    password: PASSWORD,
    demo: true,
  })
})
afterAll(() => t.close())

/** Who has a notice of a matter, by template, the newest matter only. */
async function told(subjectId: string): Promise<Record<string, string[]>> {
  const by: Record<string, string[]> = {}
  for (const { template, username } of await inboxOf(t, subjectId))
    by[template] = [...(by[template] ?? []), username].sort()
  return by
}
/** An entry as another room would write it. */
async function happens(id: string, kind: string, payload: NewEntry['payload'] = {}, actor = 'system') {
  t.clock.forward(1_000)
  await t.app.db.system
    .transaction()
    .execute((tx) => appendEntry(tx, { subjectId: id, kind, actor, at: t.clock.now, payload }))
  await t.settle()
}
const facts = {
  organizationId: DONGHU.department,
  organizationPath: '/lm/lm-dh/lm-dh-gaj/',
  regionCode: DONGHU.region,
  itemCode: DONGHU.item,
  staffNumber: DONGHU.staff,
  caseNumber: 'CP20261124-AAAAAAAA',
  verifierId: null,
}
let matters = 0
const aMatter = () => `00000000-0000-8000-8000-${String(++matters).padStart(12, '0')}`

describe('officials are told in the console', () => {
  it('R14: the handlers of the lead organisation of a new case, never the one who was rated', async () => {
    const id = await aCase(t)
    expect(await told(id)).toEqual({ inbox_opened: ['handler-dh'] })
    const inbox = (await (await signIn(t, 'handler-dh')).get('/api/v1/inbox')).json()
    expect(inbox.items[0]).toMatchObject({
      title: '新的差评件：身份证补领',
      body: expect.stringMatching(/^CP\d{8}-\w{8} 已转到东湖区公安局，请按时签收/),
      path: `/cases/${id}`,
      readAt: null,
    })
  })

  it.each([
    ['case.warned', { clock: 'sign', mark: 80 }, { inbox_warned: ['handler-dh'] }],
    ['case.warned', { clock: 'extension', mark: 80 }, { inbox_warned: ['district-dh'] }],
    ['case.warned', { clock: 'confirm', mark: 80 }, { inbox_warned: ['district-dh'] }],
    ['case.warned', { clock: 'resurvey', mark: 80 }, {}],
    ['case.escalated', { clock: 'fix', mark: 'city', to: 'lm' }, { inbox_escalated: ['city'] }],
    ['case.escalated', { clock: 'sign', mark: '100' }, { inbox_escalated: ['head-dh'] }],
    ['case.escalated', { clock: 'sign', mark: 'district' }, { inbox_escalated: ['district-dh'] }],
    ['case.escalated', { clock: 'sign', mark: 'city' }, { inbox_escalated: ['city'] }],
    ['case.propose_transfer', {}, { inbox_transfer: ['district-dh'] }],
    ['case.request_extension', {}, { inbox_extension: ['district-dh'] }],
    ['case.approve_extension', { round: 1, promisedOn: '2026-12-10' }, { inbox_decided: ['handler-dh'] }],
    ['case.propose_rejection', {}, { inbox_rejection: ['district-dh'] }],
    ['case.answer_unsolved', {}, { inbox_to_review: ['district-dh'] }],
    ['case.reopen_by_inspection', {}, { inbox_to_review: ['district-dh', 'head-dh'] }],
    ['case.direct_again', {}, { inbox_again: ['handler-dh', 'head-dh'] }],
    [
      'case.direct_again',
      { formerOrganizationId: 'lm-xl-gaj' },
      { inbox_again: ['handler-dh', 'head-dh'], inbox_moved: ['handler-xl', 'head-xl'] },
    ],
    ['case.add_co_handler', { organization: 'lm-xl-gaj' }, { inbox_co_handler: ['handler-xl'] }],
    ['case.remove_co_handler', { organization: 'lm-xl-gaj' }, { inbox_co_removed: ['handler-xl'] }],
    ['case.co_report', { reportedFor: 'lm-xl-gaj' }, { inbox_co_reported: ['handler-dh'] }],
    ['supervision.ordered', {}, { inbox_ordered: ['handler-dh', 'head-dh'] }],
    ['supervision.returned', {}, { inbox_order_settled: ['handler-dh', 'head-dh'] }],
    ['supervision.ordered', { organizationPath: '/lm/lm-dh/lm-dh-zsj/' }, {}],
    [
      'supervision.ordered',
      { organizationPath: '/lm/lm-dh/lm-dh-gaj/lm-dh-pcs/' },
      { inbox_ordered: ['handler-dh', 'head-dh'] },
    ],
    ['supervision.warned', { mark: 80 }, { inbox_warned: ['handler-dh', 'head-dh'] }],
    [
      'supervision.escalated',
      { mark: 100, issuerPath: '/lm/' },
      { inbox_escalated: ['city', 'district-dh', 'handler-dh', 'head-dh'] },
    ],
    ['appeal.warned', { mark: 50, firstInstance: 'district' }, { inbox_warned: ['district-dh'] }],
    ['appeal.warned', { mark: 50, firstInstance: 'city' }, { inbox_warned: ['city'] }],
    [
      'appeal.escalated',
      { mark: 100, firstInstance: 'district' },
      { inbox_escalated: ['city', 'district-dh'] },
    ],
    ['supervision.answered', {}, { inbox_order_answered: ['district-dh'] }],
    ['supervision.answered', { issuerPath: '/lm/' }, { inbox_order_answered: ['city'] }],
    ['appeal.filed', {}, { inbox_appeal_filed: ['district-dh'] }],
    ['appeal.filed', { firstInstance: 'city' }, { inbox_appeal_filed: ['city'] }],
    ['appeal.reexamination_filed', { stage: 'reexamination' }, { inbox_appeal_filed: ['city'] }],
    [
      'appeal.decided',
      { outcome: 'upheld' },
      { inbox_appeal_decided: ['handler-dh', 'head-dh', 'rated-handler', 'window-dh'] },
    ],
    ['case.record_contact', {}, {}],
    ['something.new', {}, {}],
  ])('%s %j is for %j', async (kind, more, expected) => {
    const id = aMatter()
    await happens(id, kind, { ...facts, ...more })
    expect(await told(id)).toEqual(expected)
  })

  it('a department of the city has the city above it', async () => {
    const id = aMatter()
    await happens(id, 'case.request_extension', {
      ...facts,
      organizationId: 'lm-gaj',
      organizationPath: '/lm/lm-gaj/',
    })
    expect(await told(id)).toEqual({ inbox_extension: ['city'] })
  })

  it('nobody is told of what they did themselves, and nobody twice', async () => {
    const id = aMatter()
    const head = await official(t, 'head-dh')
    await happens(id, 'case.direct_again', facts, `account:${head.accountId}`)
    expect(await told(id)).toEqual({ inbox_again: ['handler-dh'] })
    await t.asOwner(`update consumer_cursor set position = 0 where consumer = 'inbox'`)
    await t.settle()
    expect(await told(id)).toEqual({ inbox_again: ['handler-dh'] })
  })

  it('an order that names only its case is understood by the case', async () => {
    const id = await aCase(t)
    await happens(id, 'supervision.ordered', { orderId: 'x' })
    expect(await told(id)).toMatchObject({ inbox_ordered: ['handler-dh', 'head-dh'] })
  })

  it('what is told names the clock and how far it has run', async () => {
    const id = aMatter()
    await happens(id, 'case.warned', { ...facts, clock: 'sign', mark: 50 })
    const { rows } = await t.asOwner('select title from inbox_item where path = $1', [`/cases/${id}`])
    expect(rows).toMatchObject([{ title: expect.stringMatching(/^签收期限已到50%：身份证补领$/) }])
  })

  it.each([
    ['supervision.warned', 'order_answer', '督办答复期限已到80%：身份证补领'],
    ['appeal.warned', 'appeal_decision', '申诉处理期限已到80%：身份证补领'],
    ['appeal.warned', 'reexamination', '申诉复核期限已到80%：身份证补领'],
  ])('%s names the clock of %s', async (kind, policyKey, title) => {
    const id = aMatter()
    await happens(id, kind, { ...facts, clock: { policyKey }, mark: 80 })
    const { rows } = await t.asOwner('select distinct title from inbox_item where path like $1', [`%${id}`])
    expect(rows).toEqual([{ title }])
  })
})

describe('one’s own inbox', () => {
  const unread = async (who: Username) =>
    (await (await signIn(t, who)).get('/api/v1/inbox/unread')).json().unread as number

  it('is counted, read one by one or all at once, and nobody else’s', async () => {
    await aCase(t)
    await aCase(t)
    const mine = await signIn(t, 'handler-dh')
    const before = await unread('handler-dh')
    expect(before).toBeGreaterThanOrEqual(2)
    const { items } = (await mine.get('/api/v1/inbox?unread=true&pageSize=1')).json()
    const url = `/api/v1/inbox/${items[0].itemId}/read`
    expect((await (await signIn(t, 'head-dh')).post(url, {})).statusCode).toBe(404)
    expect((await mine.post(url, {})).json()).toEqual({ unread: before - 1 })
    expect((await mine.post(url, {})).json()).toEqual({ unread: before - 1 })
    expect((await mine.post('/api/v1/inbox/read-all', {})).json()).toEqual({ unread: 0 })
    expect(await unread('handler-dh')).toBe(0)
    expect((await mine.get('/api/v1/inbox?unread=true')).json()).toMatchObject({ items: [], total: 0 })
    expect((await mine.get('/api/v1/inbox')).json().items.length).toBeGreaterThan(1)
  })

  it('asked for by the screen alone, it keeps no session alive', async () => {
    const mine = await signIn(t, 'city')
    t.clock.forward(20 * 60_000)
    expect((await mine.get('/api/v1/inbox/unread')).statusCode).toBe(200)
    t.clock.forward(11 * 60_000)
    expect((await mine.get('/api/v1/inbox/unread')).statusCode).toBe(401)
    const other = await signIn(t, 'city')
    t.clock.forward(20 * 60_000)
    await other.get('/api/v1/inbox')
    t.clock.forward(11 * 60_000)
    expect((await other.get('/api/v1/inbox/unread')).statusCode).toBe(200)
  })

  it('also by e-mail, for who wants it, once, by a real mail server that first is not there', async () => {
    const server = await startMailServer()
    try {
      const room = makeNotificationsService(t.app, {
        ...t.services,
        carriers: {
          email: smtpCarrier({ url: server.url, password: 'mail-geheim', from: 'hcp@example.gov.cn' }),
        },
        chance: () => 0,
      })
      const mine = await signIn(t, 'head-dh')
      expect((await mine.request('PUT', '/api/v1/inbox/email', { payload: { email: 'x' } })).statusCode).toBe(
        400,
      )
      await mine.request('PUT', '/api/v1/inbox/email', { payload: { email: 'head@example.gov.cn' } })
      expect((await mine.get('/api/v1/inbox')).json()).toMatchObject({ email: 'head@example.gov.cn' })
      const id = aMatter()
      server.be({ refuse: { at: 'connect', code: 421 } })
      await happens(id, 'case.direct_again', facts)
      await room.deliver()
      const message = async () =>
        (await t.asOwner('select * from outbound_message where evaluation_id = $1', [id])).rows[0]
      expect(await message()).toMatchObject({
        status: 'failed',
        template: 'official_notice',
        recipient: 'h***@example.gov.cn',
      })
      server.be({})
      t.clock.forward(40_000)
      await room.deliver()
      await room.deliver()
      expect(server.mails.map((mail) => mail.to)).toEqual([['head@example.gov.cn']])
      const text = Buffer.from(server.mails[0]!.content.split('\r\n\r\n')[1] ?? '', 'base64').toString()
      expect(text).toContain(`${t.app.config.publicUrl}/console/cases/${id}`)
      expect(await message()).toMatchObject({ status: 'sent' })
      const { rows } = await t.asOwner(
        `select kind from journal_entry where subject_id = $1 and kind like 'notice.%' order by recorded_at`,
        [id],
      )
      expect(rows.map((row) => row.kind)).toEqual(['notice.queued', 'notice.sent'])
      await t.settle()
      // The entries that the test wrote in other rooms' names have no rows there.
      const { findings } = await verifyLedger(t.app, [messageCheck, wishCheck])
      expect(findings).toEqual([])
      await mine.request('PUT', '/api/v1/inbox/email', { payload: { email: '' } })
      await happens(aMatter(), 'case.direct_again', facts)
      await room.deliver()
      expect(server.mails).toHaveLength(1)
    } finally {
      await server.close()
    }
  })

  it('says nothing of who rated', async () => {
    const id = await aCase(t, { realName: true, phone: '13412345678', words: '只有我知道的话' })
    await act(t, await official(t, 'handler-dh'), id, 'sign', {
      verifier: (await official(t, 'handler-dh')).accountId,
    })
    await t.settle()
    const { rows } = await t.asOwner('select row_to_json(x)::text as line from inbox_item x')
    for (const { line } of rows) {
      expect(line).not.toContain('13412345678')
      expect(line).not.toContain('只有我知道的话')
    }
  })
})
