import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { testCity, type Username, XILING } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
})
afterAll(() => t.close())

const unread = async (who: Username) =>
  (await (await signIn(t, who)).get('/api/v1/inbox/unread')).json().unread as number

describe('notices by their kind', () => {
  it('R14: that a case is new is read once it has been signed for, for all who were told', async () => {
    const [signed, other] = [await aCase(t), await aCase(t)]
    const handler = await official(t, 'handler-dh')
    const [before, second] = [await unread('handler-dh'), await aCase(t)]
    expect(await unread('handler-dh')).toBe(before + 1)
    await act(t, handler, signed, 'sign', { verifier: handler.accountId })
    await t.settle()
    expect(await unread('handler-dh')).toBe(before)
    const left = (await (await signIn(t, 'handler-dh')).get('/api/v1/inbox?unread=true&pageSize=100')).json()
    const paths = left.items.map((item: { path: string }) => item.path)
    expect(paths).toEqual(expect.arrayContaining([`/cases/${other}`, `/cases/${second}`]))
    expect(paths).not.toContain(`/cases/${signed}`)
    // What else is said of the case still waits to be read.
    await act(t, handler, signed, 'propose_transfer', {
      organization: XILING.department,
      reason: '不归我单位',
    })
    await act(t, await official(t, 'district-dh'), signed, 'refuse_transfer', { note: '由你单位办理' })
    await t.settle()
    expect(await unread('handler-dh')).toBe(before + 1)
  })

  it('is narrowed to one kind of notices, and tells which kinds there are', async () => {
    const mine = await signIn(t, 'handler-dh')
    const whole = (await mine.get('/api/v1/inbox?pageSize=100')).json()
    expect(whole.kinds.map((one: { kind: string }) => one.kind)).toEqual(['inbox_opened', 'inbox_decided'])
    for (const { kind, label, count } of whole.kinds) {
      const some = (await mine.get(`/api/v1/inbox?kind=${kind}&pageSize=100`)).json()
      expect(some.total, kind).toBe(count)
      for (const item of some.items) expect(item).toMatchObject({ kind, templateLabel: label })
      const fresh = (await mine.get(`/api/v1/inbox?kind=${kind}&unread=true&pageSize=100`)).json()
      expect(fresh.items.every((item: { readAt: string | null }) => item.readAt === null)).toBe(true)
    }
    const bad = await mine.get('/api/v1/inbox?kind=everything')
    expect([bad.statusCode, bad.json().detail]).toEqual([422, expect.stringContaining('没有这类消息')])
  })
})
