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

/**
 * Listens for single keys while the screen is open. The list is asked for at every press, so that it may follow what
 * the screen offers at that moment.
 */
export function useShortcuts(shortcuts: () => readonly Shortcut[]): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return
    if (event.target instanceof Element && event.target.closest(TYPING)) return
    const found = shortcuts().find(({ key }) => key === event.key.toLowerCase() || key === event.key)
    if (!found) return
    event.preventDefault()
    found.run(event)
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}
