import { type Static, Type } from 'typebox'

/** A new version of one number, for one region, from a day or moment on. */
export const PolicyBody = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: 64 }),
    regionCode: Type.String({ pattern: '^[0-9A-Z]{12}$', errorMessage: '应为 12 位区划代码' }),
    value: Type.Integer({ minimum: 0, maximum: 1_000_000, errorMessage: '应为不小于 0 的整数' }),
    validFrom: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2}))?$',
      errorMessage: '应为 2026-01-01 或 2026-01-01T00:00:00+08:00 的样子',
    }),
    category: Type.Optional(Type.String({ maxLength: 50, errorMessage: '不能超过 50 个字' })),
    note: Type.Optional(Type.String({ maxLength: 500, errorMessage: '不能超过 500 个字' })),
  },
  { additionalProperties: false },
)
/** The region whose numbers are asked for; none: the city. */
export const InForceQuery = Type.Partial(
  Type.Object({ region: Type.String({ minLength: 1, maxLength: 12 }) }),
)
export type PolicyChange = Static<typeof PolicyBody>

export const YearParams = Type.Object({ year: Type.Integer({ minimum: 2000, maximum: 2100 }) })
