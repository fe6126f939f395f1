import {
  CASE_CLOCKS,
  CASE_STATES,
  type CaseClockKey,
  type CaseState,
  ORDER_KINDS,
  type OrderKind,
} from '@haochaping/rules'
import { Type } from 'typebox'
import { CursorText } from '../../platform/cursor.ts'

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
    /** 'overdue': the clock that ends next is over; 'late': one that counts against the organisation is */
    due: Type.Unsafe<'overdue' | 'late' | 'today' | 'soon' | 'week'>({
      type: 'string',
      enum: ['overdue', 'late', 'today', 'soon', 'week'],
      errorMessage: '没有这种期限',
    }),
    order: Type.Unsafe<OrderKind | 'any'>({
      type: 'string',
      enum: ['any', ...Object.keys(ORDER_KINDS)],
      errorMessage: '没有这种督办',
    }),
    mine: Flag,
    /** 'me': the next act is one's own; 'all' narrows nothing */
    turn: Type.Unsafe<'me' | 'all'>({ type: 'string', enum: ['me', 'all'], errorMessage: '应为 me 或 all' }),
    organization: Type.String({ maxLength: 64 }),
    region: Type.String({ maxLength: 12 }),
    level: Type.String({ pattern: '^[1-5](,[1-5])*$' }),
    q: Type.String({ maxLength: 40 }),
    closed: Flag,
    /** where the page before ended (its `next`, or the `previous` of the page after); `page` is then of no account */
    after: CursorText,
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

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'

/** Some cases, by their ids with commas between. */
export const BulkQuery = Type.Object({
  ids: Type.String({
    pattern: `^${UUID}(,${UUID}){0,99}$`,
    errorMessage: '应为 1 至 100 个差评件，用逗号隔开',
  }),
})

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
