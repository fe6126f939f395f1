import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { conflict, gone, notFound } from '../../platform/problem.ts'
import type { Tables } from '../../platform/tables.ts'
import { showDate } from '../../platform/time.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import { parseToken, sameSecret } from '../invitations/tokens.ts'
import { appendRows, entryRows } from '../ledger/journal.ts'
import { checkRating, OPTION_VERSION } from './evaluations.check.ts'
import { optionLabels } from './evaluations.receipt.ts'
import { evaluationById, wordsOf } from './evaluations.store.ts'
import { FOLLOW_UP_DIGEST, followUpDigest, followUpFacts } from './follow-up.facts.ts'
import type { FollowUpGiven } from './follow-up.schema.ts'
import * as store from './follow-up.store.ts'

interface Needs {
  invitations: Pick<InvitationsService, 'receiptSecret'>
  policies: { value(key: string, regionCode: string, at: Date): Promise<{ value: number }> }
  /** How the case that a rating belongs to stands; null while there is none. */
  standing(evaluationId: string): Promise<{ replied: boolean; closedAt: Date | null } | null>
}

/** A follow-up as it is shown beside the first rating. */
export interface FollowUpShown {
  level: number
  hallLevel: number | null
  options: { code: string; label: string }[]
  words: string | null
  submittedAt: Date
}

/** Whether there is one, or may be one now; `until` is null while the case is open. */
export type FollowUpState =
  | { status: 'given'; followUp: FollowUpShown }
  | { status: 'open'; until: Date | null }
  | { status: 'not-yet' }
  | { status: 'over' }

const DAY = 86_400_000

export type FollowUps = ReturnType<typeof makeFollowUps>

/** The follow-up of a rating as it is shown, read through the connection given; null while there is none. */
export async function followUpShown(db: Kysely<Tables>, evaluationId: string): Promise<FollowUpShown | null> {
  const row = await store.followUpOf(db, evaluationId)
  return row
    ? {
        level: row.level,
        hallLevel: row.hall_level,
        options: optionLabels(row),
        words: row.has_words ? await wordsOf(db, evaluationId, row.entry_id) : null,
        submittedAt: row.submitted_at,
      }
    : null
}

/**
 * The one follow-up rating after rectification (追评): open from the reply until some days after closing (policy
 * follow_up). Both ratings stay; neither overwrites the other.
 */
export function makeFollowUps(app: App, { invitations, policies, standing }: Needs) {
  const digestKey = app.keys.derive(FOLLOW_UP_DIGEST)

  const unknown = () => notFound('receipt-unknown', '没有找到这个回执。请核对链接是否完整。')

  /** The rating whose receipt a token opens. */
  async function ratingOf(text: string) {
    const token = parseToken(text)
    const right = token && sameSecret(token.secret, invitations.receiptSecret(token.evaluationId))
    const rating = right ? await evaluationById(app.db.intake, token.evaluationId) : undefined
    if (!rating) throw unknown()
    return rating
  }

  async function stateOf(evaluationId: string, regionCode: string): Promise<FollowUpState> {
    const followUp = await followUpShown(app.db.intake, evaluationId)
    if (followUp) return { status: 'given', followUp }
    const found = await standing(evaluationId)
    if (!found?.replied && !found?.closedAt) return { status: 'not-yet' }
    if (!found.closedAt) return { status: 'open', until: null }
    const { value } = await policies.value('follow_up', regionCode, found.closedAt)
    const until = new Date(found.closedAt.getTime() + value * DAY)
    return until > app.clock() ? { status: 'open', until } : { status: 'over' }
  }

  /**
   * What the page of a follow-up needs.
   * @throws Problem 404 receipt-unknown
   */
  async function open(text: string) {
    const rating = await ratingOf(text)
    const { value: wordsMaximum } = await policies.value('words_max', rating.region_code, app.clock())
    return {
      evaluationId: rating.evaluation_id,
      onSite: rating.on_site,
      wordsMaximum,
      state: await stateOf(rating.evaluation_id, rating.region_code),
    }
  }

  const given = (at: Date) =>
    conflict('follow-up-given', `您已经追评过了（${showDate(at)}）。追评只有一次，不可更改。`)

  /**
   * Takes a follow-up. Sent again with the same submissionId it counts once.
   * @throws Problem 404 receipt-unknown; 409 follow-up-early before the reply, follow-up-given after another one; 410
   * follow-up-over; 422 invalid
   */
  async function submit(
    text: string,
    input: FollowUpGiven,
  ): Promise<store.FollowUpRow & { created: boolean }> {
    const rating = await ratingOf(text)
    const submissionId = input.submissionId.toLowerCase()
    const again = (row: store.FollowUpRow) => {
      if (row.submission_id !== submissionId) throw given(row.submitted_at)
      return { ...row, created: false }
    }
    const before = await store.followUpOf(app.db.intake, rating.evaluation_id)
    if (before) return again(before)
    const { status } = await stateOf(rating.evaluation_id, rating.region_code)
    if (status === 'not-yet') throw conflict('follow-up-early', '办理单位答复以后才能追评。')
    if (status === 'over')
      throw gone('follow-up-over', '追评期限已过。如问题仍未解决，可拨打 12345 热线反映。')
    const now = app.clock()
    const { value: wordsMaximum } = await policies.value('words_max', rating.region_code, now)
    const { words } = checkRating(
      { ...input, realName: false },
      { onSite: rating.on_site, applicantKnown: true, wordsMaximum },
    )
    const facts = {
      evaluation_id: rating.evaluation_id,
      submission_id: submissionId,
      level: input.level,
      hall_level: input.hallLevel ?? null,
      option_version: OPTION_VERSION,
      option_codes: [...input.optionCodes].sort(),
      has_words: words !== '',
      channel: input.channel,
      submitted_at: now,
    }
    const digest = followUpDigest(digestKey, facts)
    const entry = entryRows({
      subjectId: rating.evaluation_id,
      kind: 'evaluation.followed_up',
      actor: 'citizen',
      at: now,
      payload: { ...followUpFacts(facts), digest: digest.toString('hex') },
      text: { words },
    })
    const row = { ...facts, entry_id: entry.entry.entry_id, digest }
    const written = await app.db.intake.transaction().execute(async (tx) => {
      if (!(await store.insertFollowUp(tx, row))) return false
      await appendRows(tx, [entry])
      return true
    })
    if (written) {
      app.nudge()
      return { ...row, created: true }
    }
    const winner = await store.followUpOf(app.db.intake, rating.evaluation_id)
    if (!winner) throw unknown()
    return again(winner)
  }

  return { open, submit, stateOf }
}
