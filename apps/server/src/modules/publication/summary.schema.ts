import { Type } from 'typebox'

export const SummaryParams = Type.Object({ id: Type.String({ format: 'uuid' }) })
export const PeriodBody = Type.Object(
  {
    period: Type.String({ pattern: '^20\\d{2}-(0[1-9]|1[0-2])$', errorMessage: '应为 2026-10 的样子' }),
    scope: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  { additionalProperties: false },
)
export const VersionBody = Type.Object(
  { version: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
)
export const WithdrawBody = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    reason: Type.String({ minLength: 4, maxLength: 200, errorMessage: '请写明原因（4 至 200 字）' }),
  },
  { additionalProperties: false },
)
