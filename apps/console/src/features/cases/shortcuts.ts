import { onScopeDispose } from 'vue'

/** A key of the keyboard, what it does in words, and the doing. */
export interface Shortcut {
  key: string
  label: string
  run: (event: KeyboardEvent) => void
}

/** Keys pressed in these are meant for them; a box to tick takes none but the space bar. */
const TYPING =
  'input:not([type="checkbox"]), textarea, select, [contenteditable="true"], [role="dialog"], [role="listbox"]'

/** What tells one press of a key from another. */
type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'repeat'>

/** The shortcut that a press means; undefined for what is the browser's, is held down, or writes Chinese. */
export function shortcutFor<S extends Pick<Shortcut, 'key'>>(
  press: Press,
  shortcuts: readonly S[],
): S | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || press.repeat) return undefined
  return shortcuts.find(({ key }) => key === press.key.toLowerCase() || key === press.key)
}

/**
 * Listens for single keys while the screen is open. The list is asked for at every press, so that it may follow what
 * the screen offers at that moment.
 */
export function useShortcuts(shortcuts: () => readonly Shortcut[]): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.closest(TYPING)) return
    const found = shortcutFor(event, shortcuts())
    if (!found) return
    event.preventDefault()
    found.run(event)
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}
