import type { Kysely } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import { negativeRating } from '../evaluations/evaluations.service.ts'
import type { Consumer, SealedEntry } from '../ledger/consumers.ts'
import type { Joining } from './case.joining.ts'
import type { Opening, Source } from './case.opening.ts'

/** The name its cursor stands under. */
export const CASE_OPENER = 'rectification'

/** What a rating or a complaint says of who is to handle it. */
interface Told {
  itemCode: string
  organizationId: string
  organizationPath: string
  regionCode: string
  staffNumber: string
  realName: boolean
  doNotContact: boolean
}
const told = (payload: SealedEntry['payload']): Told => {
  const p = payload as unknown as Told
  return {
    itemCode: p.itemCode,
    organizationId: p.organizationId,
    organizationPath: p.organizationPath,
    regionCode: p.regionCode,
    staffNumber: p.staffNumber,
    realName: p.realName,
    doNotContact: p.doNotContact,
  }
}
const asText = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '')

/** Level of the worse of the two subjects (R9), when a rating is negative; null when it is not. */
function negativeLevel(p: SealedEntry['payload']): number | null {
  const { level, hallLevel } = p as { level: number; hallLevel: number | null }
  return negativeRating({ level, hall_level: hallLevel }) ? Math.min(level, hallLevel ?? level) : null
}

/** The negative rating that an entry tells of. */
function ratingOf(entry: SealedEntry, matterId: string | null): Opening | null {
  const level = negativeLevel(entry.payload)
  if (level === null) return null
  return {
    ...told(entry.payload),
    evaluationId: entry.subjectId,
    kind: 'rating',
    matterId,
    level,
    hallCode: asText(entry.payload.hallCode),
    at: entry.recordedAt,
  }
}

/** The complaint that an entry tells of. Its clocks begin when it reached us, not when it reached the partner. */
const complaintOf = (entry: SealedEntry): Opening => ({
  ...told(entry.payload),
  evaluationId: entry.subjectId,
  kind: entry.payload.kind === 'opinion' ? 'opinion' : 'complaint',
  matterId: asText(entry.payload.matterId),
  level: null,
  hallCode: '',
  at: entry.recordedAt,
})

/** What an entry tells of that wants a case; null for all others. */
const openingOf = (entry: SealedEntry, matterId: string | null): Opening | null =>
  entry.kind === 'evaluation.submitted'
    ? ratingOf(entry, matterId)
    : entry.kind === 'complaint.received'
      ? complaintOf(entry)
      : null

/** The follow-up that an entry tells of, when it is negative still. */
function followUpOf(entry: SealedEntry): Source | null {
  const level = negativeLevel(entry.payload)
  return level === null
    ? null
    : { kind: 'follow_up', evaluationId: entry.subjectId, at: entry.recordedAt, level }
}

/** Which matter each of these ratings is about. */
export type Matters = (tx: Kysely<Tables>, evaluationIds: string[]) => Promise<Map<string, string>>

/** Opens the case of every negative rating and complaint once its entry is sealed, or joins it to one (R14, Q60). */
export const caseOpener = (joining: Joining, mattersOf: Matters): Consumer => ({
  name: CASE_OPENER,
  async handle(tx: Tx, entries: SealedEntry[]) {
    const negative = entries.filter(
      (entry) => entry.kind === 'evaluation.submitted' && negativeLevel(entry.payload) !== null,
    )
    const matters = await mattersOf(
      tx,
      negative.map((entry) => entry.subjectId),
    )
    const openings = [...negative, ...entries.filter((entry) => entry.kind === 'complaint.received')]
    const taken = await joining.taken(
      tx,
      openings.map((entry) => entry.subjectId),
    )
    for (const entry of entries) {
      const opening = openingOf(entry, matters.get(entry.subjectId) ?? null)
      if (opening && !taken.has(opening.evaluationId)) await joining.takeIn(tx, opening)
      const source = entry.kind === 'evaluation.followed_up' ? followUpOf(entry) : null
      if (source) await joining.followUp(tx, source)
    }
  },
})
