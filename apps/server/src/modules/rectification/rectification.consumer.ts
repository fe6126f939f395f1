import type { Tx } from '../../platform/database.ts'
import { negativeRating } from '../evaluations/evaluations.service.ts'
import type { Consumer, SealedEntry } from '../ledger/consumers.ts'
import type { CaseMoves, NegativeRating } from './case.moves.ts'

/** The name its cursor stands under. */
export const CASE_OPENER = 'rectification'

/** The rating an entry tells of, when it is a negative one; its level is the worse of the two subjects (R9). */
function negativeOf(entry: SealedEntry): NegativeRating | null {
  if (entry.kind !== 'evaluation.submitted') return null
  const p = entry.payload as {
    level: number
    hallLevel: number | null
    realName: boolean
    doNotContact: boolean
    itemCode: string
    organizationId: string
    organizationPath: string
    regionCode: string
    staffNumber: string
  }
  if (!negativeRating({ level: p.level, hall_level: p.hallLevel })) return null
  return {
    evaluationId: entry.subjectId,
    level: Math.min(p.level, p.hallLevel ?? p.level),
    realName: p.realName,
    doNotContact: p.doNotContact,
    itemCode: p.itemCode,
    organizationId: p.organizationId,
    organizationPath: p.organizationPath,
    regionCode: p.regionCode,
    staffNumber: p.staffNumber,
    submittedAt: entry.recordedAt,
  }
}

/** Opens the case of every negative rating once its entry is sealed (R14). */
export const caseOpener = (moves: CaseMoves): Consumer => ({
  name: CASE_OPENER,
  async handle(tx: Tx, entries: SealedEntry[]) {
    for (const entry of entries) {
      const rating = negativeOf(entry)
      if (rating) await moves.open(tx, rating)
    }
  },
})
