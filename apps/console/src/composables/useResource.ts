import { onScopeDispose, reactive, shallowRef, watch } from 'vue'
import { type ApiProblem, asProblem } from '../api.ts'

/**
 * Something loaded from the server, again whenever what it depends on changes. An answer that has been overtaken is
 * dropped; while a new one is on its way the old one stays to be read.
 *
 * @param source what the load depends on, e.g. `() => filters.query`
 */
export function useResource<S, T>(source: () => S, load: (source: S, signal: AbortSignal) => Promise<T>) {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const loading = shallowRef(false)
  let current: AbortController | null = null

  async function reload(): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    loading.value = true
    try {
      const loaded = await load(source(), mine.signal)
      if (mine !== current) return
      data.value = loaded
      problem.value = null
    } catch (error) {
      if (mine !== current) return
      problem.value = asProblem(error)
    } finally {
      if (mine === current) loading.value = false
    }
  }

  watch(
    () => JSON.stringify(source()),
    () => void reload(),
    { immediate: true },
  )
  onScopeDispose(() => {
    current?.abort()
    current = null
  })
  return reactive({
    data,
    problem,
    loading,
    reload,
    /** puts in what an action of ours answered */
    replace: (value: T) => {
      data.value = value
    },
  })
}
