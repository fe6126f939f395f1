import { onScopeDispose, type Ref, ref } from 'vue'

/** Whether the window is as narrow as a phone's: where tables turn into cards. The same width as in the styles. */
export function useNarrow(): Readonly<Ref<boolean>> {
  const query = matchMedia('(max-width: 720px)')
  const narrow = ref(query.matches)
  const follow = () => {
    narrow.value = query.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return narrow
}
