import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import { optionLabels } from './evaluations.receipt.ts'
import { evaluationById, wordsOf } from './evaluations.store.ts'

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
