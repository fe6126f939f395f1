import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, PASSWORD, testCity, type Username, XILING } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

// Whoever lost a case by a transfer is told where it went; to anybody else there is no such case.

const HELPER = 'lm-dh-zsj'
let t: TestApp
let handler: Official
let neighbour: Official
let city: Official
const accounts = new Map<string, string>()

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  neighbour = await official(t, 'handler-xl')
  city = await official(t, 'city')
  for (const account of [
    { username: 'beside', organizationId: HELPER },
    { username: 'rated', organizationId: DONGHU.department, staffNumber: DONGHU.staff },
  ])
    await t.services.identity.createAccount('system', {
      ...account,
      displayName: account.username,
      role: 'handler',
      password: PASSWORD,
      demo: true,
    })
  for (const row of (await t.asOwner('select username, account_id from account')).rows)
    accounts.set(row.account_id, row.username)
})
afterAll(() => t.close())

const answer = async (who: string, id: string) =>
  (await signIn(t, who as Username)).get(`/api/v1/cases/${id}`)
async function moved(id: string, by: Official, organization: string) {
  await act(t, by, id, 'propose_transfer', { organization, reason: '不归我单位' })
  t.clock.forward(60_000)
  await act(t, city, id, 'accept_transfer', { note: '同意' })
  await t.settle()
}
const told = async (id: string, template: string) =>
  (
    await t.asOwner('select account_id, title, body from inbox_item where path = $1 and template = $2', [
      `/cases/${id}`,
      template,
    ])
  ).rows.map((row) => ({ who: accounts.get(row.account_id), title: row.title, body: row.body }))

describe('a case that was transferred', () => {
  it('Q62: whoever had it is told where it went, and reads so at its address; anybody else finds no case', async () => {
    const id = await aCase(t)
    await moved(id, handler, XILING.department)
    const notices = await told(id, 'inbox_moved')
    expect(notices.map(({ who }) => who).toSorted(), 'never whoever was rated').toEqual([
      'handler-dh',
      'head-dh',
    ])
    expect(notices[0]).toMatchObject({
      title: '已改派：身份证补领',
      body: expect.stringMatching(/改由西岭区公安局办理，您的单位不再办理/),
    })
    expect((await told(id, 'inbox_opened')).map(({ who }) => who)).toContain('handler-xl')
    for (const who of ['handler-dh', 'head-dh', 'district-dh', 'auditor-dh', 'rated']) {
      const lost = await answer(who, id)
      expect([lost.statusCode, lost.json().code], who).toEqual([403, 'case-transferred'])
      expect(lost.json().detail).toMatch(
        /^这个差评件已于 \d{4}-\d\d-\d\d 由东湖区公安局改派给西岭区公安局办理/,
      )
      expect(lost.json().detail, 'the day, not the moment').not.toMatch(/\d\d:\d\d/)
    }
    const none = (await answer('beside', randomUUID())).json()
    for (const who of ['beside', 'handler-xl'] as const) {
      const { statusCode } = await answer(who, id)
      expect(statusCode, who).toBe(who === 'beside' ? 404 : 200)
    }
    expect((await answer('beside', id)).json()).toEqual(none)
    const late = await (await signIn(t, 'handler-dh')).post(`/api/v1/cases/${id}/events/sign`, {
      version: 1,
      values: { verifier: handler.accountId },
    })
    expect([late.statusCode, late.json().code], 'also from a page left open').toEqual([
      403,
      'case-transferred',
    ])
  })

  it('Q62: each former organisation reads whom it went to from there', async () => {
    const id = await aCase(t)
    await moved(id, handler, XILING.department)
    await moved(id, neighbour, HELPER)
    expect((await answer('handler-dh', id)).json().detail).toContain('由东湖区公安局改派给西岭区公安局办理')
    expect((await answer('handler-xl', id)).json().detail).toContain(
      '由西岭区公安局改派给东湖区政务服务局办理',
    )
    expect((await answer('district-dh', id)).statusCode, 'it is in the district again').toBe(200)
    expect((await answer('beside', id)).statusCode).toBe(200)
    expect((await told(id, 'inbox_moved')).map(({ who }) => who).toSorted()).toEqual([
      'handler-dh',
      'handler-xl',
      'head-dh',
      'head-xl',
    ])
  })

  it('R17: one that is given to another after it began again is told of too; one that stays is not', async () => {
    for (const [to, expected] of [
      [{ organization: XILING.department }, ['handler-dh', 'head-dh']],
      [{}, []],
    ] as const) {
      const id = await aCase(t)
      await act(t, handler, id, 'sign', { verifier: handler.accountId })
      await act(t, handler, id, 'fix_now', { finding: '属实' })
      await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
      await act(t, handler, id, 'reply', { reply: '已经解决。' })
      await t.services.rectification.answerSurvey(id, { answer: 'unsolved', words: '没有' })
      await act(t, city, id, 'direct_again', { ...to, instruction: '重新办理' })
      await t.settle()
      expect((await told(id, 'inbox_moved')).map(({ who }) => who).toSorted()).toEqual(expected)
    }
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
