import { onMounted, shallowReactive } from 'vue'
import { directory, type Organization } from '../../directory.ts'
import type { Cell, Field } from './entities.ts'
import { wordFor } from './words.ts'

/** The names behind the codes of the directory, and cells as words. */
export function useNames() {
  const names = shallowReactive({
    organizations: new Map<string, Organization>(),
    regions: new Map<string, string>(),
    halls: new Map<string, string>(),
    windows: new Map<string, string>(),
  })

  async function load(): Promise<void> {
    const [organizations, regions, halls, windows] = await Promise.all([
      directory.organizations.get(),
      directory.regions.get(),
      directory.halls.get(),
      directory.windows.get(),
    ])
    names.organizations = new Map(organizations.map((o) => [o.id, o]))
    names.regions = new Map(regions.map((r) => [r.code, r.name]))
    names.halls = new Map(halls.map((h) => [h.code, h.name]))
    names.windows = new Map(windows.map((w) => [w.code, w.name]))
  }
  // Without names the codes are shown; the list beside says itself when the server is away.
  onMounted(() => void load().catch(() => undefined))

  /** A cell as it reads on screen; '' for nothing. */
  function words(field: Field, cell: Cell | undefined): string {
    if (cell === null || cell === undefined || cell === '') return ''
    const code = String(cell)
    switch (field.kind) {
      case 'flag':
        return cell === true ? '是' : '否'
      case 'choice':
        return wordFor(field.options ?? [], code)
      case 'choices':
        return code
          .split('|')
          .map((part) => wordFor(field.options ?? [], part))
          .join('、')
      case 'lines':
        return code.split('|').join('\n')
      case 'organization':
        return names.organizations.get(code)?.name ?? code
      case 'region':
        return names.regions.get(code) ?? code
      case 'hall':
        return names.halls.get(code) ?? code
      case 'window':
        return names.windows.get(code) ?? code
      default:
        return code
    }
  }
  return { names, words, load }
}
