/** Something that happens at a moment. */
export interface Item {
  at: Date
  run: () => Promise<void>
}

/** What is still to happen, earliest first (a binary heap: there may be many, and they come in any order). */
export function makeAgenda() {
  const heap: Item[] = []
  const time = (i: number) => heap[i]?.at.getTime() ?? Number.POSITIVE_INFINITY
  const swap = (i: number, j: number) => {
    const kept = heap[i]!
    heap[i] = heap[j]!
    heap[j] = kept
  }
  function take(): Item {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) heap[0] = last
    for (let i = 0; ; ) {
      const smaller = time(2 * i + 1) <= time(2 * i + 2) ? 2 * i + 1 : 2 * i + 2
      if (time(smaller) >= time(i)) return first
      swap(i, smaller)
      i = smaller
    }
  }
  return {
    add(item: Item) {
      heap.push(item)
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1
        if (time(parent) <= time(i)) return
        swap(i, parent)
        i = parent
      }
    },
    /** Takes out all that happens before a moment, in order. */
    before(moment: Date): Item[] {
      const due: Item[] = []
      while (time(0) < moment.getTime()) due.push(take())
      return due
    },
  }
}
export type Agenda = ReturnType<typeof makeAgenda>

/** Runs items a few at a time, starting them in order. */
export async function runAll(items: readonly Item[], atOnce: number): Promise<void> {
  let next = 0
  const one = async () => {
    for (let item = items[next++]; item; item = items[next++]) await item.run()
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, one))
}
