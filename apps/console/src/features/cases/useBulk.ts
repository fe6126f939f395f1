import { reactive, ref } from 'vue'
import { type ApiProblem, api, asProblem } from '../../api.ts'
import type { ListedCase, OfferedAction } from './types.ts'

/** What may be done to some cases at once, as the server offers it: each action with the cases it fits. */
export interface BulkOffer {
  ids: string[]
  actions: (OfferedAction & { ids: string[] })[]
  verifiers: { accountId: string; displayName: string; ids: string[] }[]
  coHandlers: { organizationId: string; organizationName: string; ids: string[] }[]
}

/** A case of many that was not done, and why. */
export interface Refused {
  row: ListedCase
  reason: string
}
interface Answer {
  id: string
  ok: boolean
  problem?: { detail: string; errors: { field: string; message: string }[] }
}

/** So many are sent at once: few enough to tell how far it has come, and to stop. */
const BATCH = 10

const INTERRUPTED = '连接中断，不知道有没有办成，请刷新列表后查看。'
const STOPPED = '您停下时还没有办到这一件。'

/** Lets one event happen to many cases, some at a time, and keeps what became of each. */
export function useBulk() {
  const busy = ref(false)
  const done = ref<ListedCase[]>([])
  const refused = ref<Refused[]>([])
  const errors = ref<Record<string, string>>({})
  const problem = ref<ApiProblem | null>(null)
  const total = ref(0)
  let stopped = false

  function forget(): void {
    done.value = []
    refused.value = []
    errors.value = {}
    problem.value = null
    total.value = 0
  }

  /** Sends some cases; gives whether it is worth going on. */
  async function send(event: string, rows: ListedCase[], values: object): Promise<boolean> {
    const items = rows.map(({ id, version }) => ({ id, version }))
    try {
      const answer = await api.post<{ items: Answer[] }>('/api/v1/cases/bulk', { event, items, values })
      const byId = new Map(answer.items.map((item) => [item.id, item]))
      for (const row of rows) {
        const { ok = false, problem: why } = byId.get(row.id) ?? {}
        if (ok) done.value.push(row)
        else refused.value.push({ row, reason: why?.detail ?? INTERRUPTED })
      }
      tellField([...byId.values()])
      return Object.keys(errors.value).length === 0
    } catch (error) {
      const found = asProblem(error)
      // Nothing reached the server, or the whole was refused: it is told once, beside the form.
      if (found.status !== 0 && done.value.length === 0) {
        problem.value = found
        return false
      }
      refused.value.push(...rows.map((row) => ({ row, reason: INTERRUPTED })))
      return false
    }
  }

  /** What all were refused for, and is wrong with a field, is said at the field. */
  function tellField(answers: Answer[]): void {
    if (done.value.length > 0) return
    const each = answers.map(({ problem: why }) => JSON.stringify(why?.errors ?? []))
    if (new Set(each).size !== 1) return
    const found = (answers[0]?.problem?.errors ?? []).filter(({ field }) => field !== 'event')
    errors.value = Object.fromEntries(found.map(({ field, message }) => [field, message]))
  }

  return reactive({
    busy,
    done,
    refused,
    errors,
    problem,
    total,
    forget,
    stop: () => {
      stopped = true
    },
    /** Resolves once each case is done or refused; with an error at a field or of the whole, nothing is. */
    async run(event: string, rows: readonly ListedCase[], values: object): Promise<void> {
      if (busy.value) return
      forget()
      busy.value = true
      stopped = false
      total.value = rows.length
      let at = 0
      let going = true
      for (; going && !stopped && at < rows.length; at += BATCH)
        going = await send(event, rows.slice(at, at + BATCH), values)
      const left = rows.slice(at)
      const said = problem.value !== null || Object.keys(errors.value).length > 0
      if (said) refused.value = []
      else refused.value.push(...left.map((row) => ({ row, reason: stopped ? STOPPED : INTERRUPTED })))
      busy.value = false
    },
  })
}
