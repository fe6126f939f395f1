import { encodeValue } from '@haochaping/ledger'
import { hmacSm3 } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { FollowUpRow } from './follow-up.store.ts'

/** Purpose of the key of `followUpDigest`. */
export const FOLLOW_UP_DIGEST = 'follow-up-digest'

/** A follow-up before its digest is taken and its entry is made. */
export type GivenFollowUp = Omit<FollowUpRow, 'digest' | 'entry_id'>

/** What of a follow-up stands in its journal entry: written from here, checked against here. */
export const followUpFacts = (f: GivenFollowUp) =>
  ({
    submissionId: f.submission_id,
    level: f.level,
    hallLevel: f.hall_level,
    optionVersion: f.option_version,
    optionCodes: f.option_codes,
    hasWords: f.has_words,
    channel: f.channel,
  }) satisfies Record<string, JsonValue>

/** A keyed digest of a follow-up, as `ratingDigest` is one of a rating: whoever only has the database cannot make one up. */
export const followUpDigest = (key: Buffer, f: GivenFollowUp): Buffer =>
  hmacSm3(
    key,
    encodeValue({
      evaluationId: f.evaluation_id,
      submittedAt: f.submitted_at.toISOString(),
      ...followUpFacts(f),
    }),
  )
