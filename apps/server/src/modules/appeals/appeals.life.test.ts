import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import {
  actOnAppeal,
  appeal,
  appealEvidence,
  citizenAnswers,
  oneMore,
} from '../../../../../tests/support/appeals.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

const DAY = 86_400_000
let t: TestApp
let handler: Official
let window: Official
let district: Official
let city: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  window = await official(t, 'window-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
})
afterAll(() => t.close())

const verdict = (outcome: string) => ({ outcome, reason: '经核对监控和办件记录。' })
const kinds = async (id: string) =>
  (
    await t.asOwner(
      `select kind from journal_entry where subject_id = $1 and kind like 'appeal.%' order by (payload ->> 'version')::int`,
      [id],
    )
  ).rows.map((row) => row.kind)
/** Moves the clock, does something, and moves it back. */
async function later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  t.clock.forward(milliseconds)
  try {
    return await work()
  } finally {
    t.clock.forward(-milliseconds)
  }
}

describe('filing an appeal (R29, Q99)', () => {
  it('R29: the organisation files it with statement and evidence; one level up has ten working days', async () => {
    const id = await aCase(t)
    const filed = await appeal(t, handler, id)
    expect(filed).toMatchObject({
      state: 'filed',
      appellantKind: 'organization',
      claimLabel: '这是误评',
      deciderLabel: '县（市）区主管部门',
      dueAt: '2026-12-08T15:59:59.999Z',
      answerUntil: '2026-12-01T15:59:59.999Z',
      clock: { policy: { key: 'appeal_decision', value: 10, unit: 'working_day' } },
    })
    expect(filed.timeline).toMatchObject([
      {
        kind: 'appeal.filed',
        actorKind: 'appellant',
        texts: [{ label: '申诉理由' }],
        files: [{ name: '监控截图.png' }],
      },
    ])
    expect(filed.actions.map((a) => a.event)).toEqual(['supplement', 'withdraw'])
  })

  it('R29: the named staff member files their own', async () => {
    const id = await aCase(t)
    expect(await appeal(t, window, id, 'malicious')).toMatchObject({ appellantKind: 'staff' })
    const again = t.services.appeals.file(handler, id, { claim: 'partly', statement: '又来' })
    await expect(again).rejects.toMatchObject({ status: 409, code: 'appeal-running' })
  })

  it('R29: only within five working days of the rating, and whoever is late is told the date', async () => {
    const id = await aCase(t)
    expect(await t.services.appeals.filing(handler, id)).toMatchObject({
      allowed: true,
      until: '2026-12-01T15:59:59.999Z',
    })
    await later(6 * DAY, async () => {
      expect(await t.services.appeals.filing(handler, id)).toMatchObject({ allowed: true })
    })
    await later(8 * DAY, async () => {
      await expect(appeal(t, handler, id)).rejects.toMatchObject({
        status: 409,
        code: 'appeal-late',
        detail: expect.stringContaining('2026-12-01'),
      })
      expect(await t.services.appeals.filing(window, id)).toMatchObject({
        allowed: false,
        code: 'appeal-late',
      })
    })
  })

  it('P9: not without evidence, not without a word, not against what is no bad rating', async () => {
    const id = await aCase(t)
    const file = (values: Record<string, string | string[]>) => t.services.appeals.file(handler, id, values)
    await expect(file({ claim: 'mistaken', statement: '不属实' })).rejects.toMatchObject({
      status: 422,
      errors: [{ field: 'evidence' }],
    })
    await expect(file({ claim: 'partly', statement: '\u0007 ' })).rejects.toMatchObject({
      errors: [{ field: 'statement' }],
    })
    const elsewhere = await appealEvidence(t, handler, await aCase(t))
    await expect(
      file({ claim: 'mistaken', statement: '不属实', evidence: [elsewhere] }),
    ).rejects.toMatchObject({ errors: [{ field: 'evidence', message: expect.stringContaining('不属于') }] })
    const good = await rate(t, { level: 3 })
    await expect(
      t.services.appeals.file(handler, good.evaluationId, { claim: 'partly', statement: '？' }),
    ).rejects.toMatchObject({ code: 'not-negative' })
  })

  it('may be withdrawn and filed again while there is time; two at once are one', async () => {
    const id = await aCase(t)
    await appeal(t, handler, id, 'partly')
    expect(await actOnAppeal(t, handler, id, 'withdraw')).toMatchObject({ state: 'withdrawn' })
    const [first, second] = await Promise.allSettled([
      appeal(t, handler, id, 'partly'),
      appeal(t, window, id, 'partly'),
    ])
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected'])
    expect(await t.services.appeals.detail(district, id)).toMatchObject({ number: 2, state: 'filed' })
    expect(await kinds(id)).toEqual(['appeal.filed', 'appeal.filed', 'appeal.withdrawn'])
  })
})

describe('deciding an appeal (Q100)', () => {
  it('Q100: not before the citizen was heard or had the time for it', async () => {
    const id = await aCase(t)
    await appeal(t, handler, id)
    const seen = await t.services.appeals.detail(district, id)
    expect(seen.actions).toMatchObject([
      { event: 'decide', stopped: expect.stringContaining('评价人还没有说明') },
    ])
    await expect(actOnAppeal(t, district, id, 'decide', verdict('mistaken'))).rejects.toMatchObject({
      status: 422,
    })
    await citizenAnswers(t, id)
    await citizenAnswers(t, id)
    await expect(citizenAnswers(t, id, '还有一句')).rejects.toMatchObject({ code: 'appeal-answered' })
    const decided = await actOnAppeal(t, district, id, 'decide', verdict('upheld'))
    expect(decided).toMatchObject({ state: 'decided', outcomeLabel: '维持原评价', dueAt: null })
    const silent = await aCase(t)
    await appeal(t, handler, silent)
    await later(8 * DAY, async () => {
      expect(await actOnAppeal(t, district, silent, 'decide', verdict('mistaken'))).toMatchObject({
        state: 'decided',
        outcome: 'mistaken',
      })
    })
  })

  it('R29: once more by the city, for whoever lost, and then for good', async () => {
    const id = await aCase(t)
    await appeal(t, handler, id)
    await citizenAnswers(t, id)
    await actOnAppeal(t, district, id, 'decide', verdict('upheld'))
    const asked = await actOnAppeal(t, handler, id, 'request_reexamination', {
      statement: '请看第二段监控。',
    })
    expect(asked).toMatchObject({
      state: 'reexamination_filed',
      deciderLabel: '市级主管部门',
      citizenHeard: false,
      clock: { policy: { key: 'reexamination', value: 10 } },
    })
    await expect(actOnAppeal(t, district, id, 'reexamine', verdict('upheld'))).rejects.toMatchObject({
      status: 403,
      detail: expect.stringContaining('市级主管部门'),
    })
    await citizenAnswers(t, id, '第二次说明。')
    expect(await actOnAppeal(t, city, id, 'reexamine', verdict('mistaken'))).toMatchObject({
      state: 'final',
      outcome: 'mistaken',
      actions: [],
    })
    expect(await kinds(id)).toEqual([
      'appeal.filed',
      'appeal.citizen_answered',
      'appeal.decided',
      'appeal.reexamination_filed',
      'appeal.citizen_answered',
      'appeal.reexamined',
    ])
    await expect(appeal(t, window, id, 'partly')).rejects.toMatchObject({ code: 'appeal-decided' })
  })

  it('Q100: the citizen whose rating was taken out may have it re-examined', async () => {
    const id = await aCase(t)
    await appeal(t, window, id)
    await citizenAnswers(t, id)
    await actOnAppeal(t, district, id, 'decide', verdict('malicious'))
    expect(await t.services.appeals.citizenAppeal(id)).toMatchObject({
      canReexamine: true,
      canAnswer: false,
      decision: { label: '认定为恶意差评', reason: '经核对监控和办件记录。' },
    })
    await t.services.appeals.answerAppeal(id, 'request_reexamination', '我有排队小票。')
    expect(await t.services.appeals.detail(city, id)).toMatchObject({
      state: 'reexamination_filed',
      citizenHeard: true,
    })
    expect(await actOnAppeal(t, city, id, 'reexamine', verdict('upheld'))).toMatchObject({
      outcome: 'upheld',
    })
  })

  it('a rating of a body of the city is decided and re-examined in the city, by two persons', async () => {
    const id = await aCase(t)
    await appeal(t, handler, id)
    await t.asOwner(`update appeal set first_instance = 'city' where evaluation_id = $1`, [id])
    await citizenAnswers(t, id)
    await expect(actOnAppeal(t, district, id, 'decide', verdict('upheld'))).rejects.toMatchObject({
      status: 403,
    })
    await actOnAppeal(t, city, id, 'decide', verdict('upheld'))
    await actOnAppeal(t, handler, id, 'request_reexamination', { statement: '不服。' })
    await citizenAnswers(t, id, '再说一次。')
    await expect(actOnAppeal(t, city, id, 'reexamine', verdict('upheld'))).rejects.toMatchObject({
      status: 403,
      detail: expect.stringContaining('以外的人员'),
    })
    const second = await oneMore(t, 'city-second', { role: 'city_authority', organizationId: 'lm' })
    expect(await actOnAppeal(t, second, id, 'reexamine', verdict('partly'))).toMatchObject({ state: 'final' })
  })

  it('the version on the screen is the one that is decided', async () => {
    const id = await aCase(t)
    const { version } = await appeal(t, handler, id)
    await citizenAnswers(t, id)
    const act = t.services.appeals.act(district, id, 'decide', { version, values: verdict('upheld') })
    await expect(act).rejects.toMatchObject({ status: 409, code: 'appeal-stale' })
  })
})

describe('the clock of an appeal', () => {
  it('a late decision is marked once; a decision nobody contests becomes final', async () => {
    const [late, calm] = [await aCase(t), await aCase(t)]
    await appeal(t, handler, late)
    await appeal(t, handler, calm)
    await citizenAnswers(t, calm)
    await actOnAppeal(t, district, calm, 'decide', verdict('partly'))
    const chores = async () => {
      for (const chore of t.services.chores) await chore.run()
    }
    await later(15 * DAY, async () => {
      await chores()
      await chores()
      const [waiting, settled] = [
        await t.services.appeals.detail(district, late),
        await t.services.appeals.detail(district, calm),
      ]
      expect(waiting).toMatchObject({ overdue: true, everOverdue: true })
      expect(settled).toMatchObject({ state: 'final', outcome: 'partly', stage: 'first' })
      expect((await kinds(late)).filter((kind) => !/warned|escalated/.test(kind))).toEqual([
        'appeal.filed',
        'appeal.overdue',
      ])
      const decided = await actOnAppeal(t, district, late, 'decide', verdict('upheld'))
      expect(decided).toMatchObject({ overdue: false, everOverdue: true })
      await expect(
        actOnAppeal(t, handler, calm, 'request_reexamination', { statement: '不服。' }),
      ).rejects.toMatchObject({ status: 422 })
    })
  })

  it('R24: a changed or deleted row is found', async () => {
    const id = await aCase(t)
    await appeal(t, handler, id)
    await t.settle()
    const findings = async () =>
      (await verifyLedger(t.app, t.services.rowChecks)).findings.filter((f) => f.where.includes(id))
    expect(await findings()).toEqual([])
    await t.asOwner(`update appeal set outcome = 'mistaken', state = 'decided' where evaluation_id = $1`, [
      id,
    ])
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('(state)') }])
    await t.asOwner('delete from appeal where evaluation_id = $1', [id])
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('deleted') }])
  })
})
