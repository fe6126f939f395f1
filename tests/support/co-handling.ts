import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import type { TestApp } from './app.ts'
import { oneMore } from './appeals.ts'
import { aCase, act, evidence, loadCalendar, official } from './cases.ts'
import { testCity } from './longming.ts'

/** The organisation that helps with cases: the district's management body, which handles cases too. */
export const HELPER = 'lm-dh-zsj'

/** The test city with whoever handles a case together: the lead, whoever helps, and the levels above. */
export async function helpingCity() {
  const t: TestApp = await testCity()
  await loadCalendar(t)
  const handler = await official(t, 'handler-dh')
  const district = await official(t, 'district-dh')
  const helper = await oneMore(t, 'helper', { role: 'handler', organizationId: HELPER })
  const sign = (id: string) => act(t, handler, id, 'sign', { verifier: handler.accountId })
  const add = (id: string, organization = HELPER, by: Official = district) =>
    act(t, by, id, 'add_co_handler', { organization, note: '请协助核查排队系统' })
  return {
    t,
    handler,
    district,
    helper,
    city: await official(t, 'city'),
    sign,
    add,
    remove: (id: string, by: Official = handler, organization = HELPER) =>
      act(t, by, id, 'remove_co_handler', { organization, reason: '经核实与该单位无关' }),
    report: async (id: string, by: Official = helper) =>
      act(t, by, id, 'co_report', { done: '已修复叫号屏', evidence: [await evidence(t, by, id)] }),
    /** A case with a co-handler, put right by the lead but not answered. */
    async ready(): Promise<string> {
      const id = await aCase(t)
      await add(id)
      await sign(id)
      await act(t, handler, id, 'fix_now', { finding: '属实' })
      await act(t, handler, id, 'complete', { done: '已改', evidence: [await evidence(t, handler, id)] })
      return id
    },
  }
}
export type HelpingCity = Awaited<ReturnType<typeof helpingCity>>
