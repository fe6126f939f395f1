import { computed, reactive, shallowRef, watch } from 'vue'
import { type ApiProblem, api, asProblem, type Query } from '../../api.ts'

/** One real-name case in the register of call-backs. */
export interface CallbackLine {
  id: string
  /** which of them, where several left a name */
  evaluator: string | null
  caseNumber: string
  organizationName: string
  regionName: string
  itemName: string
  stateLabel: string
  /** of the case; who was called in an earlier one is to be called again */
  round: number
  openedAt: string
  contacted: boolean
  exempt: boolean
  attempts: number
  lastContactAt: string | null
  lastResult: string | null
  rectified: boolean
  rectifiedAt: string | null
  notAdopted: boolean
  missing: ('not_contacted' | 'exempt' | 'not_rectified')[]
}
/** Call-backs by person, rectification by case. */
export interface CallbackSums {
  cases: number
  total: number
  contacted: number
  notContacted: number
  exempt: number
  rectified: number
  notRectified: number
  notAdopted: number
  contactRate: number | null
  rectifiedRate: number | null
}

/** One promise in the commitment register. */
export interface CommitmentLine {
  id: string
  entryId: string
  caseNumber: string
  organizationName: string
  regionName: string
  itemName: string
  round: number
  promisedAt: string
  promisedFirst: string
  promisedOn: string
  extensions: number
  completedAt: string | null
  status: 'open' | 'kept' | 'broken'
  statusLabel: string
  plan: string | null
  owner: string | null
}
export interface CommitmentSums {
  total: number
  open: number
  kept: number
  broken: number
  extended: number
}

interface Page<Line, Sums> {
  items: Line[]
  next: string | null
  summary: Sums | null
}

/**
 * A register that goes on from where it stopped: the first page when the filters change, the next when asked for.
 * The sums come with the first page and stay.
 */
export function useRegister<Line, Sums>(path: string, query: () => Query) {
  const items = shallowRef<Line[] | null>(null)
  const sums = shallowRef<Sums | null>(null)
  const next = shallowRef<string | null>(null)
  const loading = shallowRef(false)
  const problem = shallowRef<ApiProblem | null>(null)
  let current: AbortController | null = null

  async function load(after: string | null): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    loading.value = true
    try {
      const page = await api.get<Page<Line, Sums>>(
        path,
        { ...query(), after: after ?? undefined },
        mine.signal,
      )
      if (mine !== current) return
      items.value = after === null ? page.items : [...(items.value ?? []), ...page.items]
      if (page.summary) sums.value = page.summary
      next.value = page.next
      problem.value = null
    } catch (error) {
      if (mine === current) problem.value = asProblem(error)
    } finally {
      if (mine === current) loading.value = false
    }
  }
  watch(
    () => JSON.stringify(query()),
    () => void load(null),
    { immediate: true },
  )
  return reactive({
    items,
    sums,
    next,
    loading,
    problem,
    reload: () => load(null),
    more: () => load(next.value),
    /** the address of the same as an Excel file */
    file: computed(() => {
      const search = new URLSearchParams()
      for (const [key, value] of Object.entries(query())) if (value) search.set(key, String(value))
      return `${path}.xlsx${search.size > 0 ? `?${search}` : ''}`
    }),
  })
}

/** Saves a file that the server makes; what it refuses is told. @throws ApiProblem */
export async function saveFile(path: string, name: string): Promise<void> {
  const content = await api.download(path)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
