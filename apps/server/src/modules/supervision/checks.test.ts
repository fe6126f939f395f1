import { drawSample } from '@haochaping/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { aClosedCase } from '../../../../../tests/support/supervision.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { sm3Hex } from './check.ts'
import type { PlannedDraw } from './checks.service.ts'

let t: TestApp
let city: Official
let district: Official
const closed: string[] = []
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  district = await official(t, 'district-dh')
  for (let i = 0; i < 5; i++) closed.push(await aClosedCase(t))
  closed.push(await aClosedCase(t, 'xl'))
}, 120_000)
afterAll(() => t.close())

const checks = () => t.services.supervision.checks
const findings = () => t.services.supervision.findings
const planned = (over: Partial<PlannedDraw> = {}): PlannedDraw => ({
  title: '十一月抽查',
  method: 'sample',
  filter: { from: '2026-11-01', to: '2026-11-30' },
  size: 2,
  ...over,
})
const plan = async (by: Official, over: Partial<PlannedDraw> = {}) =>
  checks().detail(by, await checks().plan(by, planned(over)))
async function drawn(by: Official, over: Partial<PlannedDraw> = {}) {
  const { checkId, version } = await plan(by, over)
  await checks().draw(by, checkId, version)
  return checks().detail(by, checkId)
}
const journal = async (checkId: string) =>
  (
    await t.asOwner(
      `select kind, payload from journal_entry where subject_id = $1 order by (payload ->> 'version')::int`,
      [checkId],
    )
  ).rows as { kind: string; payload: Record<string, unknown> }[]

describe('R18, Q71: a spot check by draw', () => {
  it('commits to its seed before the draw, and nobody is told the seed till then', async () => {
    const before = await plan(city)
    expect(before).toMatchObject({ state: 'planned', items: [], draw: { seed: null, seedSource: 'random' } })
    const [entry] = await journal(before.checkId)
    expect(entry).toMatchObject({ kind: 'supervision.check_planned', payload: { seed: null } })
    await checks().draw(city, before.checkId, before.version)
    const { draw } = await checks().detail(city, before.checkId)
    expect(sm3Hex(draw!.seed!)).toBe(entry!.payload.seedCommitment)
  })

  it('can be repeated by anybody who has the list and the seed', async () => {
    const check = await drawn(city, { percent: 50, size: undefined })
    const list = (await checks().population(city, check.checkId)).split('\n')
    expect(list).toEqual(closed.toSorted())
    expect(sm3Hex(list.join('\n'))).toBe(check.draw!.populationDigest)
    expect(drawSample(list, check.draw!.seed!, 3, sm3Hex)).toEqual(check.items.map((item) => item.id))
  })

  it('with a seed that was entered gives the same cases again', async () => {
    const [a, b] = [await drawn(city, { seed: '彩票 0711' }), await drawn(city, { seed: '彩票 0711' })]
    expect(a.items.map((item) => item.id)).toEqual(b.items.map((item) => item.id))
    expect(a.draw).toMatchObject({ seed: '彩票 0711', seedSource: 'entered' })
  })

  it('draws only within one’s place and what was asked for', async () => {
    const own = await drawn(district, { percent: 100, size: undefined })
    expect(own.items.map((item) => item.id).toSorted()).toEqual(closed.slice(0, 5).toSorted())
    const xl = await drawn(city, { filter: { ...planned().filter, region: '990102000000' }, size: 9 })
    expect(xl.items.map((item) => item.id)).toEqual([closed[5]])
    await expect(
      plan(district, { filter: { ...planned().filter, organization: 'lm-xl' } }),
    ).rejects.toMatchObject({
      errors: [{ field: 'organization' }],
    })
  })

  it('tells before the draw how many cases there are and how many it will take, and takes so many', async () => {
    const foreseen = async (by: Official, over: Partial<PlannedDraw>) => (await plan(by, over)).draw!.foreseen
    expect(await foreseen(city, {})).toEqual({ population: 6, sample: 2, problem: null })
    expect(await foreseen(city, { size: 40 })).toEqual({ population: 6, sample: 6, problem: null })
    expect(await foreseen(city, { filter: { from: '2026-01-01', to: '2026-01-31' } })).toEqual({
      population: 0,
      sample: null,
      problem: expect.stringContaining('没有已办结的差评件'),
    })
    const before = await plan(district, { percent: 50, size: undefined })
    expect(before.draw!.foreseen).toEqual({ population: 5, sample: 3, problem: null })
    // Of the place it was planned for, also where the level above draws it.
    expect((await checks().detail(city, before.checkId)).draw!.foreseen).toMatchObject({ population: 5 })
    await checks().draw(city, before.checkId, before.version)
    const after = await checks().detail(district, before.checkId)
    expect(after).toMatchObject({ draw: { populationSize: 5, foreseen: null } })
    expect(after.items).toHaveLength(3)
  })

  it('says why there is nothing to draw, and draws once', async () => {
    const none = await plan(city, { filter: { from: '2026-01-01', to: '2026-01-31' } })
    await expect(checks().draw(city, none.checkId, none.version)).rejects.toMatchObject({
      code: 'population-empty',
    })
    const check = await drawn(city)
    await expect(checks().draw(city, check.checkId, check.version)).rejects.toMatchObject({
      code: 'already-drawn',
    })
    await expect(checks().draw(city, check.checkId, 1)).rejects.toMatchObject({ code: 'check-stale' })
    await expect(plan(city, { percent: 5 })).rejects.toMatchObject({ errors: [{ field: 'size' }] })
    await expect(plan(city, { filter: { from: '2026-11-30', to: '2026-11-01' } })).rejects.toMatchObject({
      errors: [{ field: 'to' }],
    })
  })

  it('is not seen by the organisation it looks at before something is found, nor by the district beside', async () => {
    const check = await drawn(district)
    const head = await official(t, 'head-dh')
    await expect(checks().detail(head, check.checkId)).rejects.toMatchObject({ code: 'check-unknown' })
    await expect(checks().detail(await official(t, 'district-xl'), check.checkId)).rejects.toMatchObject({
      code: 'check-unknown',
    })
    const [first] = check.items
    await findings().record(district, check.checkId, first!.id, { version: 1, finding: 'none', note: '属实' })
    const seen = await checks().detail(head, check.checkId)
    expect(seen.items).toMatchObject([{ id: first!.id, findingLabel: '未发现问题', note: '属实' }])
    await expect(checks().population(head, check.checkId)).rejects.toMatchObject({ code: 'check-unknown' })
  })
})

describe('Q71, P10: what a spot check finds', () => {
  const pick = async (by: Official, ids: string[]) => {
    const numbers = await Promise.all(
      ids.map(async (id) => (await t.services.rectification.detail(city, id)).caseNumber),
    )
    return checks().detail(
      by,
      await checks().pick(by, { title: '点名抽查', method: 'site', caseNumbers: numbers }),
    )
  }

  it('takes cases by their numbers, in the four ways, and names those it does not know', async () => {
    const check = await pick(district, closed.slice(0, 2))
    expect(check).toMatchObject({ selection: 'pick', state: 'drawn', methodLabel: '实地察看', draw: null })
    expect(check.items.map((item) => item.id)).toEqual(closed.slice(0, 2))
    await expect(
      checks().pick(district, { title: 'x', method: 'call', caseNumbers: ['CP20261124-NOTTHERE'] }),
    ).rejects.toMatchObject({ message: expect.stringContaining('CP20261124-NOTTHERE') })
  })

  it.each([[[]], [['']], [['  ', ' ']]])('refuses a round on no case in words: %j', async (caseNumbers) => {
    await expect(checks().pick(district, { title: 'x', method: 'call', caseNumbers })).rejects.toMatchObject({
      status: 422,
      field: 'caseNumbers',
      detail: expect.stringContaining('请至少填写一个'),
    })
  })

  it('is recorded by the named inspector, once, with evidence where something is wrong', async () => {
    const check = await pick(district, [closed[0]!])
    await expect(
      findings().assign(district, check.checkId, closed[0]!, {
        version: 1,
        inspectorId: (await official(t, 'handler-dh')).accountId,
      }),
    ).rejects.toMatchObject({ errors: [{ field: 'inspectorId' }] })
    await findings().assign(district, check.checkId, closed[0]!, {
      version: 1,
      inspectorId: district.accountId,
    })
    const record = (by: Official, finding: 'none' | 'unresolved', evidence?: string[]) =>
      findings().record(by, check.checkId, closed[0]!, { version: 2, finding, note: '查了', evidence })
    await expect(record(city, 'none')).rejects.toMatchObject({ code: 'not-inspector' })
    await expect(record(district, 'unresolved')).rejects.toMatchObject({ errors: [{ field: 'evidence' }] })
    await record(district, 'none')
    await expect(record(district, 'none')).rejects.toMatchObject({ code: 'check-stale' })
  })

  it('a round is closed with a summary once every case has its finding', async () => {
    const check = await pick(district, closed.slice(0, 2))
    const close = (version: number, summary = '均属实') =>
      checks().close(district, check.checkId, { version, summary })
    await expect(close(check.version)).rejects.toMatchObject({ code: 'items-open' })
    for (const item of check.items)
      await findings().record(district, check.checkId, item.id, { version: 1, finding: 'none', note: '属实' })
    await expect(close(check.version, ' ')).rejects.toMatchObject({ errors: [{ field: 'summary' }] })
    await close(check.version)
    expect(await checks().detail(district, check.checkId)).toMatchObject({
      stateLabel: '已结束',
      progress: { items: 2, done: 2, wrong: 0 },
    })
    expect((await journal(check.checkId)).at(-1)).toMatchObject({
      kind: 'supervision.check_closed',
      payload: { items: 2, done: 2, wrong: 0 },
    })
  })

  it('R24: a finding that was bettered, another seed and another list are found', async () => {
    await t.settle()
    const found = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings
    expect(await found()).toEqual([])
    const tamper = async (sql: string, back: string, what: string) => {
      await t.asOwner(sql)
      expect(await found()).toMatchObject([{ what: expect.stringContaining(what) }])
      await t.asOwner(back)
    }
    // Of the round that was picked: a draw may have come upon the same case.
    const picked = `evaluation_id = '${closed[1]}' and check_id in (select check_id from spot_check where selection = 'pick')`
    await tamper(
      `update spot_check_item set finding = 'unresolved' where ${picked} and finding = 'none'`,
      `update spot_check_item set finding = 'none' where ${picked} and finding = 'unresolved'`,
      'finding',
    )
    const check = await drawn(city)
    await t.settle()
    await tamper(
      `update spot_check_population set ids = ids[2:] where check_id = '${check.checkId}'`,
      `update spot_check_population set ids = (select array_agg(v::uuid) from jsonb_array_elements_text('${JSON.stringify(closed)}'::jsonb) v) where check_id = '${check.checkId}'`,
      'list',
    )
    await t.asOwner(`delete from spot_check_item where check_id = $1`, [check.checkId])
    expect(await found()).toMatchObject([{ what: 'does not hold the cases that were drawn' }])
  })
})
