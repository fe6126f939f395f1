import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { oneMore } from '../../../../../tests/support/appeals.ts'
import { act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { makeMatters } from '../../../../../tests/support/matters.ts'
import { aRating } from '../../../../../tests/support/rating.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import { anAffairNumber, aVisit } from '../../../../../tests/support/visits.ts'
import type { Official } from '../identity/official.ts'

// Of two ratings of one affair the second may be of somebody else: the case is about both of them.

const APPLICANT = { name: '赵小兰', idNumber: '990101199003072344', phone: '13812345678' }
/** Whatever tells a minute of a day; only clocks' ends, at midnight, may be told. */
const MOMENTS = /T(?!15:59:59)\d\d:\d\d/

let t: TestApp
let handler: Official
let second: Official
let browser: Browser
let id: string
let joined: string
const { findings } = makeMatters(
  () => t,
  () => handler,
)

async function rateBadly(affairNumber: string, visitNumber: number, staffNumber: string): Promise<string> {
  const servedAt = new Date(t.clock.now.getTime() - 600_000).toISOString()
  const [answer] = await t.services.affairs.report({ source: 'hall' }, [
    aVisit({ affairNumber, visitNumber, servedAt, staffNumber, applicant: APPLICANT }),
  ])
  if (!answer || answer.status === 'refused') throw new Error('refused')
  const words = `我叫赵小兰，第 ${visitNumber} 次也没办成`
  const receipt = await t.services.evaluations.submit(
    answer.token,
    aRating({ level: 1, realName: true, words }),
  )
  await t.settle()
  return receipt.evaluationId
}

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  second = await oneMore(t, 'second-rated', {
    role: 'handler',
    organizationId: DONGHU.department,
    staffNumber: DONGHU.colleague,
  })
  browser = await signIn(t, 'second-rated')
  const affair = anAffairNumber()
  id = await rateBadly(affair, 1, DONGHU.staff)
  joined = await rateBadly(affair, 2, DONGHU.colleague)
})
afterAll(() => t.close())

describe('a case about two who were rated', () => {
  it('R14, R29: neither verifies, handles or decides, whichever rating opened it', async () => {
    const seen = await t.services.rectification.detail(handler, id)
    expect(seen.sources.map((source) => source.evaluationId).toSorted()).toEqual([id, joined].toSorted())
    expect(seen.verifiers.map((person) => person.accountId)).not.toContain(second.accountId)
    await expect(act(t, handler, id, 'sign', { verifier: second.accountId })).rejects.toMatchObject({
      errors: [{ field: 'verifier' }],
    })
    expect((await t.services.rectification.detail(second, id)).actions).toEqual([])
    await expect(act(t, second, id, 'sign', { verifier: handler.accountId })).rejects.toMatchObject({
      code: 'event-not-allowed',
    })
  })

  it.each(['', '/sources', '/supervision', '/history'])(
    'R29: the second learns neither who rated nor at what minute: /cases/:id%s',
    async (more) => {
      const answer = await browser.get(`/api/v1/cases/${id}${more}`)
      expect(answer.statusCode).toBe(200)
      for (const secret of [...Object.values(APPLICANT), '小兰']) expect(answer.body).not.toContain(secret)
      expect(answer.body).not.toMatch(MOMENTS)
    },
  )

  it('R29: nor in the list, the register and the evidence', async () => {
    const list = await browser.get('/api/v1/cases')
    expect(list.json().items).toMatchObject([{ id, openedAt: '2026-11-24', stateSince: '2026-11-24' }])
    const { items } = await t.services.registers.callbacks(second, {})
    expect(items).toMatchObject([{ id, openedAt: '2026-11-24' }])
    const file = await evidence(t, handler, id)
    await expect(t.services.rectification.file(second, id, file)).rejects.toMatchObject({
      code: 'own-rating',
    })
    await expect(evidence(t, second, id)).rejects.toMatchObject({ code: 'event-not-allowed' })
  })

  it('R28: is not told of what happens to it, and answers no order on it', async () => {
    const city = await official(t, 'city')
    await t.services.supervision.orders.issue(city, id, { kind: 'urge', demand: '请尽快签收。' })
    await t.settle()
    const told = async (of: Official) =>
      (await t.services.notifications.inbox.list(of, { unread: false }, 1, 20)).items.filter(
        (item) => item.path === `/cases/${id}`,
      )
    expect((await told(handler)).map((item) => item.urgent)).toContain(true)
    expect((await told(second)).filter((item) => item.urgent)).toEqual([])
    const { orders } = await t.services.supervision.ofCase(second, id)
    expect(orders).toMatchObject([{ actions: [], steps: [{ texts: [] }] }])
    await expect(
      t.services.supervision.orders.act(second, id, orders[0]!.orderId, 'answer', {
        version: 1,
        values: { answer: '已签收', evidence: [] },
      }),
    ).rejects.toMatchObject({ code: 'event-not-allowed' })
  })

  it('is found out of a database from before it was kept', async () => {
    const kept = async () =>
      (await t.asOwner(`select evaluation_id, joined_staff from rectification_case order by 1`)).rows
    const before = await kept()
    expect(before).toMatchObject([{ evaluation_id: id, joined_staff: [DONGHU.colleague] }])
    await t.asOwner('alter table rectification_case drop joined_staff')
    await t.asOwner(
      readFileSync(new URL('../../../../../database/migrations/0020_rated.sql', import.meta.url), 'utf8'),
    )
    expect(await kept()).toEqual(before)
  })

  it('R30: the ledger names a case from which one of them was struck', async () => {
    expect(await findings()).toEqual([])
    await t.asOwner(`update rectification_case set joined_staff = '{}' where evaluation_id = $1`, [id])
    expect(await findings()).toMatchObject([{ what: expect.stringContaining('joinedStaff') }])
  })
})
