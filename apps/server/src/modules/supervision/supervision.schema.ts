import {
  CASE_OUTCOMES,
  CHECK_FINDINGS,
  CHECK_METHODS,
  type CheckFinding,
  type CheckMethod,
  ORDER_KINDS,
  ORDER_STATES,
  type OrderKind,
  type OrderState,
} from '@haochaping/rules'
import { Type } from 'typebox'
import { Day } from '../../platform/validation.ts'
import { RETALIATION_OUTCOMES, RETALIATION_STATES, type RetaliationOutcome } from './retaliation.store.ts'

const oneOf = <T extends string>(names: object, errorMessage: string) =>
  Type.Unsafe<T>({ type: 'string', enum: Object.keys(names), errorMessage })
const Uuid = Type.String({ format: 'uuid' })
const Flag = Type.Union([Type.Literal('true'), Type.Literal('false')])
const Page = {
  page: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
  pageSize: Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' }),
}
const Version = Type.Integer({ minimum: 1 })
const Files = Type.Array(Uuid, { maxItems: 20, uniqueItems: true })
const closed = { additionalProperties: false }

export const PageQuery = Type.Partial(Type.Object(Page))
export const CaseParams = Type.Object({ id: Uuid })
export const OrderParams = Type.Object({
  id: Uuid,
  orderId: Uuid,
  event: Type.String({ pattern: '^[a-z_]{1,40}$' }),
})
export const FileParams = Type.Object({ id: Uuid, fileId: Uuid })
export const PreviewQuery = Type.Object({ size: Type.Union([Type.Literal('small'), Type.Literal('large')]) })
export const CheckParams = Type.Object({ checkId: Uuid })
export const ItemParams = Type.Object({ checkId: Uuid, id: Uuid })
export const ReportParams = Type.Object({ id: Uuid, reportId: Uuid })

/** What a list of orders may be narrowed by, as it stands in the address. */
export const OrdersQuery = Type.Partial(
  Type.Object({
    kind: oneOf<OrderKind>(ORDER_KINDS, '没有这种督办'),
    state: oneOf<OrderState>(ORDER_STATES, '没有这个状态'),
    open: Flag,
    overdue: Flag,
    organization: Type.String({ maxLength: 64 }),
    region: Type.String({ maxLength: 12 }),
    ...Page,
  }),
)

/** An order that is given. */
export const OrderBody = Type.Object(
  { kind: oneOf<OrderKind>(ORDER_KINDS, '没有这种督办'), demand: Type.String({ maxLength: 4000 }) },
  closed,
)

/** A step of an order: on the version that was on the screen. */
export const StepBody = Type.Object(
  {
    version: Version,
    values: Type.Record(
      Type.String({ maxLength: 40 }),
      Type.Union([Type.String({ maxLength: 4000 }), Files]),
      { maxProperties: 10 },
    ),
  },
  closed,
)

const Title = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '\\S',
  errorMessage: '请填写 1 到 60 字的名称',
})

/** A draw that is planned. */
export const PlanBody = Type.Object(
  {
    title: Title,
    method: oneOf<CheckMethod>(CHECK_METHODS, '没有这种检查方式'),
    filter: Type.Object(
      {
        from: Day,
        to: Day,
        organization: Type.Optional(Type.String({ maxLength: 64 })),
        region: Type.Optional(Type.String({ maxLength: 12 })),
        outcome: Type.Optional(oneOf<string>(CASE_OUTCOMES, '没有这种结果')),
      },
      closed,
    ),
    percent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    size: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    seed: Type.Optional(Type.String({ maxLength: 100 })),
  },
  closed,
)
export const PickBody = Type.Object(
  {
    title: Title,
    method: oneOf<CheckMethod>(CHECK_METHODS, '没有这种检查方式'),
    caseNumbers: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: 100 }),
  },
  closed,
)
export const VersionBody = Type.Object({ version: Version }, closed)
export const AssignBody = Type.Object({ version: Version, inspectorId: Uuid }, closed)
export const FoundBody = Type.Object(
  {
    version: Version,
    finding: oneOf<CheckFinding>(CHECK_FINDINGS, '没有这种检查结果'),
    note: Type.String({ maxLength: 1000 }),
    evidence: Type.Optional(Files),
  },
  closed,
)
export const CloseBody = Type.Object({ version: Version, summary: Type.String({ maxLength: 1000 }) }, closed)

export const ReportsQuery = Type.Partial(
  Type.Object({ state: oneOf<string>(RETALIATION_STATES, '没有这个状态'), ...Page }),
)
export const AnswerBody = Type.Object(
  {
    version: Version,
    outcome: oneOf<RetaliationOutcome>(RETALIATION_OUTCOMES, '没有这种处理结果'),
    answer: Type.String({ maxLength: 4000 }),
  },
  closed,
)
