/** One thing that happened to a case, told from its entry in the journal by the room that wrote it. */
export interface TimelineEntry {
  /** whose history it stands in: the rating or complaint */
  subjectId: string
  entryId: string
  kind: string
  label: string
  /** the moment; to whoever was rated the day alone */
  at: string
  actorLabel: string
  /** on which side whoever did it stands */
  actorKind: 'citizen' | 'official' | 'management' | 'supervisor' | 'appellant' | 'decider' | 'system'
  texts: { label: string; text: string }[]
  facts: { label: string; value: string }[]
  files: { fileId: string; name: string; mediaType: string; size: number }[]
  /** place in the ledger; null while it waits to be sealed, and to whoever was rated */
  position: number | null
}
