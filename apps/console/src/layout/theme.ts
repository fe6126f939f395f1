import { ref } from 'vue'

const KEY = 'haochaping-theme'
const stored = () => {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

/** Whether the dark colours are on: as chosen here before, else as the system is set. */
export const dark = ref(
  (stored() ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark',
)

/** Puts the chosen colours on the page. */
export const applyTheme = () => document.documentElement.classList.toggle('dark', dark.value)

/** Changes between light and dark and keeps the choice on this machine. */
export function toggleTheme(): void {
  dark.value = !dark.value
  applyTheme()
  try {
    localStorage.setItem(KEY, dark.value ? 'dark' : 'light')
  } catch {
    // A browser that keeps nothing starts with the system's choice again.
  }
}
