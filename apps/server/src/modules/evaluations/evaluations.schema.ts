import { type Static, Type } from 'typebox'

const Level = Type.Integer({ minimum: 1, maximum: 5, errorMessage: '应为 5 非常满意 至 1 非常不满意' })

/** A rating as a citizen (or a program on a citizen's behalf, holding the citizen's token) gives it. */
export const SubmitEvaluation = Type.Object(
  {
    level: Level,
    hallLevel: Type.Optional(Type.Union([Level, Type.Null()])),
    optionCodes: Type.Array(Type.String({ pattern: '^[0-9]{3}$' }), { maxItems: 40, uniqueItems: true }),
    words: Type.Optional(Type.String({ maxLength: 2000 })),
    realName: Type.Boolean(),
    doNotContact: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String({ maxLength: 100 })),
    phone: Type.Optional(Type.String({ maxLength: 32 })),
    channel: Type.Integer({
      minimum: 1,
      maximum: 7,
      description: '1 PC 2 移动端 3 二维码 4 平板 5 自助终端 6 电话 7 短信',
    }),
    submissionId: Type.String({ format: 'uuid', description: 'made by the sender; a retry sends the same' }),
  },
  { additionalProperties: false },
)
export type SubmitEvaluation = Static<typeof SubmitEvaluation>

export const SubmitBody = Type.Object(
  { token: Type.String({ maxLength: 100 }), evaluation: SubmitEvaluation },
  { additionalProperties: false },
)

export const ReceiptBody = Type.Object({
  evaluationId: Type.String(),
  receiptNumber: Type.String(),
  receiptToken: Type.String(),
  receiptUrl: Type.String(),
  level: Type.Integer(),
  hallLevel: Type.Union([Type.Integer(), Type.Null()]),
  negative: Type.Boolean(),
  submittedAt: Type.String(),
})
