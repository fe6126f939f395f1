import { type Static, Type } from 'typebox'
import { Problem } from '../../platform/problem.ts'
import { checked } from '../../platform/validation.ts'

const Text = (max: number, more = {}) => Type.String({ minLength: 1, maxLength: max, ...more })
const Time = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})?$',
  errorMessage: '时间格式应为 2026-11-24T09:30:00+08:00 或 2026-11-24 09:30:00',
})

/** 服务环节, by the words the national interface uses. */
export const STAGES = ['咨询', '申报', '受理', '办理', '补正', '缴费', '签收', '办结', '送达'] as const
/** 申请人类型 `userProp`. */
export const APPLICANT_TYPES = ['1', '2', '3', '4', '5', '6', '9'] as const

const OneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({
    type: 'string',
    enum: [...values],
    description,
    errorMessage: `应为 ${values.join(' ')} 之一`,
  })

/** One visit (a stage of an affair) as a business system reports it. */
export const VisitReport = Type.Object(
  {
    affairNumber: Text(50, { description: '办件编号' }),
    affairName: Type.Optional(Text(200, { description: '办件名称; default: the item name' })),
    visitNumber: Type.Integer({ minimum: 1, maximum: 9999, description: 'n-th service within the affair' }),
    stage: OneOf(STAGES, '服务环节'),
    onSite: Type.Boolean({ description: 'true: at a window (一次一评); false: online (一事一评)' }),
    itemCode: Text(64, { description: '事项实施编码' }),
    organizationId: Type.Optional(
      Text(64, { description: 'handling organisation; default: the one of the item' }),
    ),
    windowCode: Type.Optional(Text(64)),
    staffNumber: Type.Optional(Text(64)),
    platformCode: Type.Optional(Text(64)),
    applicantType: OneOf(
      APPLICANT_TYPES,
      '申请人类型: 1 自然人 2 企业法人 3 事业法人 4 社会组织法人 5 非法人企业 6 行政机关 9 其他组织',
    ),
    applicant: Type.Optional(
      Type.Object(
        { name: Type.Optional(Text(100)), idNumber: Type.Optional(Text(32)), phone: Type.Optional(Text(32)) },
        { additionalProperties: false },
      ),
    ),
    servedAt: Time,
    appliedAt: Type.Optional(Time),
    acceptedAt: Type.Optional(Time),
    finishedAt: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type VisitReport = Static<typeof VisitReport>

const Batch = Type.Object(
  {
    visits: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: 500,
      errorMessage: '一批应为 1 至 500 次服务',
    }),
  },
  { additionalProperties: false },
)
/** A batch of up to 500 visits, or one visit, as the interface describes it. */
export const VisitsBody = Type.Union([
  VisitReport,
  Type.Object({ visits: Type.Array(VisitReport, { minItems: 1, maxItems: 500 }) }),
])

/** A visit that is not one: what can be told of it, and what is wrong. */
export interface Unreadable {
  affairNumber: string
  visitNumber: number
  problem: Problem
}

/**
 * Reads what a partner sent visit by visit, so that in a batch a bad one is refused alone.
 * @throws Problem 422 invalid for a single visit that is not one, and for a batch that is too large or empty
 */
export function readVisits(body: unknown): (VisitReport | Unreadable)[] {
  if (typeof body !== 'object' || body === null || !('visits' in body)) return [checked(VisitReport, body)]
  return checked(Batch, body).visits.map((one) => {
    try {
      return checked(VisitReport, one)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const known = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
      return {
        affairNumber: typeof known.affairNumber === 'string' ? known.affairNumber.slice(0, 50) : '',
        visitNumber: Number.isSafeInteger(known.visitNumber) ? Number(known.visitNumber) : 0,
        problem: error,
      }
    }
  })
}

/** What a visit is answered with: the chance to rate it. */
export const Invitation = Type.Object({
  affairNumber: Type.String(),
  visitNumber: Type.Integer(),
  status: Type.Union([Type.Literal('invited'), Type.Literal('already-invited'), Type.Literal('refused')]),
  token: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  qr: Type.Optional(Type.String({ description: 'SVG of the QR code, in the answer to a single visit' })),
  expiresAt: Type.Optional(Type.String()),
  problem: Type.Optional(
    Type.Object({ code: Type.String(), detail: Type.String(), field: Type.Optional(Type.String()) }),
  ),
})
