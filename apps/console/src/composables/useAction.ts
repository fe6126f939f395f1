import { reactive, shallowRef } from 'vue'
import { type ApiProblem, asProblem } from '../api.ts'

/**
 * One thing the official does: busy while the server works on it (a second press does nothing), then done, or
 * refused with the problem to show. `run` resolves to whether it was done.
 */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>) {
  const busy = shallowRef(false)
  const problem = shallowRef<ApiProblem | null>(null)
  return reactive({
    busy,
    problem,
    async run(...args: A): Promise<boolean> {
      if (busy.value) return false
      busy.value = true
      problem.value = null
      try {
        await act(...args)
        return true
      } catch (error) {
        problem.value = asProblem(error)
        return false
      } finally {
        busy.value = false
      }
    },
    forget() {
      problem.value = null
    },
  })
}
