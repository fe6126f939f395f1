import { Type } from 'typebox'
import { TOGETHER_ACTS } from './summary.together.ts'

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
export const TogetherBody = Type.Object(
  {
    event: Type.Unsafe<(typeof TOGETHER_ACTS)[number]>({
      type: 'string',
      enum: [...TOGETHER_ACTS],
      errorMessage: '只有审核和发布可以批量办理，撤回须逐份写明原因',
    }),
    items: Type.Array(
      Type.Object(
        { id: Type.String({ format: 'uuid' }), version: Type.Integer({ minimum: 1 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100, errorMessage: '请选 1 至 100 份通报' },
    ),
  },
  { additionalProperties: false },
)
export const WithdrawBody = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    reason: Type.String({ minLength: 4, maxLength: 200, errorMessage: '请写明原因（4 至 200 字）' }),
  },
  { additionalProperties: false },
)
