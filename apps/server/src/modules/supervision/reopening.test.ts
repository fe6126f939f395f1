import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { aClosedCase, aRepliedCase, inspected } from '../../../../../tests/support/supervision.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
let city: Official
let district: Official
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  district = await official(t, 'district-dh')
})
afterAll(() => t.close())

const findings = () => t.services.supervision.findings
async function pick(by: Official, ids: string[]) {
  const { checks } = t.services.supervision
  const caseNumbers = await Promise.all(
    ids.map(async (id) => (await t.services.rectification.detail(city, id)).caseNumber),
  )
  return checks.detail(by, await checks.pick(by, { title: '点名抽查', method: 'site', caseNumbers }))
}

describe('R18, P10: what a spot check finds begins the case again', () => {
  it('a false report begins the case again and stands against the organisation, in public as a count', async () => {
    const id = await aClosedCase(t)
    const check = await pick(district, [id])
    const evidence = [await inspected(t, district, id)]
    const answer = await findings().record(district, check.checkId, id, {
      version: 1,
      finding: 'false_report',
      note: '窗口仍未整改',
      evidence,
    })
    expect(answer).toEqual({ reopened: true })
    expect(await t.services.rectification.detail(city, id)).toMatchObject({ state: 'reopened' })
    expect((await t.services.supervision.ofCase(await official(t, 'head-dh'), id)).findings).toMatchObject([
      { findingLabel: '谎报', reopened: true, note: '窗口仍未整改', files: [{ fileId: evidence[0] }] },
    ])
    await t.settle()
    const { items } = await t.services.supervision.publicFigures()
    expect(items.find((row) => row.organizationId === DONGHU.department)).toMatchObject({ falseReports: 1 })
  })

  it('unresolved begins a case again that waits for its citizen’s answer too', async () => {
    const id = await aRepliedCase(t)
    const check = await pick(city, [id])
    const evidence = [await inspected(t, city, id)]
    const found = { version: 1, finding: 'unresolved' as const, note: '仍未解决', evidence }
    expect(await findings().record(city, check.checkId, id, found)).toEqual({ reopened: true })
  })

  it('where the case is being worked on already, the finding is recorded and nothing is begun', async () => {
    const id = await aRepliedCase(t)
    await t.services.rectification.answerSurvey(id, { answer: 'unsolved' })
    const check = await pick(city, [id])
    const evidence = [await inspected(t, city, id)]
    const found = { version: 1, finding: 'concealed' as const, note: '隐瞒了记录', evidence }
    expect(await findings().record(city, check.checkId, id, found)).toEqual({ reopened: false })
  })

  it('R24: leaves rows and journal in agreement', async () => {
    await t.settle()
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
