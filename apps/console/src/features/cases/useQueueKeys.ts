import { nextTick, type Ref, ref, watch } from 'vue'
import type { Selection } from '../../composables/useSelection.ts'
import type { Shortcut } from './shortcuts.ts'
import type { ListedCase } from './types.ts'

interface Queue {
  /** what holds the list */
  box: Ref<HTMLElement | undefined>
  rows: () => readonly ListedCase[] | null
  selection: () => Selection<ListedCase> | null
  /** turns to the next page or back; gives whether there is one */
  turn: (by: 1 | -1) => boolean
}

/** The keyboard of the work queue: which line one stands on, and what each key does there. */
export function useQueueKeys({ box, rows, selection, turn }: Queue) {
  const help = ref(false)
  const links = () => [...(box.value?.querySelectorAll<HTMLElement>('tbody a.row-link') ?? [])]
  const here = () => {
    const row = document.activeElement?.closest('tr') ?? null
    return row === null ? -1 : links().findIndex((link) => link.closest('tr') === row)
  }
  const focus = (at: number) => links()[Math.min(Math.max(at, 0), links().length - 1)]?.focus()

  /** Where the page to come is to be entered; null when one came to it otherwise. */
  let entering: 'first' | 'last' | null = null
  watch(rows, async (loaded) => {
    const at = entering
    entering = null
    if (!loaded || at === null) return
    await nextTick()
    focus(at === 'first' ? 0 : loaded.length - 1)
  })
  /** The page to come is entered at its first line or its last. */
  const enter = (at: 'first' | 'last') => {
    entering = at
  }
  function turnTo(by: 1 | -1): void {
    if (turn(by)) enter(by === 1 ? 'first' : 'last')
  }
  function pick(event: KeyboardEvent): void {
    const row = (rows() ?? [])[here()]
    if (row) selection()?.toggle(row.id, event.shiftKey)
  }
  const toActions = () => {
    const bar = document.querySelector('section.bulk')
    bar?.querySelector<HTMLElement>('[data-event]')?.focus()
  }

  const shortcuts = (): Shortcut[] => [
    { key: 'j', label: '下一件', run: () => focus(here() + 1) },
    { key: 'k', label: '上一件', run: () => focus(here() < 0 ? 0 : here() - 1) },
    { key: 'n', label: '下一页', run: () => turnTo(1) },
    { key: 'p', label: '上一页', run: () => turnTo(-1) },
    ...(selection()
      ? [
          { key: 'x', label: '选中或取消这一件；同时按 Shift，从上次选的一直选到这一件', run: pick },
          { key: 'b', label: '到批量办理', run: toActions },
        ]
      : []),
    { key: '?', label: '显示这张表', run: () => (help.value = true) },
  ]
  return { help, focus, enter, shortcuts }
}
