import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  const admin = await official(t, 'city-admin')
  const { templates } = t.services.notifications
  const words = { title: '', carrierCode: 'SMS_1' }
  await templates.save(admin, 'case_reply', 'sms', { ...words, version: 0, body: '{item}有了答复：{link}' })
  t.clock.forward(1_000)
  await templates.save(admin, 'case_reply', 'sms', { ...words, version: 1, body: '{item}已答复：{link}' })
  await templates.save(admin, 'appeal_filed', 'email', {
    ...{ version: 0, title: '有人申诉', carrierCode: '' },
    body: '请看：{link}',
  })
  await t.settle()
  await t.asOwner('create table kept as table message_template')
})
afterAll(() => t.close())
beforeEach(() =>
  t.asOwner('begin; delete from message_template; insert into message_template table kept; commit'),
)
const findings = async () =>
  (await verifyLedger(t.app, t.services.rowChecks)).findings.filter(({ where }) => where.startsWith('words'))

describe('R24, R16: the words of messages', () => {
  it('as they were written through the program, all is well', async () => {
    expect(await findings()).toEqual([])
  })

  it.each([
    ['the words', `body = '请到 http://evil.example 查看{link}'`],
    ['the title', `title = 'x'`],
    ['the template number of the carrier', `carrier_code = 'SMS_2'`],
    ['who wrote them', `changed_by = 'system'`],
    ['when, by less than a thousandth of a second', `changed_at = changed_at + interval '10 microseconds'`],
  ])('%s changed behind the program are found', async (_what, change) => {
    await t.asOwner(`update message_template set ${change} where key = 'case_reply' and version = 2`)
    expect(await findings()).toEqual([
      { where: 'words 2 of case_reply by sms', what: 'do not agree with the journal: they were changed' },
    ])
  })

  it('a version that nobody wrote is found, and one that was taken away', async () => {
    await t.asOwner(`insert into message_template (key, medium, version, body, changed_by, changed_at)
      values ('case_reply', 'sms', 3, '{link}', 'system', now())`)
    await t.asOwner(`delete from message_template where key = 'appeal_filed'`)
    expect(await findings()).toEqual([
      { where: 'words 1 of appeal_filed by email', what: 'are in the journal but their row was deleted' },
      {
        where: 'words 3 of case_reply by sms',
        what: 'are not in the journal: nobody wrote them through the program',
      },
    ])
  })
})
