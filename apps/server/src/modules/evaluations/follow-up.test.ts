import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { aCitizen } from '../../../../../tests/support/page.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { FollowUpGiven } from './follow-up.schema.ts'

// 追评: one more rating after rectification. Both stay.

let t: TestApp
let handler: Official
const DAY = 86_400_000
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())

const tokenOf = (id: string) => t.services.invitations.receiptToken(id)
const given = (over: Partial<FollowUpGiven> = {}): FollowUpGiven => ({
  level: 4,
  optionCodes: [],
  channel: 2,
  submissionId: randomUUID(),
  ...over,
})

/** A negative rating, handled and answered. */
async function answered(): Promise<string> {
  const id = await aCase(t, { level: 1, words: '等了两个小时' })
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
  await act(t, handler, id, 'explained', { explanation: '说明' })
  await act(t, handler, id, 'reply', { reply: '情况说明如下。' })
  return id
}
async function closed(): Promise<string> {
  const id = await answered()
  await t.services.rectification.answerSurvey(id, { answer: 'satisfied' })
  return id
}
const submit = (id: string, over?: Partial<FollowUpGiven>) =>
  t.services.followUps.submit(tokenOf(id), given(over))
const entries = async (id: string) =>
  (
    await t.asOwner(
      `select kind, actor, payload from journal_entry where subject_id = $1 and kind like 'evaluation.%' order by recorded_at`,
      [id],
    )
  ).rows as { kind: string; actor: string; payload: Record<string, unknown> }[]

describe('a follow-up rating (追评)', () => {
  it('Q70: stands beside the first, which keeps its level, its options and its words', async () => {
    const id = await closed()
    const before = await t.services.evaluations.receiptView(tokenOf(id))
    await submit(id, { level: 5, optionCodes: ['510'], words: '这次很快' })
    await t.settle()
    const after = await t.services.evaluations.receiptView(tokenOf(id))
    expect({ ...after, position: 0 }).toEqual({ ...before, position: 0 })
    const state = await t.services.followUps.stateOf(id, after.regionCode)
    expect(state).toMatchObject({
      status: 'given',
      followUp: { level: 5, words: '这次很快', options: [{ code: '510' }] },
    })
    expect((await entries(id)).map((entry) => [entry.kind, entry.actor, entry.payload.level])).toEqual([
      ['evaluation.submitted', 'citizen', 1],
      ['evaluation.followed_up', 'citizen', 5],
    ])
    const seen = await t.services.views.detail(handler, id)
    expect(seen).toMatchObject({ level: 1, followUp: { level: 5, levelLabel: '非常满意' } })
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })

  it('Q70: opens with the reply and not before', async () => {
    const id = await aCase(t)
    await expect(submit(id)).rejects.toMatchObject({ status: 409, code: 'follow-up-early' })
    const replied = await answered()
    expect(await submit(replied)).toMatchObject({ level: 4, created: true })
  })

  it('Q70: is open until so many days after closing as the policy says', async () => {
    const id = await closed()
    const closedAt = t.clock.now
    const state = await t.services.followUps.stateOf(id, '990101000000')
    expect(state).toEqual({ status: 'open', until: new Date(closedAt.getTime() + 30 * DAY) })
    t.clock.now = new Date(closedAt.getTime() + 30 * DAY)
    await expect(submit(id)).rejects.toMatchObject({ status: 410, code: 'follow-up-over' })
    t.clock.now = new Date(closedAt.getTime() + 30 * DAY - 1)
    expect(await submit(id)).toMatchObject({ created: true })
    t.clock.now = closedAt
  })

  it('Q70: is given once: the same sent again counts once, another is refused', async () => {
    const id = await closed()
    const one = given({ level: 3 })
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, () => t.services.followUps.submit(tokenOf(id), one)),
    )
    expect(all.map((one) => one.status)).toEqual(Array(6).fill('fulfilled'))
    expect(all.filter((one) => one.status === 'fulfilled' && one.value.created)).toHaveLength(1)
    await expect(submit(id, { level: 1 })).rejects.toMatchObject({ status: 409, code: 'follow-up-given' })
    expect(await entries(id)).toHaveLength(2)
  })

  it('refuses options of another level, and a link that is not one', async () => {
    const id = await closed()
    await expect(submit(id, { level: 5, optionCodes: ['108'] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(t.services.followUps.submit('A'.repeat(43), given())).rejects.toMatchObject({ status: 404 })
  })

  it('is counted apart and moves no rate', async () => {
    const id = await closed()
    await t.settle()
    const city = await official(t, 'city')
    const before = await t.services.statistics.dashboard(city, {})
    await submit(id, { level: 5 })
    await t.settle()
    const after = await t.services.statistics.dashboard(city, {})
    expect(after.levels).toEqual(before.levels)
    expect(after.followUps).toEqual({
      given: before.followUps.given + 1,
      positive: before.followUps.positive + 1,
    })
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })

  it('stands beside the first in the published case, also when it comes after closing', async () => {
    const id = await closed()
    await t.settle()
    const { caseNumber } = await t.services.rectification.detail(handler, id)
    expect((await t.services.publication.caseByNumber(caseNumber)).followUp).toBeNull()
    await submit(id, { level: 4 })
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
    await t.settle()
    expect(await t.services.publication.caseByNumber(caseNumber)).toMatchObject({
      level: 1,
      followUp: { level: 4 },
    })
    expect((await aCitizen(t).open(`/cases/${caseNumber}`)).body).toContain('整改后追评')
  })
})

describe('verification of follow-ups', () => {
  it('R26: finds every column that was changed, and a row that was deleted', async () => {
    const id = await closed()
    await submit(id, { level: 4, hallLevel: 3, words: '还可以' })
    await t.settle()
    const change: Record<string, string> = {
      submission_id: 'gen_random_uuid()',
      level: '5',
      hall_level: 'null',
      option_version: "'1'",
      option_codes: "array['510']",
      has_words: 'false',
      channel: '1',
      submitted_at: "submitted_at + interval '1 microsecond'",
      entry_id: 'gen_random_uuid()',
      digest: "'\\x00'",
    }
    const { rows } = await t.asOwner(
      "select column_name from information_schema.columns where table_name = 'follow_up' and column_name <> 'evaluation_id'",
    )
    expect(Object.keys(change).sort()).toEqual(rows.map((row) => row.column_name).sort())
    const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    for (const [column, value] of Object.entries(change)) {
      await t.asOwner(`create table kept as select * from follow_up where evaluation_id = '${id}'`)
      await t.asOwner(`update follow_up set ${column} = ${value} where evaluation_id = $1`, [id])
      expect(await findings(), column).not.toEqual([])
      await t.asOwner('delete from follow_up where evaluation_id = $1', [id])
      expect(await findings(), 'deleted').not.toEqual([])
      await t.asOwner('insert into follow_up select * from kept')
      await t.asOwner('drop table kept')
    }
    expect(await findings()).toEqual([])
  })
})

describe('the page of a follow-up, without any script', () => {
  it('is offered on the progress page, keeps what was entered after an error, and is shown there when sent', async () => {
    const [citizen, id] = [aCitizen(t), await closed()]
    const progress = `/p/${tokenOf(id)}`
    expect((await citizen.open(progress)).body).toContain(`href="${progress}/follow-up"`)
    const form = await citizen.open(`${progress}/follow-up`)
    expect(form.statusCode).toBe(200)
    expect(form.body).toContain('现在您觉得怎么样？')
    const empty = await citizen.send(`${progress}/follow-up`, { words: '还可以' })
    expect([
      empty.statusCode,
      empty.body.includes('请选择一个满意度等级'),
      empty.body.includes('还可以'),
    ]).toEqual([422, true, true])
    const sent = await citizen.send(`${progress}/follow-up`, { level: '4', words: '还可以' })
    expect([sent.statusCode, sent.headers.location]).toEqual([303, progress])
    const shown = (await citizen.open(progress)).body
    expect(shown).toContain('您的追评')
    expect(shown).toContain('还可以')
    expect(shown).not.toContain('/follow-up')
    const again = await citizen.send(`${progress}/follow-up`, { level: '1' })
    expect([again.statusCode, again.body.includes('您已经追评过了')]).toEqual([409, true])
  })

  it('is not offered before the reply', async () => {
    const id = await aCase(t)
    expect((await aCitizen(t).open(`/p/${tokenOf(id)}`)).body).not.toContain('追评')
    expect((await aCitizen(t).open(`/p/${tokenOf(id)}/follow-up`)).statusCode).toBe(409)
  })
})
