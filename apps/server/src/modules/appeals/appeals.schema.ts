import { APPEAL_OUTCOMES, APPEAL_STATES, type AppealState } from '@haochaping/rules'
import { Type } from 'typebox'
import { CursorText } from '../../platform/cursor.ts'

/** What a list of appeals may be narrowed by, as it stands in the address. */
export const AppealsQuery = Type.Partial(
  Type.Object({
    view: Type.Union([Type.Literal('mine'), Type.Literal('to_decide'), Type.Literal('all')]),
    state: Type.Unsafe<AppealState>({
      type: 'string',
      enum: Object.keys(APPEAL_STATES),
      errorMessage: '没有这个环节',
    }),
    outcome: Type.Unsafe<string>({
      type: 'string',
      enum: Object.keys(APPEAL_OUTCOMES),
      errorMessage: '没有这种决定',
    }),
    organization: Type.String({ maxLength: 64 }),
    region: Type.String({ maxLength: 12 }),
    after: CursorText,
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)

export const AppealParams = Type.Object({ id: Type.String({ format: 'uuid' }) })
export const AppealFileParams = Type.Object({
  id: Type.String({ format: 'uuid' }),
  fileId: Type.String({ format: 'uuid' }),
})
export const PreviewQuery = Type.Object({ size: Type.Union([Type.Literal('small'), Type.Literal('large')]) })
export const AppealEventParams = Type.Object({
  id: Type.String({ format: 'uuid' }),
  event: Type.String({ pattern: '^[a-z_]{1,40}$' }),
})

const Values = Type.Record(
  Type.String({ maxLength: 40 }),
  Type.Union([
    Type.String({ maxLength: 4000 }),
    Type.Array(Type.String({ format: 'uuid' }), { maxItems: 20, uniqueItems: true }),
  ]),
  { maxProperties: 20 },
)

/** What an appeal is filed with. */
export const FilingBody = Type.Object({ values: Values }, { additionalProperties: false })

/** An event that is to happen: on the version that was on the screen. */
export const AppealEventBody = Type.Object(
  { version: Type.Integer({ minimum: 1 }), values: Values },
  { additionalProperties: false },
)
