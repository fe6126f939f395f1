import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import { optionLabels } from './evaluations.receipt.ts'
import { evaluationById, wordsOf } from './evaluations.store.ts'

/** Who was rated by each of these ratings; those that name nobody are not among them. */
export async function ratedBy(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('evaluation')
    .select(['evaluation_id', 'staff_number'])
    .where('evaluation_id', 'in', ids)
    .where('staff_number', '<>', '')
    .execute()
  return new Map(rows.map((row) => [row.evaluation_id, row.staff_number]))
}

/**
 * A rating in short, for where it is told beside others; null when there is none. Whether it may be told is for the
 * caller to know: the connection given decides nothing here.
 */
export async function ratingBrief(db: Kysely<Tables>, id: string) {
  const e = await evaluationById(db, id)
  return e
    ? {
        number: e.receipt_number,
        level: e.level,
        hallLevel: e.hall_level,
        options: optionLabels(e).map((option) => option.label),
        words: e.has_words ? await wordsOf(db, id, e.entry_id) : null,
        realName: e.real_name,
        doNotContact: e.do_not_contact,
      }
    : null
}
