import { type Static, Type } from 'typebox'
import { SubmitEvaluation } from './evaluations.schema.ts'

/** The one rating after rectification: as the first, less what is known already or asked but once. */
export const FollowUpGiven = Type.Pick(
  SubmitEvaluation,
  ['level', 'hallLevel', 'optionCodes', 'words', 'channel', 'submissionId'],
  { additionalProperties: false },
)
export type FollowUpGiven = Static<typeof FollowUpGiven>

export const FollowUpBody = Type.Object(
  {
    token: Type.String({ maxLength: 100, description: 'the secret of the receipt of the first rating' }),
    followUp: FollowUpGiven,
  },
  { additionalProperties: false },
)

export const FollowUpAnswer = Type.Object({
  evaluationId: Type.String(),
  level: Type.Integer(),
  hallLevel: Type.Union([Type.Integer(), Type.Null()]),
  submittedAt: Type.String(),
})
