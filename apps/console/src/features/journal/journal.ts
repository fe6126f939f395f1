import type { RouteLocationRaw } from 'vue-router'
import { api } from '../../api.ts'
import type { FilterField } from '../../components/filters.ts'
import { KIND_OPTIONS } from './kinds.ts'

/** One entry of the journal; its place in the ledger counts from 0. */
export interface Entry {
  position: number
  entryId: string
  subjectId: string
  kind: string
  at: string
  actorLabel: string
}

/** A page of the journal, and where the ones beside it begin. */
export interface JournalPage {
  items: Entry[]
  next: string | null
  previous: string | null
  /** how many entries have no place in the ledger yet */
  waiting: number
}

interface Actor {
  actor: string
  label: string
}

/** What the journal may be narrowed by. */
export const FIELDS: FilterField[] = [
  { kind: 'choice', key: 'kind', label: '种类', options: KIND_OPTIONS },
  { kind: 'text', key: 'subject', label: '编号', placeholder: '回执、投诉或差评件编号' },
  {
    kind: 'lookup',
    key: 'actor',
    label: '谁',
    find: async (q) =>
      (await api.get<{ items: Actor[] }>('/api/v1/journal/actors', { q })).items.map(({ actor, label }) => ({
        value: actor,
        label,
      })),
    name: async (actor) =>
      (await api.get<Actor>(`/api/v1/journal/actors/${encodeURIComponent(actor)}`)).label,
  },
  { kind: 'period', from: 'from', to: 'to', label: '时间' },
]

const PAGES: Record<string, string> = {
  evaluation: 'evaluation',
  case: 'case',
  appeal: 'appeal',
  complaint: 'complaint',
}

/** The page of what an entry is about; null where it has none that follows from the kind of the entry. */
export function pageOf({ kind, subjectId }: Pick<Entry, 'kind' | 'subjectId'>): RouteLocationRaw | null {
  const name = PAGES[kind.split('.')[0] ?? '']
  return name ? { name, params: { id: subjectId } } : null
}
