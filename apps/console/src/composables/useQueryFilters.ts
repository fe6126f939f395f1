import { computed, reactive } from 'vue'
import { type LocationQueryValue, useRoute, useRouter } from 'vue-router'

const first = (value: LocationQueryValue | LocationQueryValue[] | undefined): string | undefined =>
  (Array.isArray(value) ? value[0] : value) || undefined

/**
 * Filters that live in the address, so that a filtered list can be sent to a colleague and survives a reload.
 * Takes the names of the query parameters; gives their values, the page, the whole as a query for the server, and
 * ways to change them. A change of a filter goes back to the first page; `turn` is for lists that go on after the end
 * of a row (`after`), and leaves the page before in the browser's history.
 */
export function useQueryFilters<K extends string>(keys: readonly K[], options: { pageSize?: number } = {}) {
  const route = useRoute()
  const router = useRouter()
  const defaultSize = options.pageSize ?? 20
  const values = computed(
    () =>
      Object.fromEntries(keys.map((key) => [key, first(route.query[key])])) as Record<K, string | undefined>,
  )
  const page = computed(() => Math.max(1, Number(first(route.query.page)) || 1))
  const pageSize = computed(() => Number(first(route.query.pageSize)) || defaultSize)

  const replace = (change: Record<string, string | undefined>) =>
    void router.replace({ query: { ...route.query, ...change }, hash: route.hash })

  return reactive({
    values,
    page,
    pageSize,
    /** the end of the row after which the page begins; undefined on the first */
    after: computed(() => first(route.query.after)),
    /** how many filters are set */
    active: computed(() => keys.filter((key) => values.value[key] !== undefined).length),
    /** filters, page and page size as the server takes them */
    query: computed(() => ({ ...values.value, page: page.value, pageSize: pageSize.value })),
    set: (change: Partial<Record<K, string | undefined>>) =>
      replace({ after: undefined, ...(change as Record<string, string | undefined>), page: undefined }),
    clear: () =>
      replace({
        ...Object.fromEntries(keys.map((key) => [key, undefined])),
        after: undefined,
        page: undefined,
      }),
    turn: (after: string | undefined) =>
      void router.push({ query: { ...route.query, after, page: undefined }, hash: route.hash }),
    setPage: (to: number) => replace({ page: to === 1 ? undefined : String(to) }),
    setPageSize: (to: number) =>
      replace({
        pageSize: to === defaultSize ? undefined : String(to),
        after: undefined,
        page: undefined,
      }),
  })
}

/** What useQueryFilters gives, whatever its filters are called. */
export type QueryFilters = Omit<ReturnType<typeof useQueryFilters<string>>, never>
