import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, journalOf, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'

// Who helps is decided for many cases at once as for one: the same guards, an entry for each.

let t: TestApp
let handler: Official
let city: Official
const [HELPER, OTHER] = ['lm-dh-zsj', 'lm-xl-gaj']
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  handler = await official(t, 'handler-dh')
  city = await official(t, 'city')
})
afterAll(() => t.close())

async function helpedBy(...organizations: string[]) {
  const id = await aCase(t)
  await act(t, handler, id, 'sign', { verifier: handler.accountId })
  for (const organization of organizations)
    await act(t, city, id, 'add_co_handler', { organization, note: '请协助核查' })
  return id
}
const send = async (event: string, ids: string[], values: object) => {
  const items = await Promise.all(
    ids.map(async (id) => ({ id, version: (await t.services.rectification.detail(handler, id)).version })),
  )
  const answer = await (await signIn(t, 'handler-dh')).post('/api/v1/cases/bulk', { event, items, values })
  return answer.json().items as { id: string; ok: boolean; problem?: object }[]
}
const last = async (id: string) => (await journalOf(t, id)).at(-1)!.kind

describe('Q62: who handles many cases together', () => {
  it('each co-handler is offered with the cases it helps with, and taken off those it helps with', async () => {
    const [both, one, none] = [await helpedBy(HELPER, OTHER), await helpedBy(OTHER), await helpedBy()]
    const browser = await signIn(t, 'handler-dh')
    const offered = (await browser.get(`/api/v1/cases/bulk?ids=${[both, one, none].join(',')}`)).json()
    const helps = Object.fromEntries(
      offered.coHandlers.map((helper: { organizationId: string; ids: string[] }) => [
        helper.organizationId,
        helper.ids.toSorted(),
      ]),
    )
    expect(helps).toEqual({ [HELPER]: [both], [OTHER]: [both, one].toSorted() })
    const fits = (event: string) =>
      offered.actions.find((action: { event: string }) => action.event === event)?.ids.toSorted()
    expect(fits('remove_co_handler')).toEqual([both, one].toSorted())
    const values = { organization: HELPER, reason: '经核实与该单位无关' }
    expect(await send('remove_co_handler', [both, one, none], values)).toMatchObject([
      { id: both, ok: true },
      { id: one, ok: false, problem: { detail: expect.stringMatching(/[一-龥]/) } },
      { id: none, ok: false },
    ])
    expect([await last(both), await last(one), await last(none)]).toEqual([
      'case.remove_co_handler',
      'case.add_co_handler',
      'case.sign',
    ])
    expect((await browser.get(`/api/v1/cases/bulk?ids=${both}`)).json().coHandlers).toMatchObject([
      { organizationId: OTHER, ids: [both] },
    ])
  })

  it('those that are missing are not waited for, with one reason, which stands in each', async () => {
    const ids = [await helpedBy(HELPER), await helpedBy(OTHER)]
    expect(await send('go_on_without', ids, { reason: '系统已由厂家修复' })).toMatchObject([
      { ok: true },
      { ok: true },
    ])
    for (const id of ids) expect(await last(id)).toBe('case.go_on_without')
    expect(await send('go_on_without', ids, { reason: '再说一次' })).toMatchObject([
      { ok: false },
      { ok: false },
    ])
  })
})
