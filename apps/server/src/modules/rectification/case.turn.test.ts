import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { oneMore } from '../../../../../tests/support/appeals.ts'
import { aCase, act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at as place } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { anAffairNumber } from '../../../../../tests/support/visits.ts'
import { csvFile, system } from '../catalog/longming.fixture.ts'
import type { Official } from '../identity/official.ts'
import type { Role } from '../identity/permissions.ts'

// 现在该我办: by the state table the next act on each case is somebody's, and it stands in their view alone.

const TUESDAY = new Date('2026-11-24T10:00:00+08:00')
const STATION = 'lm-dh-pcs'
const MANAGEMENT = 'lm-dh-zsj'
let t: TestApp
const who = new Map<string, Official>()
const by = (name: string) => who.get(name)!
const cases = () => t.services.rectification

async function another(username: string, role: Role, organizationId: string, staffNumber?: string) {
  who.set(username, await oneMore(t, username, { role, organizationId, ...(staffNumber && { staffNumber }) }))
}
const employ = (name: string, active: boolean) =>
  t.services.identity.changeAccount(by('city-admin'), by(name).accountId, { active })

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  await t.services.catalog.importAll(
    [
      csvFile(
        'organizations',
        `id,parent_id,name,short_name,kind,region_code,is_management_body
${STATION},lm-dh-gaj,东湖派出所,东湖派出所,department,990101000000,否`,
      ),
    ],
    system,
  )
  for (const name of [
    'handler-dh',
    'head-dh',
    'district-dh',
    'handler-xl',
    'city',
    'city-auditor',
    'city-admin',
  ] as const)
    who.set(name, await official(t, name))
  await another('helper', 'handler', MANAGEMENT)
})
beforeEach(() => {
  t.clock.now = TUESDAY
})
afterAll(() => t.close())

/** Whose turn a case is, by their views, each walked page by page. */
async function turnOf(id: string): Promise<string[]> {
  const found: string[] = []
  for (const [name, one] of who) {
    if (!one.permissions.includes('cases.read')) continue
    const ids: string[] = []
    for (let after: string | null | undefined; after !== null; ) {
      const page = await cases().list(one, { turn: true }, 1, 3, after)
      ids.push(...page.items.map((row) => row.id))
      after = page.next
    }
    expect(ids.length, `${name}: what is counted is what is listed`).toBe((await cases().counts(one)).turn)
    if (ids.includes(id)) found.push(name)
  }
  return found
}
const verifier = () => by('handler-dh')
const does = (
  id: string,
  event: string,
  values: Record<string, string | string[]> = {},
  name = 'handler-dh',
) => act(t, by(name), id, event, values)
const sign = (id: string) => does(id, 'sign', { verifier: verifier().accountId })
const proof = (id: string) => evidence(t, verifier(), id)
const signed = async () => {
  const id = await aCase(t)
  await sign(id)
  return id
}
/** Puts a case at another organisation as if it had been handled there. */
const moveTo = (id: string, organization: string, path: string) =>
  t.asOwner(
    'update rectification_case set organization_id = $2, organization_path = $3 where evaluation_id = $1',
    [id, organization, path],
  )

describe('whose turn it is', () => {
  it('R14–R17: follows a case through its states: to sign, at work, with the citizen, one level up', async () => {
    const id = await aCase(t)
    expect(await turnOf(id), 'whoever is at the organisation signs').toEqual(['handler-dh', 'head-dh'])
    await sign(id)
    expect(await turnOf(id)).toEqual(['handler-dh'])
    await does(id, 'change_verifier', { verifier: by('head-dh').accountId, reason: '休假' })
    expect(await turnOf(id)).toEqual(['head-dh'])
    await does(id, 'change_verifier', { verifier: verifier().accountId, reason: '回岗' })
    await does(id, 'ask_citizen', { question: '哪个窗口？' })
    expect(await turnOf(id), 'the citizen is asked').toEqual([])
    expect((await cases().list(verifier(), { mine: true }, 1, 50)).items.map((row) => row.id)).toContain(id)
    await cases().supply(id, '三号窗口')
    expect(await turnOf(id)).toEqual(['handler-dh'])
    await does(id, 'propose_transfer', { organization: MANAGEMENT, reason: '不归我单位' })
    expect(await turnOf(id), 'the district decides').toEqual(['district-dh'])
    await does(id, 'refuse_transfer', { note: '由你单位办理' }, 'district-dh')
    await does(id, 'fix_now', { finding: '属实' })
    await does(id, 'complete', { done: '已改', evidence: [await proof(id)] })
    expect(await turnOf(id)).toEqual(['handler-dh'])
    await does(id, 'reply', { reply: '已经解决。' })
    expect(await turnOf(id), 'the citizen answers').toEqual([])
    await cases().answerSurvey(id, { answer: 'unsolved', words: '还是不行' })
    expect(await turnOf(id), 'the level above looks at it again').toEqual(['district-dh'])
    await does(id, 'direct_again', { instruction: '重新办理' }, 'district-dh')
    expect(await turnOf(id)).toEqual(['handler-dh', 'head-dh'])
  })

  it('Q65: whoever asked for a later date waits for it, until the promised day comes first', async () => {
    const plan = { finding: '系统老旧', plan: '更换设备', owner: '王主任' }
    const [later, soon] = [await signed(), await signed()]
    await does(later, 'promise', { ...plan, promisedOn: '2026-12-04' })
    await does(soon, 'promise', { ...plan, promisedOn: '2026-11-25' })
    for (const id of [later, soon])
      await does(id, 'request_extension', { newDate: '2026-12-11', reason: '设备未到货' })
    expect(await turnOf(later)).toEqual(['district-dh'])
    expect((await turnOf(soon)).toSorted()).toEqual(['district-dh', 'handler-dh'])
    await does(later, 'approve_extension', { note: '同意' }, 'district-dh')
    expect(await turnOf(later)).toEqual(['handler-dh'])
  })

  it('R15: a proposal not to adopt is the management body’s, or whoever answers for it', async () => {
    const id = await signed()
    await does(id, 'propose_rejection', {
      rejectionReason: 'mistaken',
      finding: '评错了',
      evidence: [await proof(id)],
    })
    expect(await turnOf(id)).toEqual(['district-dh'])
    await another('management', 'district_authority', MANAGEMENT)
    expect(await turnOf(id), 'who stands beside does not see it').toEqual(['district-dh'])
    who.delete('management')
    await employ('district-dh', false)
    const district = by('district-dh')
    who.delete('district-dh')
    expect(await turnOf(id), 'where nobody is left there, the next above').toEqual(['city'])
    who.set('district-dh', district)
    await employ('district-dh', true)
    expect(await turnOf(id)).toEqual(['district-dh'])
    await does(id, 'refuse_rejection', { note: '再查' }, 'district-dh')
    expect(await turnOf(id)).toEqual(['handler-dh'])
  })

  it('R17: the level above is the nearest authority on the way up, however many levels lie between', async () => {
    const [station, department] = [await signed(), await signed()]
    for (const id of [station, department])
      await does(id, 'propose_transfer', { organization: MANAGEMENT, reason: '不归我单位' })
    await moveTo(station, STATION, `/lm/lm-dh/lm-dh-gaj/${STATION}/`)
    expect(await turnOf(station)).toEqual(['district-dh'])
    await moveTo(department, DONGHU.organization, '/lm/lm-dh/')
    expect(await turnOf(department), 'a district does not decide on itself').toEqual(['city'])
    await moveTo(department, 'lm', '/lm/')
    expect(await turnOf(department), 'above the root there is nobody').toEqual(['city'])
    for (const id of [station, department]) await moveTo(id, DONGHU.department, '/lm/lm-dh/lm-dh-gaj/')
  })

  it('Q62: whoever helps owes a report, until it is in or nobody waits for it', async () => {
    const [reported, waived] = [await signed(), await signed()]
    for (const id of [reported, waived])
      await does(id, 'add_co_handler', { organization: MANAGEMENT, note: '请协助' }, 'district-dh')
    expect((await turnOf(reported)).toSorted()).toEqual(['handler-dh', 'helper'])
    await does(
      reported,
      'co_report',
      { done: '已查', evidence: [await evidence(t, by('helper'), reported)] },
      'helper',
    )
    await does(waived, 'go_on_without', { reason: '已由厂家修复' })
    for (const id of [reported, waived]) expect(await turnOf(id)).toEqual(['handler-dh'])
  })

  it('R14, R28: what its verifier can no longer do is anybody’s of the organisation, but never of whoever was rated', async () => {
    await another('leaver', 'handler', DONGHU.department)
    await another('rated', 'handler', DONGHU.department, DONGHU.staff)
    const [left, about, joined] = [await signed(), await aCase(t), await signed()]
    await does(left, 'change_verifier', { verifier: by('leaver').accountId, reason: '分工' })
    expect(await turnOf(left)).toEqual(['leaver'])
    await employ('leaver', false)
    who.delete('leaver')
    expect(await turnOf(left), 'not of the one it is about').toEqual(['handler-dh', 'head-dh'])
    expect(await turnOf(about)).toEqual(['handler-dh', 'head-dh'])
    await t.asOwner(
      `update rectification_case set staff_number = '', verifier_id = $2, joined_staff = array[$3] where evaluation_id = $1`,
      [joined, by('rated').accountId, DONGHU.staff],
    )
    expect(await turnOf(joined), 'a second rating was of the verifier').toEqual(['handler-dh', 'head-dh'])
    const [affairNumber, good] = [anAffairNumber(), { level: 4 as const }]
    await aCase(t, good, { affairNumber, visitNumber: 1, staffNumber: DONGHU.staff })
    const beside = await aCase(t, {}, { affairNumber, visitNumber: 2, staffNumber: DONGHU.colleague })
    expect(await turnOf(beside), 'rated over the same affair').toEqual(['handler-dh', 'head-dh'])
  })

  it('R14: no open case is nobody’s turn but what waits for the citizen', async () => {
    const { rows } = await t.asOwner(
      `select evaluation_id as id, state from rectification_case where state <> 'closed'`,
    )
    expect(rows.length).toBeGreaterThan(8)
    for (const { id, state } of rows)
      expect((await turnOf(id)).length > 0, state).toBe(state !== 'waiting' && state !== 'resurvey')
  })
})

describe('what is over and what is late', () => {
  it('R20: the time of the level above that is over is nobody’s lateness; the list of the late is what the figures count', async () => {
    t.clock.now = new Date('2026-12-07T09:00:00+08:00')
    for (const chore of cases().chores) await chore.run()
    await t.settle()
    const ids = async (due: 'overdue' | 'late') =>
      (await cases().list(by('city'), { due }, 1, 100)).items.map((row) => row.id)
    const [over, late] = [await ids('overdue'), await ids('late')]
    const awaited = await t.asOwner(
      `select evaluation_id as id from rectification_case where state = 'transfer_proposed' and not overdue`,
    )
    expect(late.length).toBeGreaterThan(0)
    expect(over).toEqual(expect.arrayContaining(late))
    expect(over.length).toBeGreaterThan(late.length)
    expect(awaited.rows.length).toBeGreaterThan(0)
    for (const row of awaited.rows) expect(late).not.toContain(row.id)
    const board = await t.services.statistics.dashboard(by('city'), {})
    expect(board.cases.overdue).toBe(late.length)
  })
})

describe('the view over HTTP', () => {
  it('R14: goes with other filters, page by page, and is empty for whoever only looks on', async () => {
    const browser = await signIn(t, 'handler-dh')
    const elsewhere = await aCase(t, {}, place(XILING))
    const ids = (answer: { items: { id: string }[] }) => answer.items.map((row) => row.id)
    const whole = (await browser.get('/api/v1/cases?turn=me&pageSize=100')).json()
    const { turn, open } = (await browser.get('/api/v1/cases/counts')).json()
    expect(whole.total).toBe(turn)
    expect(turn).toBeLessThan(open)
    expect(ids(whole)).not.toContain(elsewhere)
    const first = (await browser.get('/api/v1/cases?turn=me&pageSize=2')).json()
    const second = (await browser.get(`/api/v1/cases?turn=me&pageSize=2&after=${first.next}`)).json()
    expect([...ids(first), ...ids(second)]).toEqual(ids(whole).slice(0, 4))
    const narrowed = (await browser.get('/api/v1/cases?turn=me&state=to_sign&level=1&pageSize=100')).json()
    expect(narrowed.items.every((row: { state: string }) => row.state === 'to_sign')).toBe(true)
    expect((await browser.get('/api/v1/cases?turn=all&pageSize=100')).json().total).toBe(open)
    expect((await browser.get('/api/v1/cases?turn=nobody')).json().detail).toMatch(/me 或 all/)
    const auditor = await signIn(t, 'city-auditor')
    expect((await auditor.get('/api/v1/cases?turn=me')).json()).toMatchObject({ items: [], total: 0 })
    expect((await auditor.get('/api/v1/cases/counts')).json().turn).toBe(0)
  })
})
