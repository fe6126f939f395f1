import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers } from '../../../../../tests/support/appeals.ts'
import { carryOut, chore, entriesOf, noticeOf } from '../../../../../tests/support/calendar.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let city: Official
let handler: Official
let district: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
})
afterAll(() => t.close())

const at = (text: string) => new Date(`${text}+08:00`)
const end = (day: string) => at(`${day}T23:59:59.999`).toISOString()
const load = (year: number, more: string[], without: string[] = [], decision = PROLONG) =>
  noticeOf(t, year, more, without).then((notice) =>
    t.services.calendar.loadYear(city, notice, false, decision),
  )
type Decision = Parameters<TestApp['services']['calendar']['loadYear']>[3]
const PROLONG: Decision = { running: 'prolong', note: '' }
const KEEP: Decision = { running: 'keep', note: '期限已另行告知' }
const HOLIDAY = '2026-12-11,holiday,哀悼日'
const detail = (id: string) => t.services.appeals.detail(district, id)
const kindsOf = async (id: string) => (await detail(id)).timeline.map(({ kind }) => kind)
const upheld = { outcome: 'upheld', reason: '经核对。' }
const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings

async function appealed(): Promise<string> {
  const id = await aCase(t)
  await appeal(t, handler, id, 'partly')
  return id
}
async function decidedOn(): Promise<string> {
  const id = await appealed()
  await citizenAnswers(t, id)
  await actOnAppeal(t, district, id, 'decide', upheld)
  return id
}

describe('Q100: the days each side of an appeal has to speak follow the calendar (Q61)', () => {
  let waiting: string
  let decided: string

  it('a holiday announced later gives the citizen and the loser the day more, as the preview says', async () => {
    // A Monday: five working days are over on the next Monday, the 14th.
    t.clock.now = at('2026-12-07T10:00:00')
    waiting = await appealed()
    decided = await decidedOn()
    expect(await detail(waiting)).toMatchObject({ answerUntil: end('2026-12-14'), answerProvisional: false })
    expect(await detail(decided)).toMatchObject({ reexamineUntil: end('2026-12-14') })
    const preview = await t.services.calendar.loadYear(city, await noticeOf(t, 2026, [HOLIDAY]), true)
    const sides = preview.deadlines.items.filter(
      ({ label }) => label.startsWith('评价人') || label.startsWith('申请'),
    )
    expect(
      sides.map(({ label, evaluationId, from, to, change }) => [label, evaluationId, from, to, change]),
    ).toEqual(
      expect.arrayContaining([
        ['评价人说明情况期限', waiting, end('2026-12-14'), end('2026-12-15'), 'later'],
        ['申请复核期限', decided, end('2026-12-14'), end('2026-12-15'), 'later'],
      ]),
    )
    expect(sides).toHaveLength(2)
    await load(2026, [HOLIDAY])
    await carryOut(t)
    expect(await detail(waiting)).toMatchObject({ answerUntil: end('2026-12-15') })
    expect(await detail(decided)).toMatchObject({ reexamineUntil: end('2026-12-15') })
    expect((await kindsOf(decided)).at(-1)).toBe('appeal.deadline_recomputed')
    expect(await entriesOf(t, 'appeal.deadline_recomputed')).toHaveLength(2)
  })

  it('the citizen may answer on the day more, nobody decides before, and no decision becomes final', async () => {
    t.clock.now = at('2026-12-15T10:00:00')
    const early = actOnAppeal(t, district, waiting, 'decide', upheld)
    await expect(early).rejects.toMatchObject({
      status: 422,
      detail: expect.stringContaining('评价人还没有说明'),
    })
    await chore(t, 'let decisions on appeals become final')
    expect(await detail(decided)).toMatchObject({ state: 'decided' })
    expect(await t.services.appeals.citizenAppeal(waiting)).toMatchObject({ canAnswer: true })
    await citizenAnswers(t, waiting)
    await actOnAppeal(t, handler, decided, 'request_reexamination', { statement: '证据没有看全' })
    expect(await detail(decided)).toMatchObject({
      state: 'reexamination_filed',
      answerUntil: end('2026-12-22'),
    })
  })

  it('a holiday taken back shortens nothing that was told; what a side has done with is left alone', async () => {
    await load(2026, [], ['2026-12-11'])
    await load(2026, ['2026-12-21,holiday,哀悼日'])
    await carryOut(t)
    const entries = await entriesOf(t, 'appeal.deadline_recomputed')
    expect(await detail(decided)).toMatchObject({ answerUntil: end('2026-12-23') })
    await load(2026, [], ['2026-12-21'])
    await carryOut(t)
    expect(await detail(decided)).toMatchObject({ answerUntil: end('2026-12-23') })
    const answered = (await entriesOf(t, 'appeal.deadline_recomputed')).slice(entries.length)
    // Whose answer is in has no day left to move: what is written of it is of the decision.
    for (const { payload } of answered) expect(payload.answerUntil).not.toBe(end('2026-12-14'))
    expect((await detail(waiting)).answerUntil).toBe(end('2026-12-15'))
    expect(await findings()).toEqual([])
  })

  it('nobody who was told until when they may appeal comes too late because the calendar changed', async () => {
    const id = await aCase(t)
    const until = async () => (await t.services.appeals.filing(handler, id)).until
    expect(await until()).toBe(end('2026-12-22'))
    t.clock.forward(60_000)
    await load(2026, ['2026-12-18,holiday,哀悼日'])
    expect(await until()).toBe(end('2026-12-23'))
    t.clock.forward(60_000)
    await load(2026, ['2026-12-19,workday,调休'], ['2026-12-18'])
    expect(await until()).toBe(end('2026-12-23'))
    t.clock.forward(60_000)
    const fresh = await aCase(t)
    expect((await t.services.appeals.filing(handler, fresh)).until).toBe(end('2026-12-21'))
    await load(2026, [], ['2026-12-19'])
    await carryOut(t)
  })

  it('kept as they are by decision, neither moves', async () => {
    const id = await appealed()
    const told = (await detail(id)).answerUntil
    await load(2026, ['2026-12-17,holiday,哀悼日'], [], KEEP)
    await carryOut(t)
    expect((await detail(id)).answerUntil).toBe(told)
    await load(2026, [], ['2026-12-17'], KEEP)
  })

  it('across a year that is not known they are provisional, counted as waiting, and settle once it is loaded', async () => {
    t.clock.now = at('2026-12-28T10:00:00')
    const [first, second] = [await appealed(), await decidedOn()]
    expect(await detail(first)).toMatchObject({ answerUntil: end('2027-01-04'), answerProvisional: true })
    expect(await detail(second)).toMatchObject({
      reexamineUntil: end('2027-01-04'),
      reexamineProvisional: true,
    })
    expect(await t.services.appeals.citizenAppeal(first)).toMatchObject({ answerProvisional: true })
    await t.services.catalog.changing(async () => {})
    expect(await t.services.calendar.missing()).toMatchObject([{ year: 2027, appeals: 2 }])
    await load(2027, ['2027-01-01,holiday,元旦'])
    await chore(t, 'recompute provisional deadlines of appeals')
    expect(await detail(first)).toMatchObject({ answerUntil: end('2027-01-05'), answerProvisional: false })
    expect(await detail(second)).toMatchObject({
      reexamineUntil: end('2027-01-05'),
      reexamineProvisional: false,
    })
    const before = await entriesOf(t, 'appeal.deadline_recomputed')
    await chore(t, 'recompute provisional deadlines of appeals')
    expect(await entriesOf(t, 'appeal.deadline_recomputed')).toHaveLength(before.length)
    expect(await findings()).toEqual([])
  })

  it('R24: days that were shortened by hand are found, and how they were counted cannot be changed either', async () => {
    for (const [attack, fact] of [
      ["answer_until = answer_until - interval '1 day'", 'answerUntil'],
      ["answer_clock = jsonb_set(answer_clock, '{value}', '1')", 'answerClock'],
      ["reexamine_clock = jsonb_set(reexamine_clock, '{days}', '[]')", 'reexamineClock'],
      ['answer_clock = null', 'answerClock'],
    ] as const) {
      const { rows } = await t.asOwner('select * from appeal where reexamine_clock is not null limit 1')
      const [kept] = rows
      await t.asOwner(`update appeal set ${attack} where appeal_id = $1`, [kept.appeal_id])
      expect((await findings())[0]?.what, attack).toContain(fact)
      await t.asOwner(
        `update appeal set answer_until = $2, answer_clock = $3, reexamine_clock = $4 where appeal_id = $1`,
        [
          kept.appeal_id,
          kept.answer_until,
          JSON.stringify(kept.answer_clock),
          JSON.stringify(kept.reexamine_clock),
        ],
      )
      expect(await findings()).toEqual([])
    }
  })

  it('an appeal from before they were clocks keeps the days it told', async () => {
    const id = await appealed()
    const told = (await detail(id)).answerUntil
    await t.asOwner('update appeal set answer_clock = null where evaluation_id = $1', [id])
    await load(2027, ['2027-01-04,holiday,哀悼日'])
    await carryOut(t)
    expect(await detail(id)).toMatchObject({ answerUntil: told, answerProvisional: false })
    await citizenAnswers(t, id)
    await actOnAppeal(t, district, id, 'decide', upheld)
    expect((await detail(id)).reexamineUntil).not.toBeNull()
  })

  it('R24: such an appeal is not given a clock by hand: its entry knows of none', async () => {
    const id = await appealed()
    // As an entry of then is: the log says that it was changed, which is another finding.
    await t.asOwner(
      `update journal_entry set payload = payload - 'answerClock' - 'reexamineClock'
       where subject_id = $1 and kind = 'appeal.filed'`,
      [id],
    )
    const ofAppeal = async () =>
      (await findings()).filter(({ where }) => where === `appeal 1 against ${id}`).map(({ what }) => what)
    expect(await ofAppeal()).toEqual([expect.stringContaining('answerClock')])
    await t.asOwner('update appeal set answer_clock = null where evaluation_id = $1', [id])
    expect(await ofAppeal()).toEqual([])
  })
})
