import { CASE_CLOCKS, CASE_STATES, type CaseClockKey, type CaseState } from '@haochaping/rules'
import { Type } from 'typebox'

const Flag = Type.Union([Type.Literal('true'), Type.Literal('false')])

/** What a list of cases may be narrowed by, as it stands in the address. */
export const CasesQuery = Type.Partial(
  Type.Object({
    state: Type.Unsafe<CaseState>({
      type: 'string',
      enum: Object.keys(CASE_STATES),
      errorMessage: '没有这个环节',
    }),
    clock: Type.Unsafe<CaseClockKey>({
      type: 'string',
      enum: Object.keys(CASE_CLOCKS),
      errorMessage: '没有这种时限',
    }),
    due: Type.Union([Type.Literal('overdue'), Type.Literal('today'), Type.Literal('soon')]),
    mine: Flag,
    organization: Type.String({ maxLength: 64 }),
    region: Type.String({ maxLength: 12 }),
    level: Type.String({ pattern: '^[1-5](,[1-5])*$' }),
    q: Type.String({ maxLength: 40 }),
    closed: Flag,
    /** where the page before ended (its `next`); `page` is then of no account */
    after: Type.String({ pattern: '^[0-9A-Za-z_-]{1,200}$' }),
    page: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
    pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
  }),
)

export const CaseParams = Type.Object({ id: Type.String({ format: 'uuid' }) })
export const EventParams = Type.Object({
  id: Type.String({ format: 'uuid' }),
  event: Type.String({ pattern: '^[a-z_]{1,40}$' }),
})

const EventValues = Type.Record(
  Type.String({ maxLength: 40 }),
  Type.Union([
    Type.String({ maxLength: 4000 }),
    Type.Array(Type.String({ format: 'uuid' }), { maxItems: 20, uniqueItems: true }),
  ]),
  { maxProperties: 20 },
)
const Version = Type.Integer({ minimum: 1 })

/** An event that is to happen: on the version that was on the screen. */
export const EventBody = Type.Object(
  { version: Version, values: EventValues },
  { additionalProperties: false },
)

/** One event that is to happen to many cases. */
export const BulkBody = Type.Object(
  {
    event: Type.String({ pattern: '^[a-z_]{1,40}$' }),
    items: Type.Array(
      Type.Object({ id: Type.String({ format: 'uuid' }), version: Version }, { additionalProperties: false }),
      { minItems: 1, maxItems: 100 },
    ),
    values: EventValues,
  },
  { additionalProperties: false },
)
