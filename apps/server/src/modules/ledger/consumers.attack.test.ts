import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import { verifyLedger } from './verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  await rate(t)
  await t.settle()
})
afterAll(() => t.close())
const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings

describe('an attacker who moves the cursor of a consumer on', () => {
  const pass = (consumer: string) =>
    t.asOwner(
      `update consumer_cursor set position = (select max(position) + 1 from ledger_leaf) where consumer = $1`,
      [consumer],
    )

  it('spares an organisation the case of a negative rating, and is found', async () => {
    const { evaluationId } = await rate(t, { level: 5, hallLevel: 1 })
    await t.services.ledger.seal()
    await pass('rectification')
    await t.settle()
    expect(await findings()).toContainEqual({
      where: `evaluation ${evaluationId}`,
      what: 'is negative and was passed over: it has no case',
    })
    await t.asOwner(`update consumer_cursor set position = 0 where consumer = 'rectification'`)
    await t.settle()
    expect(await findings()).toEqual([])
  })

  it('keeps a reply from the citizen, and is found', async () => {
    const handler = await official(t, 'handler-dh')
    const id = await aCase(t)
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, id, 'explained', { explanation: '说明' })
    await act(t, handler, id, 'reply', { reply: '说明如下。' })
    await t.services.ledger.seal()
    await pass('notifications')
    await t.settle()
    expect(await findings()).toContainEqual({
      where: `reply to ${id}`,
      what: 'was passed over: no message tells of it',
    })
  })
})

describe('an attacker who betters what is published', () => {
  const closed = async () => {
    const handler = await official(t, 'handler-dh')
    const id = await aCase(t)
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, id, 'explained', { explanation: '说明' })
    await act(t, handler, id, 'reply', { reply: '说明如下。' })
    await t.services.rectification.answerSurvey(id, { answer: 'satisfied' })
    await t.settle()
  }
  beforeAll(async () => {
    await t.asOwner(`update consumer_cursor set position = 0 where consumer = 'notifications'`)
    await closed()
    await t.asOwner('create table kept_figures as table statistic_daily')
    await t.asOwner('create table kept_cases as table publication_case')
  })
  const putBack = () =>
    t.asOwner(`begin; delete from statistic_daily; insert into statistic_daily table kept_figures;
      delete from publication_case; insert into publication_case table kept_cases; commit`)

  it.each([
    ['more good ratings', 'update statistic_daily set level_5 = level_5 + 100', /level_5 is 10\d/],
    ['no bad ones', 'update statistic_daily set level_1 = 0', /level_1 is 0, the journal has/],
    ['a day less', 'delete from statistic_daily', /their row was deleted/],
    [
      'another clerk’s window',
      `update statistic_daily set staff_number = 'dh-s2'`,
      /it was changed|was deleted/,
    ],
    ['a case less', 'delete from publication_case', /its record was deleted/],
    ['a better ending', `update publication_case set outcome = 'no_answer'`, /does not agree/],
    ['other dates', `update publication_case set opened_at = opened_at + interval '1 day'`, /does not agree/],
    [
      'a case that never was',
      `insert into publication_case select (jsonb_populate_record(p, '{"case_number":"CP1"}')).* from publication_case p limit 1`,
      /made up/,
    ],
  ])('with %s is found', async (_what, attack, words) => {
    expect(await findings()).toEqual([])
    await t.asOwner(attack)
    expect((await findings())[0]?.what).toMatch(words)
    await putBack()
  })

  it('but figures that have yet to follow the ledger are not taken for wrong', async () => {
    await rate(t, { level: 1 })
    await t.services.ledger.seal()
    expect(await findings()).toEqual([])
  })
})
