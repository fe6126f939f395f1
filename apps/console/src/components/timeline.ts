import type { KeptFile } from './files.ts'

/** One thing that happened to a case or an appeal, in words; every one is an entry of the ledger. */
export interface TimelineEntry {
  /** whose history it stands in: the rating or complaint */
  subjectId: string
  entryId: string
  kind: string
  label: string
  /** the moment; to whoever was rated the day alone */
  at: string
  actorLabel: string
  actorKind: 'citizen' | 'official' | 'management' | 'supervisor' | 'appellant' | 'decider' | 'system'
  texts: { label: string; text: string }[]
  facts: { label: string; value: string }[]
  files: KeptFile[]
  /** place in the ledger; null while it waits to be sealed, and to whoever was rated */
  position: number | null
}

/** On which side whoever did something stands. */
export const SIDES: Record<TimelineEntry['actorKind'], string> = {
  citizen: '评价人',
  official: '办理单位',
  management: '管理机构',
  supervisor: '督查部门',
  appellant: '申诉人',
  decider: '审理机关',
  system: '系统',
}

/** Where the files of an entry are: those of an appeal are kept apart from those of the case. */
export const filesAt = ({ kind, subjectId }: TimelineEntry): string =>
  `/api/v1/${kind.startsWith('appeal.') ? 'appeals' : 'cases'}/${subjectId}/files`
