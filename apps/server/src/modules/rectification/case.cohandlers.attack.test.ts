import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aCase } from '../../../../../tests/support/cases.ts'
import { HELPER, type HelpingCity, helpingCity } from '../../../../../tests/support/co-handling.ts'
import { XILING } from '../../../../../tests/support/longming.ts'
import { verifyLedger } from '../ledger/verify.ts'

let all: HelpingCity
beforeAll(async () => {
  all = await helpingCity()
})
afterAll(() => all.t.close())

describe('whoever betters the list of reports', () => {
  it('is found by the ledger', async () => {
    const { t, ready } = all
    await t.settle()
    const findings = async () =>
      (await verifyLedger(t.app, t.services.rowChecks)).findings.map((one) => one.what)
    expect(await findings()).toEqual([])
    const id = await ready()
    await t.settle()
    for (const change of [
      'reported_paths = party_paths',
      'reports_waived = true',
      `persons = '[]', contacted = true`,
    ]) {
      await t.asOwner('drop table if exists kept_case')
      await t.asOwner('create table kept_case as select * from rectification_case where evaluation_id = $1', [
        id,
      ])
      await t.asOwner(`update rectification_case set ${change} where evaluation_id = $1`, [id])
      expect(await findings(), change).toEqual([expect.stringContaining('does not agree with the journal')])
      await t.asOwner(
        `update rectification_case c set reported_paths = k.reported_paths, reports_waived = k.reports_waived,
          persons = k.persons, contacted = k.contacted from kept_case k where k.evaluation_id = c.evaluation_id`,
      )
    }
    expect(await findings()).toEqual([])
  })
  it.each([
    ['case_source', `kind = 'complaint'`],
    ['case_source', 'source_evaluation_id = gen_random_uuid()'],
    ['case_party', `organization_id = 'lm-dh'`],
    ['case_party', `kind = 'former'`],
    ['case_party', 'until = now()'],
  ])('R30: or of what a case came from, and who handled it: %s set %s', async (table, change) => {
    const { t, add, remove, city } = all
    const id = await aCase(t)
    await add(id, XILING.department, city)
    await remove(id, city, XILING.department)
    await add(id)
    await t.settle()
    const kept = (await t.asOwner(`select * from ${table} where evaluation_id = $1`, [id])).rows
    const one = table === 'case_party' ? ` and organization_id = '${HELPER}'` : ''
    await t.asOwner(`update ${table} set ${change} where evaluation_id = $1${one}`, [id])
    const { findings } = await verifyLedger(t.app, t.services.rowChecks)
    await t.asOwner(`delete from ${table} where evaluation_id = $1`, [id])
    await t.asOwner(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(kept),
    ])
    expect(findings).toMatchObject([
      { where: expect.stringContaining(id), what: expect.stringContaining('the list of') },
    ])
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
