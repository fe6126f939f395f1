import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { makeMatters } from '../../../../../tests/support/matters.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'
import type { Finding } from '../ledger/verify.ts'
import { caseCheck } from './rectification.verify.ts'

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

it('R30: what the upgrade made is vouched for before anything else happens to a case', async () => {
  const affair = anAffairNumber()
  const id = await rateBadly(affair, 1, { realName: true, phone: '13700004444' })
  await t.settle()
  minuteLater()
  const other = { affairNumber: affair, staffNumber: DONGHU.colleague }
  await complainOf(affair, { ...other, person: { name: '孙丽', phone: '13700005555' }, doNotContact: true })
  await t.settle()
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  const found = async () => {
    const findings: Finding[] = []
    await caseCheck.run(t.app.db.system, (finding) => findings.push(finding))
    return findings.map(({ what }) => what)
  }
  const row = () =>
    t.asOwner('select persons, joined_staff from rectification_case where evaluation_id = $1', [id])
  const { persons, joined_staff } = (await row()).rows[0]
  expect(persons).toHaveLength(2)
  expect(joined_staff).toEqual([DONGHU.colleague])
  // As entries were before either was kept, and as they were in between.
  for (const unsaid of [`- 'joinedStaff'`, `- 'persons' - 'reportedPaths' - 'reportsWaived'`]) {
    await t.asOwner(`update journal_entry set payload = payload ${unsaid} where kind like 'case.%'`)
    expect(await found(), unsaid).toEqual([])
    const forged: [string, string][] = [
      [`joined_staff = '{}'`, 'joinedStaff'],
      [`joined_staff = array['${DONGHU.staff}x']`, 'joinedStaff'],
      ...(unsaid.includes('persons')
        ? ([
            [`persons = '[]'`, 'persons'],
            [`persons = jsonb_set(persons, '{0,doNotContact}', 'true')`, 'persons'],
            [`persons = jsonb_set(persons, '{0,contacted}', 'true')`, 'persons'],
          ] as [string, string][])
        : []),
    ]
    for (const [set, named] of forged) {
      await t.asOwner(`update rectification_case set ${set} where evaluation_id = $1`, [id])
      expect(await found(), set).toEqual([expect.stringContaining(named)])
      await t.asOwner(
        'update rectification_case set persons = $2, joined_staff = $3 where evaluation_id = $1',
        [id, JSON.stringify(persons), joined_staff],
      )
    }
  }
  expect(await found()).toEqual([])
  // The next act says all of it.
  await act(t, handler, id, 'record_contact', { result: 'reached', note: '已联系' })
  expect(await found()).toEqual([])
})
