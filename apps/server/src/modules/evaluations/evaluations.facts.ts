import { encodeValue } from '@haochaping/ledger'
import { hmacSm3 } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { EvaluationRow } from './intake.ts'

/** Purpose of the key of `ratingDigest`. */
export const RATING_DIGEST = 'evaluation-digest'

/** A rating before its digest is taken and its entry is made. */
export type GivenRating = Omit<EvaluationRow, 'digest' | 'entry_id'>

/** What of a rating stands in its journal entry: written from here, checked against here. */
export const ratingFacts = (e: GivenRating) =>
  ({
    visitId: e.visit_id,
    submissionId: e.submission_id,
    receiptNumber: e.receipt_number,
    level: e.level,
    hallLevel: e.hall_level,
    optionVersion: e.option_version,
    optionCodes: e.option_codes,
    hasWords: e.has_words,
    realName: e.real_name,
    doNotContact: e.do_not_contact,
    channel: e.channel,
    onSite: e.on_site,
    stage: e.stage,
    itemCode: e.item_code,
    organizationId: e.organization_id,
    organizationPath: e.organization_path,
    regionCode: e.region_code,
    hallCode: e.hall_code,
    windowCode: e.window_code,
    staffNumber: e.staff_number,
    platformCode: e.platform_code,
  }) satisfies Record<string, JsonValue>

/**
 * A keyed digest of a rating. The key is with the program and not in the database: whoever may only write the
 * database cannot make up a rating, or change one that waits to be sealed, without its being found.
 */
export const ratingDigest = (key: Buffer, e: GivenRating): Buffer =>
  hmacSm3(
    key,
    encodeValue({
      evaluationId: e.evaluation_id,
      submittedAt: e.submitted_at.toISOString(),
      ...ratingFacts(e),
    }),
  )
