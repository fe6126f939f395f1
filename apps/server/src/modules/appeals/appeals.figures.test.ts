import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { actOnAppeal, appeal, citizenAnswers } from '../../../../../tests/support/appeals.ts'
import {
  aCase,
  act,
  aSignedCase,
  loadCalendar,
  official,
  proposeRejection,
} from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'
import { rebuild } from '../ledger/consumers.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let handler: Official
let district: Official
let city: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  district = await official(t, 'district-dh')
  city = await official(t, 'city')
})
afterAll(() => t.close())

type Figures = Record<
  'bad' | 'staffBad' | 'mistaken' | 'filed' | 'decided' | 'overturned' | 'adopted',
  number
>
async function figures(): Promise<Figures> {
  await t.settle()
  const { rows } = await t.asOwner(
    `select sum(level_1)::int as bad, (sum(level_1) filter (where staff_number = $1))::int as "staffBad",
       sum(excluded_mistaken)::int as mistaken, sum(appeals_filed)::int as filed, sum(appeals_decided)::int as decided,
       sum(appeals_overturned)::int as overturned, sum(cases_adopted)::int as adopted from statistic_daily`,
    [DONGHU.staff],
  )
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([key, n]) => [key, Number(n)])) as Figures
}
const verdict = (outcome: string) => ({ outcome, reason: '经复查。' })
const minus = (a: Figures, b: Figures) =>
  Object.fromEntries(
    Object.entries(a).flatMap(([key, n]) =>
      n === b[key as keyof Figures] ? [] : [[key, n - b[key as keyof Figures]]],
    ),
  )

describe('the figures follow the decision from that moment (R29)', () => {
  it('R29: out with the first decision, in again with the re-examination; the rating itself stays', async () => {
    const id = await aCase(t, { level: 1 })
    const before = await figures()
    await appeal(t, handler, id)
    await citizenAnswers(t, id)
    expect(minus(await figures(), before)).toEqual({ filed: 1 })
    await actOnAppeal(t, district, id, 'decide', verdict('mistaken'))
    expect(minus(await figures(), before)).toEqual({
      ...{ bad: -1, staffBad: -1, mistaken: 1, adopted: -1 },
      ...{ filed: 1, decided: 1, overturned: 1 },
    })
    await t.services.appeals.answerAppeal(id, 'request_reexamination', '我没有点错。')
    expect(minus(await figures(), before), 'the first decision counts until there is another').toMatchObject({
      bad: -1,
    })
    await actOnAppeal(t, city, id, 'reexamine', verdict('upheld'))
    expect(minus(await figures(), before)).toEqual({ filed: 1, decided: 1 })
    const { rows } = await t.asOwner('select level from evaluation where evaluation_id = $1', [id])
    expect(rows).toEqual([{ level: 1 }])
  })

  it('R29: partly: out of the person’s figures, still in those of the unit', async () => {
    const id = await aCase(t, { level: 1 })
    const before = await figures()
    await appeal(t, handler, id, 'partly')
    await citizenAnswers(t, id)
    await actOnAppeal(t, district, id, 'decide', verdict('partly'))
    expect(minus(await figures(), before)).toEqual({ staffBad: -1, filed: 1, decided: 1, overturned: 1 })
  })

  it('a case is left to end by its own rules, and an appeal’s decision is above what was confirmed in it', async () => {
    const id = await aCase(t, { level: 1 })
    await appeal(t, handler, id)
    await citizenAnswers(t, id)
    await actOnAppeal(t, district, id, 'decide', verdict('upheld'))
    const before = await figures()
    await act(t, handler, id, 'sign', { verifier: handler.accountId })
    // On the same grounds it would be refused.
    await proposeRejection(t, handler, id, 'malicious')
    await act(t, district, id, 'confirm_rejection', { note: '同意' })
    expect(minus(await figures(), before)).toEqual({})
    expect(await t.services.appeals.ofEvaluation(district, id)).toMatchObject({ outcome: 'upheld' })
    const out = await aSignedCase(t, handler)
    await proposeRejection(t, handler, out, 'mistaken')
    await act(t, district, out, 'confirm_rejection', { note: '同意' })
    await expect(appeal(t, handler, out)).rejects.toMatchObject({ code: 'already-not-adopted' })
  })

  it('R24: made again from the first entry they are the same, and the check finds nothing', async () => {
    await t.settle()
    const all = async () =>
      (await t.asOwner('select * from statistic_daily order by 1, 2, 3, 4, 5, 6, 7, 8, 9')).rows
    const before = await all()
    await rebuild(t.app, t.services.statistics.consumer)
    expect(await all()).toEqual(before)
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
