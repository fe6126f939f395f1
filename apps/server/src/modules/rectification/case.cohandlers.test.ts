import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, evidence, journalOf, official } from '../../../../../tests/support/cases.ts'
import { HELPER, type HelpingCity, helpingCity } from '../../../../../tests/support/co-handling.ts'
import { XILING } from '../../../../../tests/support/longming.ts'
import type { Official } from '../identity/official.ts'

// Several organisations handle a case: one leads, the others report, and nothing is answered over their heads.

let all: HelpingCity
let t: TestApp
let handler: Official
let district: Official
let city: Official
let helper: Official
/** of another district */
let neighbour: Official
beforeAll(async () => {
  all = await helpingCity()
  ;({ t, handler, district, city, helper } = all)
  neighbour = await official(t, 'handler-xl')
})
afterAll(() => t.close())

const cases = () => t.services.rectification
const seen = (id: string, by = handler) => cases().detail(by, id)
const eventsOf = async (id: string, by: Official) => (await seen(id, by)).actions.map((one) => one.event)
const sign: HelpingCity['sign'] = (id) => all.sign(id)
const add: HelpingCity['add'] = (...given) => all.add(...given)
const remove: HelpingCity['remove'] = (...given) => all.remove(...given)
const report: HelpingCity['report'] = (...given) => all.report(...given)
const ready = () => all.ready()
const send = (id: string) => act(t, handler, id, 'reply', { reply: '问题已经解决。' })
const goOn = (id: string) => act(t, handler, id, 'go_on_without', { reason: '系统已由厂家修复' })

describe('who handles a case together', () => {
  it('Q62: a co-handler is named from above, sees the case, reports, and decides nothing', async () => {
    const id = await aCase(t)
    await expect(seen(id, helper)).rejects.toMatchObject({ code: 'case-unknown' })
    await add(id)
    await expect(add(id)).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('已经是协办单位') }],
    })
    await sign(id)
    expect(await eventsOf(id, helper)).toEqual(['co_report'])
    const reported = await report(id)
    expect(reported.parties).toMatchObject([
      { organizationId: HELPER, kind: 'co', until: null, reported: true },
    ])
    expect(reported.timeline.at(-1)).toMatchObject({
      label: '提交协办情况',
      facts: [{ label: '协办单位', value: '东湖区政务服务局' }],
    })
    expect((await cases().list(helper, {}, 1, 20)).items.map((row) => row.id)).toContain(id)
    await expect(act(t, helper, id, 'fix_now', { finding: '已查' })).rejects.toMatchObject({ status: 403 })
  })

  it('R14, Q62: the reply waits for the report of every co-handler', async () => {
    const id = await ready()
    await expect(send(id)).rejects.toMatchObject({
      code: 'invalid',
      detail: expect.stringContaining('还有协办单位没有提交协办情况'),
    })
    await report(id)
    expect(await send(id)).toMatchObject({ state: 'resurvey' })
    await cases().answerSurvey(id, { answer: 'satisfied' })
    expect((await seen(id)).state).toBe('closed')
  })

  it('R14, Q62: of two, one report is not enough', async () => {
    const id = await aCase(t)
    await add(id)
    await add(id, XILING.department, city)
    await sign(id)
    await act(t, handler, id, 'fix_now', { finding: '属实' })
    await report(id)
    await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
    await expect(send(id)).rejects.toMatchObject({ code: 'invalid' })
    await report(id, neighbour)
    expect(await send(id)).toMatchObject({ state: 'resurvey' })
    expect((await journalOf(t, id)).at(-1)?.payload).toMatchObject({
      reportedPaths: ['/lm/lm-dh/lm-dh-zsj/', '/lm/lm-xl/lm-xl-gaj/'],
      reportsWaived: false,
    })
  })

  it('R14: or the lead says why it does not wait, which stands in the journal', async () => {
    const id = await ready()
    expect(await eventsOf(id, handler)).toContain('go_on_without')
    expect(await eventsOf(id, district)).not.toContain('go_on_without')
    await expect(act(t, handler, id, 'go_on_without', {})).rejects.toMatchObject({
      errors: [{ field: 'reason' }],
    })
    const waived = await goOn(id)
    expect(waived.timeline.at(-1)).toMatchObject({
      label: '不等协办情况，继续办理',
      texts: [{ label: '不等协办情况的理由', text: '系统已由厂家修复' }],
    })
    expect(await eventsOf(id, handler)).not.toContain('go_on_without')
    expect(await send(id)).toMatchObject({ state: 'resurvey' })
    expect((await journalOf(t, id)).map(({ kind }) => kind)).toContain('case.go_on_without')
  })

  it('R14: what the lead would not wait for are those of before: another co-handler is waited for', async () => {
    const id = await aCase(t)
    await add(id)
    await sign(id)
    await goOn(id)
    await add(id, XILING.department, city)
    await act(t, handler, id, 'fix_now', { finding: '属实' })
    await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
    await expect(send(id)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('R17: found unsolved, the case needs their reports anew', async () => {
    const id = await ready()
    await report(id)
    await send(id)
    await cases().answerSurvey(id, { answer: 'unsolved' })
    expect((await seen(id)).parties).toMatchObject([{ kind: 'co', reported: false }])
    await act(t, district, id, 'direct_again', { instruction: '请重新核实。' })
    await sign(id)
    await act(t, handler, id, 'fix_now', { finding: '属实' })
    await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
    await expect(send(id)).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('a co-handler that is taken off a case', () => {
  it('Q62: by the lead with a reason, or by the level above; it sees the case no longer and can do nothing', async () => {
    for (const by of [handler, district]) {
      const id = await ready()
      const file = await evidence(t, helper, id)
      const { version } = await seen(id, helper)
      await expect(act(t, by, id, 'remove_co_handler', { organization: HELPER })).rejects.toMatchObject({
        errors: [{ field: 'reason' }],
      })
      const removed = await remove(id, by)
      expect(removed.parties).toMatchObject([
        { organizationId: HELPER, kind: 'co', until: t.clock.now.toISOString() },
      ])
      await expect(seen(id, helper)).rejects.toMatchObject({ code: 'case-unknown' })
      await expect(
        cases().act(helper, id, 'co_report', { version, values: { done: '已改', evidence: [file] } }),
      ).rejects.toMatchObject({ status: 404, code: 'case-unknown' })
      await expect(
        cases().attach(helper, id, { name: 'a.png', content: Buffer.from('x') }),
      ).rejects.toMatchObject({
        code: 'case-unknown',
      })
      expect(await send(id)).toMatchObject({ state: 'resurvey' })
    }
  })

  it('Q62: cannot be taken off by another co-handler, nor twice, nor when it never helped', async () => {
    const id = await ready()
    await expect(remove(id, helper)).rejects.toMatchObject({ status: 403, code: 'event-not-allowed' })
    await expect(remove(id, handler, XILING.department)).rejects.toMatchObject({
      errors: [{ field: 'organization', message: expect.stringContaining('不是现在的协办单位') }],
    })
    await remove(id)
    await expect(remove(id)).rejects.toMatchObject({ detail: expect.stringContaining('没有协办单位') })
  })

  it('Q62: asked again, its report is needed again', async () => {
    const id = await aCase(t)
    await add(id)
    await sign(id)
    await report(id)
    await remove(id)
    await add(id)
    await act(t, handler, id, 'fix_now', { finding: '属实' })
    await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
    await expect(send(id)).rejects.toMatchObject({ code: 'invalid' })
    await report(id)
    expect(await send(id)).toMatchObject({ state: 'resurvey' })
  })
})

describe('two officials at once', () => {
  const outcomes = (results: PromiseSettledResult<unknown>[]) =>
    results.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code)).sort()

  it('R14: a report and the removal of who gives it: one happens, the other is told that it came too late', async () => {
    for (let i = 0; i < 5; i++) {
      const id = await ready()
      const file = await evidence(t, helper, id)
      const { version } = await seen(id)
      const results = await Promise.allSettled([
        cases().act(helper, id, 'co_report', { version, values: { done: '已改', evidence: [file] } }),
        cases().act(handler, id, 'remove_co_handler', {
          version,
          values: { organization: HELPER, reason: '与该单位无关' },
        }),
      ])
      const [reported, removed] = results.map((one) => one.status === 'fulfilled')
      expect(Number(reported) + Number(removed), outcomes(results).join()).toBe(1)
      expect(outcomes(results)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(case-stale|case-unknown)$/)]),
      )
    }
  })

  it('R14: a reply and one more co-handler: it is never answered with a report open that nobody gave up', async () => {
    for (let i = 0; i < 5; i++) {
      const id = await aCase(t)
      await sign(id)
      await act(t, handler, id, 'explain', { finding: '已查', legalBasis: '规定' })
      const { version } = await seen(id)
      const results = await Promise.allSettled([
        cases().act(handler, id, 'explained', { version, values: { explanation: '说明' } }),
        cases().act(district, id, 'add_co_handler', {
          version,
          values: { organization: HELPER, note: '请协助' },
        }),
      ])
      expect(outcomes(results)).toEqual(['case-stale', 'done'])
      const now = await seen(id)
      if (now.state === 'explaining') await act(t, handler, id, 'explained', { explanation: '说明' })
      if (now.parties.length === 0) expect(await send(id)).toMatchObject({ state: 'resurvey' })
      else await expect(send(id)).rejects.toMatchObject({ code: 'invalid' })
    }
  })

  it('Q62: a stale page is refused, and nothing of it is written', async () => {
    const id = await ready()
    const { version } = await seen(id)
    await report(id)
    const before = (await journalOf(t, id)).length
    await expect(
      cases().act(handler, id, 'go_on_without', { version, values: { reason: '不再等待' } }),
    ).rejects.toMatchObject({ status: 409, code: 'case-stale' })
    expect(await journalOf(t, id)).toHaveLength(before)
  })
})
