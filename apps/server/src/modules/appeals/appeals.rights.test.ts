import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import {
  actOnAppeal,
  appeal,
  appealEvidence,
  citizenAnswers,
  oneMore,
  ratedHandler,
} from '../../../../../tests/support/appeals.ts'
import { aCase, act, evidence, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'

let t: TestApp
let handler: Official
let window: Official
let district: Official
let browser: Record<'window' | 'district', Browser>
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  window = await official(t, 'window-dh')
  district = await official(t, 'district-dh')
  browser = { window: await signIn(t, 'window-dh'), district: await signIn(t, 'district-dh') }
})
afterAll(() => t.close())

const verdict = { outcome: 'mistaken', reason: '证据充分。' }
const APPLICANT = { name: '赵小兰', idNumber: '990101199003072344', phone: '13812345678' }
const WORDS = '我叫赵小兰，电话13812345678，等了一上午'
const aNamedCase = () => aCase(t, { realName: true, words: WORDS }, { applicant: APPLICANT })

describe('who may appeal and who decides (Q99, Q100)', () => {
  it('Q99: neither another unit, nor a colleague, nor the authority appeals', async () => {
    const id = await aCase(t)
    const colleague = await oneMore(t, 'colleague', {
      role: 'window_staff',
      organizationId: DONGHU.department,
      staffNumber: DONGHU.colleague,
    })
    await expect(appeal(t, colleague, id, 'partly')).rejects.toMatchObject({ status: 404 })
    await expect(appeal(t, await official(t, 'handler-xl'), id, 'partly')).rejects.toMatchObject({
      status: 404,
    })
    await expect(appeal(t, district, id, 'partly')).rejects.toMatchObject({
      status: 403,
      code: 'appeal-not-yours',
    })
    expect(await t.services.appeals.filing(district, id)).toMatchObject({ allowed: false })
  })

  it('Q100: nobody decides in their own matter: not the unit, not who was rated, not who worked on the case', async () => {
    const id = await aCase(t)
    const verifier = await oneMore(t, 'promoted', { role: 'handler', organizationId: DONGHU.department })
    await act(t, handler, id, 'sign', { verifier: verifier.accountId })
    await appeal(t, handler, id)
    await citizenAnswers(t, id)
    const decide = (by: Official) => actOnAppeal(t, by, id, 'decide', verdict)
    const asDistrict = (who: Official, more: Partial<Official> = {}): Official => ({
      ...district,
      accountId: who.accountId,
      ...more,
    })
    await expect(decide(handler)).rejects.toMatchObject({ status: 403 })
    await expect(decide(asDistrict(verifier))).rejects.toMatchObject({
      status: 403,
      detail: expect.stringContaining('核实或办理过'),
    })
    await expect(decide(asDistrict(handler))).rejects.toMatchObject({ status: 403 })
    await expect(decide({ ...district, organizationId: DONGHU.department })).rejects.toMatchObject({
      detail: expect.stringContaining('本单位'),
    })
    await expect(decide({ ...district, staffNumber: DONGHU.staff })).rejects.toMatchObject({
      detail: expect.stringContaining('被评价人'),
    })
    await expect(decide(await official(t, 'district-xl'))).rejects.toMatchObject({ status: 404 })
    await expect(decide(await official(t, 'city'))).rejects.toMatchObject({
      status: 403,
      detail: expect.stringContaining('上一级主管部门'),
    })
    expect(await decide(district)).toMatchObject({ outcome: 'mistaken' })
  })

  it('the citizen’s part and the clock’s part are nobody else’s', async () => {
    const id = await aCase(t)
    await appeal(t, handler, id)
    for (const event of ['citizen_answer', 'become_final'])
      await expect(actOnAppeal(t, handler, id, event, { statement: 'x' })).rejects.toMatchObject({
        status: 403,
      })
    await expect(actOnAppeal(t, district, id, 'withdraw')).rejects.toMatchObject({ status: 403 })
    await expect(actOnAppeal(t, handler, id, 'delete')).rejects.toMatchObject({ code: 'event-unknown' })
  })
})

describe('what the one who was rated sees (R28, R29, P6)', () => {
  it('R29: the rating redacted by rule: no name, number, receipt, affair or moment, in any of its texts', async () => {
    const id = await aNamedCase()
    await appeal(t, window, id)
    await citizenAnswers(t, id, '本人赵小兰，身份证990101199003072344，请打13812345678。')
    await actOnAppeal(t, district, id, 'decide', {
      outcome: 'upheld',
      reason: '已电话联系赵小兰（13812345678）。',
    })
    await t.settle()
    const { rows } = await t.asOwner(
      `select e.receipt_number, e.submitted_at, v.affair_number from evaluation e join visit v using (evaluation_id, visit_id)
       where evaluation_id = $1`,
      [id],
    )
    for (const by of [window, handler, await ratedHandler(t)]) {
      const seen = await t.services.appeals.detail(by, id)
      expect(seen.rating).toMatchObject({
        redacted: true,
        level: 1,
        ratedOn: '2026-11-24',
        submittedAt: null,
      })
      expect(seen.rating.words).toContain('等了一上午')
      const whole = JSON.stringify(seen)
      for (const secret of [
        '赵小兰',
        '13812345678',
        '990101199003072344',
        rows[0].receipt_number,
        rows[0].affair_number,
      ])
        expect(whole).not.toContain(secret)
      expect(JSON.stringify(seen.rating)).not.toContain(rows[0].submitted_at.toISOString())
      expect(seen.timeline.map((entry) => entry.actorLabel)).toContain('县（市）区主管部门')
    }
    const own = JSON.stringify(await t.services.views.detail(window, id))
    for (const secret of ['赵小兰', '13812345678', rows[0].receipt_number])
      expect(own, 'where they find their rating to appeal against it').not.toContain(secret)
    const decider = await t.services.appeals.detail(district, id)
    expect(decider.rating).toMatchObject({
      redacted: false,
      words: WORDS,
      receiptNumber: rows[0].receipt_number,
    })
    expect(JSON.stringify(decider.timeline)).toContain('990101199003072344')
  })

  it('R28: who was rated is told the days of what happened, neither the minutes nor the places in the ledger', async () => {
    const id = await aNamedCase()
    t.clock.forward(123_456)
    await appeal(t, handler, id)
    t.clock.forward(123_456)
    await citizenAnswers(t, id)
    const answered = t.clock.now.toISOString()
    t.clock.forward(123_456)
    await actOnAppeal(t, district, id, 'decide', { outcome: 'mistaken', reason: '查无此事。' })
    t.clock.forward(123_456)
    await t.services.appeals.answerAppeal(id, 'request_reexamination', '不同意。')
    const asked = t.clock.now.toISOString()
    await t.settle()
    const rated = await oneMore(t, 'rated-head', {
      role: 'organization_head',
      organizationId: DONGHU.department,
      staffNumber: DONGHU.staff,
    })
    const browsers = [browser.window, await signIn(t, rated.username)]
    for (const by of browsers) {
      const answer = await by.get(`/api/v1/appeals/${id}`)
      const { timeline, clock, redacted } = answer.json()
      expect(redacted).toBe(true)
      expect(timeline).toHaveLength(4)
      for (const step of timeline) expect(step).toMatchObject({ at: '2026-11-24', position: null })
      expect(clock.startedAt).toBe('2026-11-24')
      for (const moment of [answered, asked]) expect(answer.body).not.toContain(moment.slice(0, 16))
    }
    for (const by of [handler, district]) {
      const { timeline, redacted } = await t.services.appeals.detail(by, id)
      expect(redacted).toBe(false)
      expect(timeline.map((step) => step.at)).toEqual(expect.arrayContaining([answered, asked]))
      expect(timeline.every((step) => step.position !== null)).toBe(true)
    }
  })

  it('R29: files of the appeal are read by both sides; those of the case stay where they are', async () => {
    const id = await aCase(t)
    const secret = await evidence(t, handler, id)
    const shown = await appealEvidence(t, window, id)
    await t.services.appeals.file(window, id, { claim: 'mistaken', statement: '见图', evidence: [shown] })
    for (const by of [browser.window, browser.district]) {
      const got = await by.get(`/api/v1/appeals/${id}/files/${shown}`)
      expect([got.statusCode, got.headers['content-type']]).toEqual([200, 'image/png'])
      expect((await by.get(`/api/v1/appeals/${id}/files/${secret}`)).json()).toMatchObject({
        code: 'file-unknown',
      })
    }
    const other = await signIn(t, 'district-xl')
    expect((await other.get(`/api/v1/appeals/${id}/files/${shown}`)).statusCode).toBe(404)
    await citizenAnswers(t, id)
    await expect(appealEvidence(t, handler, id), 'whose appeal it is').rejects.toMatchObject({ status: 403 })
  })
})

describe('the list of appeals', () => {
  it('R14: shows what is mine, what waits for my decision, and never another place', async () => {
    const list = (by: Official, view: 'mine' | 'to_decide' | 'all', more = {}) =>
      t.services.appeals.list(by, { view, ...more }, 100)
    const id = await aCase(t)
    await appeal(t, window, id)
    const has = async (by: Official, view: 'mine' | 'to_decide' | 'all') =>
      (await list(by, view)).items.some((item) => item.id === id)
    expect(await has(window, 'mine')).toBe(true)
    expect(await has(handler, 'mine')).toBe(false)
    expect(await has(handler, 'all')).toBe(true)
    expect(await has(district, 'to_decide')).toBe(true)
    expect(await has(await official(t, 'city'), 'to_decide')).toBe(false)
    expect(await has(await official(t, 'auditor-dh'), 'all')).toBe(true)
    expect(await has(await official(t, 'district-xl'), 'all')).toBe(false)
    expect((await list(await official(t, 'window-xl'), 'all')).counts.all).toBe(0)
    expect((await list(district, 'all', { state: 'withdrawn' })).items).toEqual([])
    const { counts } = await list(district, 'to_decide')
    expect(counts.toDecide).toBe((await list(district, 'to_decide')).items.length)
  })

  it('is read page by page, each appeal once, in both orders', async () => {
    for (const view of ['all', 'to_decide'] as const) {
      const whole = (await t.services.appeals.list(district, { view }, 100)).items.map(
        (item) => item.appealId,
      )
      expect(whole.length).toBeGreaterThan(2)
      const paged: string[] = []
      for (let after: string | undefined; ; ) {
        const answer = await browser.district.get(
          `/api/v1/appeals?view=${view}&pageSize=2${after ? `&after=${encodeURIComponent(after)}` : ''}`,
        )
        const page = answer.json<{ items: { appealId: string }[]; next: string | null }>()
        paged.push(...page.items.map((item) => item.appealId))
        if (!page.next) break
        after = page.next
      }
      expect(paged).toEqual(whole)
    }
    expect((await browser.district.get('/api/v1/appeals?after=x')).json()).toMatchObject({
      status: 400,
      code: 'cursor-unknown',
    })
  })
})
