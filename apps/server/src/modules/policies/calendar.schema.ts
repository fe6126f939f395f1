import { Type } from 'typebox'
import { YearParams } from './policies.schema.ts'

export { YearParams }

/** What is decided about running deadlines with a change of known days, and from which calendar it was shown. */
const Decided = {
  running: Type.Optional(
    Type.Unsafe<'prolong' | 'keep'>({
      type: 'string',
      enum: ['prolong', 'keep'],
      errorMessage: '应为 prolong（顺延）或 keep（不顺延）',
    }),
  ),
  note: Type.Optional(Type.String({ maxLength: 500, errorMessage: '理由不能超过 500 个字' })),
  basis: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{64}$', errorMessage: '应为预览时给出的 basis（64 位十六进制）' }),
  ),
}

export const NoticeQuery = Type.Object({
  source: Type.String({
    minLength: 4,
    maxLength: 300,
    errorMessage: '请写明国务院办公厅通知的名称和文号（4 至 300 字）',
  }),
  dryRun: Type.Optional(Type.Boolean()),
  ...Decided,
})
export const ImportQuery = Type.Object({ dryRun: Type.Optional(Type.Boolean()), ...Decided })
export const HallQuery = Type.Object({ dryRun: Type.Optional(Type.Boolean()) })

export const HallParams = Type.Object({ code: Type.String({ minLength: 1, maxLength: 64 }) })

/** All opening days of a hall that differ from the working calendar. */
export const HallDaysBody = Type.Object(
  {
    days: Type.Array(
      Type.Object(
        {
          day: Type.String({
            pattern: '^([1-7]|\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01]))$',
            errorMessage: '应为 2026-10-03 的样子，或 1（周一）至 7（周日）',
          }),
          open: Type.Boolean(),
          note: Type.String({ maxLength: 100, errorMessage: '不能超过 100 个字' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 400, errorMessage: '最多 400 条' },
    ),
    ...Decided,
  },
  { additionalProperties: false },
)
