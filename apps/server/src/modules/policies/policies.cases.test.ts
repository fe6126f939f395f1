import type { Clock } from '@haochaping/rules'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at } from '../../../../../tests/support/rating.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
})
afterAll(() => t.close())

/** The clock a case was opened with. */
const clockOf = async (id: string) => {
  const { rows } = await t.asOwner(`select clocks from rectification_case where evaluation_id = $1`, [id])
  return (rows[0].clocks as Clock[]).find((clock) => clock.key === 'sign')!
}

it('a running case keeps the version it began with; a new one takes what holds for its region and kind of item (Q30)', async () => {
  const before = await aCase(t)
  expect(await clockOf(before)).toMatchObject({ value: 1, version: 0, dueAt: '2026-11-25T15:59:59.999Z' })
  const city = await official(t, 'city')
  await t.services.policies.change(city, {
    ...{ key: 'sign', regionCode: '990100000000', value: 4, validFrom: '2026-11-24' },
    category: '公共服务',
  })
  await t.services.policies.change(await official(t, 'district-dh'), {
    ...{ key: 'sign', regionCode: DONGHU.region, value: 2, validFrom: '2026-11-24' },
    category: '公共服务',
  })
  t.clock.forward(3_600_000)
  const [here, there] = [await aCase(t), await aCase(t, {}, at(XILING))]
  expect(await clockOf(here)).toMatchObject({ value: 2, version: 1, regionCode: DONGHU.region })
  expect(await clockOf(there)).toMatchObject({ value: 4, version: 1, regionCode: '990100000000' })
  for (const chore of t.services.chores) await chore.run()
  expect(await clockOf(before)).toMatchObject({ value: 1, version: 0, dueAt: '2026-11-25T15:59:59.999Z' })
})
