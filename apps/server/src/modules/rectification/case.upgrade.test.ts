import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { makeMatters } from '../../../../../tests/support/matters.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'

// A database from before several organisations and several persons of a case were told apart.

let t: TestApp
let handler: Official
const { rateBadly, complainOf, reply, answer, findings } = makeMatters(
  () => t,
  () => handler,
)
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
})
afterAll(() => t.close())

/** Of the same moment nobody could say who came first. */
const minuteLater = () => {
  t.clock.now = new Date(t.clock.now.getTime() + 60_000)
}

it('R20: is brought up to date with everybody who left a name, and its figures and records are made anew', async () => {
  const [called, several] = [anAffairNumber(), anAffairNumber()]
  const one = await rateBadly(called, 1, { realName: true, phone: '13700001111' })
  const two = await rateBadly(several)
  await rateBadly(anAffairNumber())
  const closed = (await complain(t)).id
  await t.settle()
  minuteLater()
  await complainOf(several, { person: { name: '孙丽', phone: '13700002222' } })
  await t.settle()
  minuteLater()
  await complainOf(several, { person: { name: '吴刚', phone: '13700003333' }, doNotContact: true })
  await t.settle()
  await act(t, handler, one, 'sign', { verifier: handler.accountId })
  await act(t, handler, one, 'record_contact', { result: 'reached', note: '已联系' })
  await reply(closed)
  await answer(closed, 'satisfied')
  await t.settle()
  const made = async () =>
    Promise.all(
      ['rectification_case', 'statistic_daily', 'publication_case'].map(
        async (table) => (await t.asOwner(`select * from ${table} as r order by r::text`)).rows,
      ),
    )
  const before = await made()
  expect(before[0]?.find((row) => row.evaluation_id === two)?.persons).toHaveLength(2)
  await t.asOwner(`alter table rectification_case drop reported_paths, drop reports_waived, drop persons;
    alter table statistic_daily drop cases_from_complaint, drop cases_from_opinion;
    alter table publication_case drop source_kind`)
  await t.asOwner(
    readFileSync(new URL('../../../../../database/migrations/0018_together.sql', import.meta.url), 'utf8'),
  )
  await t.settle()
  const sorted = (tables: object[][]) =>
    tables.map((rows) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort())
  expect(sorted(await made())).toEqual(sorted(before))
  expect(await findings()).toEqual([])
})
