import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { complain } from '../../../../../tests/support/complaints.ts'
import { testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'

const DAY = 86_400_000
interface Entry {
  position: number
  entryId: string
  subjectId: string
  kind: string
  actorLabel: string
}
interface Page {
  items: Entry[]
  next: string | null
  previous: string | null
  waiting: number
}

let t: TestApp
let city: Awaited<ReturnType<typeof signIn>>
let local: typeof city
let handler: Official
let own: string
let abroad: string
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  own = await aCase(t)
  abroad = await aCase(t, {}, at(XILING))
  handler = await official(t, 'handler-dh')
  t.clock.forward(DAY)
  await act(t, handler, own, 'sign', { verifier: handler.accountId })
  city = await signIn(t, 'city-auditor')
  local = await signIn(t, 'auditor-dh')
  await t.settle()
})
afterAll(() => t.close())

const page = async (query: string, browser = city) =>
  (await browser.get(`/api/v1/journal?${query}`)).json<Page>()
const kinds = async (query: string, browser = city) =>
  (await page(query, browser)).items.map(({ kind, subjectId }) => [kind, subjectId])

describe('the journal as the auditor reads it (R21)', () => {
  it('goes from page to page in the order of the ledger, passing nothing over, though entries come meanwhile', async () => {
    const { items: whole } = await page('pageSize=100')
    expect(whole.map((entry) => entry.position)).toEqual(whole.map((_, i) => whole.length - 1 - i))
    const first = await page('pageSize=2')
    await rate(t, { level: 5 })
    await t.settle()
    const read = [...first.items]
    for (let { next } = first; next !== null; ) {
      const more = await page(`pageSize=2&after=${next}`)
      read.push(...more.items)
      next = more.next
    }
    expect(read).toEqual(whole)
  })

  it('goes back the way it came, to the first page at the end', async () => {
    const pages = [await page('pageSize=5')]
    while (pages.at(-1)!.next) pages.push(await page(`pageSize=5&after=${pages.at(-1)!.next}`))
    expect(pages.length).toBeGreaterThan(3)
    const back = [pages.at(-1)!]
    while (back[0]!.previous) back.unshift(await page(`pageSize=5&after=${back[0]!.previous}`))
    const shown = (some: Page[]) => some.map(({ items }) => items)
    expect(shown([pages[0]!, ...back])).toEqual(shown(pages))
  })

  it('counts what is not sealed yet', async () => {
    const before = await page('pageSize=1')
    expect(before.waiting).toBe(0)
    await rate(t, { level: 5 })
    const meanwhile = await page('pageSize=1')
    expect(meanwhile).toMatchObject({ items: before.items, waiting: 2 })
    await t.settle()
    const after = await page('pageSize=2')
    expect(after.waiting).toBe(0)
    expect(after.items.map(({ kind }) => kind).toSorted()).toEqual(['evaluation.submitted', 'visit.reported'])
  })

  it('of one rating, by its receipt, its case or its id', async () => {
    const { receiptNumber } = (await (await signIn(t, 'handler-dh')).get(`/api/v1/evaluations/${own}`)).json()
    const { caseNumber } = await t.services.rectification.detail(handler, own)
    const all = [
      ['case.sign', own],
      ['case.opened', own],
      ['evaluation.submitted', own],
    ]
    for (const subject of [receiptNumber, caseNumber, own, ` ${caseNumber.toLowerCase()} `])
      expect(
        (await kinds(`subject=${encodeURIComponent(subject)}&pageSize=100`)).filter(([kind]) =>
          /^(case|evaluation)\./.test(kind!),
        ),
        subject,
      ).toEqual(all)
    const { complaintNumber, id } = await complain(t)
    await t.settle()
    expect(await kinds(`subject=${complaintNumber}&kind=complaint.received`)).toEqual([
      ['complaint.received', id],
    ])
  })

  it('by who did it: one official, everybody of a sort', async () => {
    const mine = `actor=${encodeURIComponent(`account:${handler.accountId}`)}`
    expect(await kinds(`${mine}&kind=case.sign`)).toEqual([['case.sign', own]])
    const { items } = await page('actor=account&pageSize=100')
    expect(items.length).toBeGreaterThan(1)
    expect(items.every((entry) => !['评价人', '系统'].includes(entry.actorLabel))).toBe(true)
    expect(await kinds('actor=citizen&kind=case.sign')).toEqual([])
    expect((await page('actor=citizen')).items[0]).toMatchObject({
      kind: 'evaluation.submitted',
      actorLabel: '评价人',
    })
  })

  it('by days of Shanghai, the last one whole', async () => {
    const day = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
    const [before, today] = [day(t.clock.now.getTime() - DAY), day(t.clock.now.getTime())]
    expect(await kinds(`subject=${own}&from=${today}&to=${today}`)).toEqual([['case.sign', own]])
    expect((await kinds(`subject=${own}&to=${before}`)).map(([kind]) => kind)).not.toContain('case.sign')
    expect((await kinds(`subject=${own}&to=${before}`)).map(([kind]) => kind)).toContain('case.opened')
  })

  it('R28: an auditor of a district finds nothing of another place, neither by number nor by id nor by name', async () => {
    const { caseNumber } = await t.services.rectification.detail(await official(t, 'handler-xl'), abroad)
    expect((await local.get(`/api/v1/journal?subject=${caseNumber}`)).json()).toMatchObject({
      status: 404,
      code: 'subject-unknown',
    })
    expect(await kinds(`subject=${abroad}`, local)).toEqual([])
    expect((await kinds(`subject=${abroad}`)).length).toBeGreaterThan(0)
    const called = async (browser: typeof city) =>
      (await browser.get('/api/v1/journal/actors?q=handler'))
        .json<{ items: { label: string }[] }>()
        .items.map(({ label }) => label)
    expect(await called(local)).toEqual(['handler-dh（handler-dh）'])
    expect((await called(city)).toSorted()).toEqual(['handler-dh（handler-dh）', 'handler-xl（handler-xl）'])
  })

  it('names an actor that stands in an address', async () => {
    const named = async (actor: string) =>
      (await city.get(`/api/v1/journal/actors/${encodeURIComponent(actor)}`)).json<{ label: string }>().label
    expect(await named(`account:${handler.accountId}`)).toBe('handler-dh')
    expect(await named('partner')).toBe('业务系统')
    expect((await city.get(`/api/v1/journal/actors?q=${encodeURIComponent('系统')}`)).json().items).toEqual([
      { actor: 'partner', label: '业务系统' },
      { actor: 'system', label: '系统' },
    ])
  })

  it.each([
    ['subject=PJ000', 404, 'subject-unknown'],
    ['from=2026-03-02&to=2026-03-01', 400, 'bad-period'],
    ['from=2026-02-30', 422, 'invalid'],
    ['actor=account:x', 422, 'invalid'],
    ['after=-1', 422, 'invalid'],
  ])('refuses %s', async (query, status, code) => {
    const answer = await city.get(`/api/v1/journal?${query}`)
    expect(answer.json()).toMatchObject({ status, code })
  })
})
