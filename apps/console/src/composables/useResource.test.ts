import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { ApiProblem } from '../api.ts'
import { useAction } from './useAction.ts'
import { useResource } from './useResource.ts'

/** Something that is answered when the test says so. */
function answers<T>() {
  const asked: { signal: AbortSignal; give: (value: T) => void; fail: (error: unknown) => void }[] = []
  const load = (_: unknown, signal: AbortSignal) =>
    new Promise<T>((give, fail) => asked.push({ signal, give, fail }))
  return { asked, load }
}
const settled = () => new Promise((done) => setTimeout(done))

describe('what is loaded from the server', () => {
  it('is asked for again when what it depends on changes; an answer overtaken is dropped and stopped', async () => {
    const { asked, load } = answers<string>()
    const page = ref(1)
    const scope = effectScope()
    const list = scope.run(() => useResource(() => ({ page: page.value }), load))!
    expect(list.loading).toBe(true)
    page.value = 2
    await nextTick()
    expect(asked).toHaveLength(2)
    expect(asked[0]!.signal.aborted).toBe(true)
    asked[1]!.give('second')
    await settled()
    asked[0]!.give('first')
    await settled()
    expect(list).toMatchObject({ data: 'second', loading: false, problem: null })
    scope.stop()
  })
  it('stays to be read while a new one is on its way, and beside a problem; the next answer takes the problem away', async () => {
    const { asked, load } = answers<string>()
    const scope = effectScope()
    const list = scope.run(() => useResource(() => null, load))!
    asked[0]!.give('old')
    await settled()
    void list.reload()
    expect(list).toMatchObject({ data: 'old', loading: true })
    asked[1]!.fail(new ApiProblem(500, 'internal', '出错了。'))
    await settled()
    expect(list).toMatchObject({ data: 'old', loading: false, problem: { code: 'internal' } })
    void list.reload()
    asked[2]!.give('new')
    await settled()
    expect(list).toMatchObject({ data: 'new', problem: null })
    scope.stop()
  })
  it('is not waited for by a screen that has gone', async () => {
    const { asked, load } = answers<string>()
    const scope = effectScope()
    const list = scope.run(() => useResource(() => null, load))!
    scope.stop()
    expect(asked[0]!.signal.aborted).toBe(true)
    asked[0]!.give('late')
    await settled()
    expect(list.data).toBeNull()
  })
})

describe('what the official does', () => {
  it('is done once however often the button is pressed, and may be done again after a refusal', async () => {
    let times = 0
    let end: (error?: unknown) => void = () => undefined
    const act = useAction(
      () =>
        new Promise<void>((done, fail) => {
          times++
          end = (error) => (error ? fail(error) : done())
        }),
    )
    const first = act.run()
    expect(await act.run()).toBe(false)
    expect(times).toBe(1)
    end(new ApiProblem(409, 'case-stale', '刚刚有了变化。'))
    expect(await first).toBe(false)
    expect(act).toMatchObject({ busy: false, problem: { code: 'case-stale' } })
    const second = act.run()
    expect(act.problem).toBeNull()
    end()
    expect(await second).toBe(true)
  })
})
