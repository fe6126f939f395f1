import { computed, reactive, ref, shallowRef } from 'vue'
import { type ApiProblem, api, asProblem } from '../api.ts'

/** What is acted on: as it was on the screen. */
export interface BulkRow {
  id: string
  version: number
}

/** One of many that was not done, and why. */
export interface Refused<Row> {
  row: Row
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
const STOPPED = '您停下时还没有办到。'

/** Lets one event happen to many, some at a time, by the route at this path, and keeps what became of each. */
export function useBulk<Row extends BulkRow>(path: string) {
  const busy = ref(false)
  const done = shallowRef<Row[]>([])
  const refused = shallowRef<Refused<Row>[]>([])
  const errors = ref<Record<string, string>>({})
  const problem = ref<ApiProblem | null>(null)
  const total = ref(0)
  const tried = computed(() => done.value.length + refused.value.length)
  let stopped = false

  function forget(): void {
    done.value = []
    refused.value = []
    errors.value = {}
    problem.value = null
    total.value = 0
  }

  const refuse = (rows: readonly Row[], reason: string) => {
    refused.value = [...refused.value, ...rows.map((row) => ({ row, reason }))]
  }

  /** Sends some; gives whether it is worth going on. */
  async function send(event: string, rows: readonly Row[], more: object): Promise<boolean> {
    const items = rows.map(({ id, version }) => ({ id, version }))
    try {
      const answer = await api.post<{ items: Answer[] }>(path, { event, items, ...more })
      const byId = new Map(answer.items.map((item) => [item.id, item]))
      for (const row of rows) {
        const { ok = false, problem: why } = byId.get(row.id) ?? {}
        if (ok) done.value = [...done.value, row]
        else refuse([row], why?.detail ?? INTERRUPTED)
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
      refuse(rows, INTERRUPTED)
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
    /** how many have an answer */
    tried,
    /** whether it is over, and there is something to tell */
    told: computed(() => !busy.value && tried.value > 0),
    forget,
    stop: () => {
      stopped = true
    },
    /** Resolves once each is done or refused; with an error at a field or of the whole, nothing is. */
    async run(event: string, rows: readonly Row[], more: object = {}): Promise<void> {
      if (busy.value) return
      forget()
      busy.value = true
      stopped = false
      total.value = rows.length
      let at = 0
      let going = true
      for (; going && !stopped && at < rows.length; at += BATCH)
        going = await send(event, rows.slice(at, at + BATCH), more)
      const left = rows.slice(at)
      const said = problem.value !== null || Object.keys(errors.value).length > 0
      if (said) refused.value = []
      else refuse(left, stopped ? STOPPED : INTERRUPTED)
      busy.value = false
    },
  })
}
