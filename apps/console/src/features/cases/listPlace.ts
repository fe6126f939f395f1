import { shallowRef } from 'vue'

/** Where the official came from: the list with its filters, the cases on its page, the one last opened. */
export interface ListPlace {
  path: string
  ids: readonly string[]
  openedId: string | null
}

/** Kept while the page is open, so that a case leads back to its line in the list, and on to its neighbours. */
export const listPlace = shallowRef<ListPlace>({ path: '/cases', ids: [], openedId: null })

/** The case before and after one, in the list it was opened from. */
export function neighbours(id: string): { before: string | null; after: string | null; text: string } {
  const { ids } = listPlace.value
  const i = ids.indexOf(id)
  if (i < 0) return { before: null, after: null, text: '' }
  return { before: ids[i - 1] ?? null, after: ids[i + 1] ?? null, text: `${i + 1} / ${ids.length}` }
}
