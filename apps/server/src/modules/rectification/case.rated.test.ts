import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { oneMore, ratedHandler } from '../../../../../tests/support/appeals.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'

const APPLICANT = { name: '赵小兰', idNumber: '990101199003072344', phone: '13812345678' }
const WORDS = '我叫赵小兰，电话13812345678，等了一上午'
const DAY = '2026-11-24'
/** Whatever tells a minute of the day the rating was given on: only clocks' ends, at midnight, may be told. */
const MOMENTS = /2026-11-24T(?!15:59:59)\d\d:\d\d/

let t: TestApp
let id: string
let rated: Browser
let window: Browser
let head: Browser
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  await ratedHandler(t)
  rated = await signIn(t, 'rated-handler')
  window = await signIn(t, 'window-dh')
  head = await signIn(t, 'head-dh')
  id = await aCase(t, { realName: true, words: WORDS }, { applicant: APPLICANT })
  const handler = await official(t, 'handler-dh')
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  await act(t, handler, id, 'record_contact', { result: 'reached', note: '赵小兰称等了两小时' })
  await act(t, handler, id, 'explain', { finding: '赵小兰材料不全', legalBasis: '《居民身份证法》' })
  await act(t, handler, id, 'explained', { explanation: '已向赵小兰说明' })
  await act(t, handler, id, 'reply', { reply: '赵小兰您好，审核需要五个工作日。' })
  await t.settle()
})
afterAll(() => t.close())

const secrets = async () => {
  const { rows } = await t.asOwner(
    `select e.receipt_number, v.affair_number from evaluation e join visit v using (evaluation_id, visit_id)
     where evaluation_id = $1`,
    [id],
  )
  return [...Object.values(APPLICANT), ...Object.values<string>(rows[0]), '小兰']
}

describe('what whoever was rated learns of their own case (R28, R29)', () => {
  it.each(['', '/sources', '/supervision', '/history', '/guide'])(
    'R29: neither who rated nor at what minute, whatever they ask: /cases/:id%s',
    async (more) => {
      const answer = await rated.get(`/api/v1/cases/${id}${more}`)
      expect(answer.statusCode).toBe(200)
      for (const secret of await secrets()) expect(answer.body).not.toContain(secret)
      expect(answer.body).not.toMatch(MOMENTS)
    },
  )

  it('R29: what was said and answered, with names and numbers masked by rule, and nothing that officials noted', async () => {
    const seen = (await rated.get(`/api/v1/cases/${id}`)).json()
    expect(seen).toMatchObject({
      redacted: true,
      openedAt: DAY,
      evaluation: { submittedAt: null, ratedOn: DAY, evaluatorMasked: null, proof: { position: null } },
      affair: { affairNumber: null, servedAt: null },
    })
    expect(seen.evaluation.words).toContain('等了一上午')
    expect(seen.reply).toContain('审核需要五个工作日')
    const texts = Object.fromEntries(
      seen.timeline.map((entry: { kind: string; texts: { text: string }[] }) => [
        entry.kind,
        entry.texts.map(({ text }) => text).join(),
      ]),
    )
    expect(texts['evaluation.submitted']).toContain('等了一上午')
    expect(texts['case.reply']).toContain('审核需要五个工作日')
    for (const kind of ['case.record_contact', 'case.explain', 'case.explained']) expect(texts[kind]).toBe('')
    for (const entry of seen.timeline) expect(entry).toMatchObject({ at: DAY, position: null, files: [] })
    const [{ words, at, number }] = (await rated.get(`/api/v1/cases/${id}/sources`)).json().items
    expect([at, number]).toEqual([DAY, null])
    expect(words).toContain('等了一上午')
  })

  it('R29: in the list of cases the day alone', async () => {
    const { items } = (await rated.get('/api/v1/cases')).json()
    expect(items.find((item: { id: string }) => item.id === id)).toMatchObject({
      openedAt: DAY,
      stateSince: DAY,
    })
  })

  it('R29: in the register of call-backs the day alone, whatever post they hold', async () => {
    const chief = await oneMore(t, 'rated-head', {
      role: 'organization_head',
      organizationId: DONGHU.department,
      staffNumber: DONGHU.staff,
    })
    const { items } = await t.services.registers.callbacks(chief, {})
    expect(items).toMatchObject([{ id, openedAt: DAY, attempts: 1 }])
    expect(items[0]!.lastContactAt).toBe(DAY)
    const { items: others } = await t.services.registers.callbacks(await official(t, 'head-dh'), {})
    expect(others[0]!.openedAt).toBe('2026-11-24T02:00:00.000Z')
    const [head, row] = await readSheet(await t.services.registers.callbacksFile(chief, {}))
    expect(row![head!.indexOf('产生时间')]).toBe(DAY)
  })

  it('R29: at the window, of a rating and in the list of ratings, the day alone', async () => {
    const answers = [await window.get(`/api/v1/evaluations/${id}`), await window.get('/api/v1/evaluations')]
    for (const { statusCode, body } of answers) {
      expect(statusCode).toBe(200)
      for (const secret of await secrets()) expect(body).not.toContain(secret)
      expect(body).not.toMatch(/T\d\d:\d\d/)
    }
    expect(answers[0]!.json()).toMatchObject({ redacted: true, submittedAt: null, ratedOn: DAY })
    expect(answers[0]!.json().words).toContain('等了一上午')
  })

  it('R24: whoever handles the case reads every word and minute, and the place in the ledger', async () => {
    const seen = (await head.get(`/api/v1/cases/${id}`)).json()
    expect(seen).toMatchObject({ redacted: false, reply: expect.stringContaining('赵小兰您好') })
    expect(seen.evaluation).toMatchObject({ words: WORDS, submittedAt: '2026-11-24T02:00:00.000Z' })
    for (const entry of seen.timeline) {
      expect(entry.at).toMatch(/T\d\d:\d\d/)
      expect(entry.position).toEqual(expect.any(Number))
    }
  })
})
