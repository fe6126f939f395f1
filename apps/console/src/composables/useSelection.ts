import { computed, reactive, shallowRef, watch } from 'vue'

/** The rows picked on the page of a list. What leaves the page is no longer picked. */
export function useSelection<Row extends { id: string }>(rows: () => readonly Row[] | null) {
  const ids = shallowRef<ReadonlySet<string>>(new Set())
  /** the one picked last: a range begins there */
  let last: string | null = null
  const keep = (picked: Iterable<string>) => {
    const wanted = new Set(picked)
    ids.value = new Set((rows() ?? []).map((row) => row.id).filter((id) => wanted.has(id)))
  }
  watch(rows, () => keep(ids.value))

  return reactive({
    ids,
    /** in the order of the page */
    rows: computed(() => (rows() ?? []).filter((row) => ids.value.has(row.id))),
    /** Picks a row, or lets it go; with a range, all from the one picked last up to it. */
    toggle(id: string, range = false): void {
      const all = (rows() ?? []).map((row) => row.id)
      const [from, to] = [last === null ? -1 : all.indexOf(last), all.indexOf(id)]
      const on = !ids.value.has(id)
      const meant = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [id]
      last = id
      keep(range || on ? [...ids.value, ...meant] : [...ids.value].filter((one) => one !== id))
    },
    set: keep,
    all: (on: boolean) => keep(on ? (rows() ?? []).map((row) => row.id) : []),
    clear: () => keep([]),
  })
}
export type Selection<Row extends { id: string }> = ReturnType<typeof useSelection<Row>>
