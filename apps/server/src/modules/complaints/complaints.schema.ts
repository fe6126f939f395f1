import { type Static, Type } from 'typebox'
import { Problem } from '../../platform/problem.ts'
import { checked } from '../../platform/validation.ts'

/** What came in: somebody was wronged, or somebody has an idea. */
export const COMPLAINT_KINDS = { complaint: '投诉', opinion: '意见建议' } as const
/** By which way it came (Q54). */
export const COMPLAINT_MEDIA = {
  hotline: '12345 热线',
  opinion_box: '意见箱',
  platform: '监督平台',
  mail: '电子邮箱',
  visit: '来访',
  other: '其他',
} as const
export type ComplaintKind = keyof typeof COMPLAINT_KINDS
export type ComplaintMedium = keyof typeof COMPLAINT_MEDIA

const Text = (max: number, more = {}) => Type.String({ minLength: 1, maxLength: max, ...more })
const Time = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})?$',
  errorMessage: '时间格式应为 2026-11-24T09:30:00+08:00 或 2026-11-24 09:30:00',
})
const OneOf = <K extends string>(labels: Record<K, string>, description: string) =>
  Type.Unsafe<K>({
    type: 'string',
    enum: Object.keys(labels),
    description: `${description}: ${Object.entries(labels)
      .map(([value, label]) => `${value} ${label}`)
      .join(' ')}`,
    errorMessage: `应为 ${Object.keys(labels).join(' ')} 之一`,
  })

const about = {
  kind: OneOf(COMPLAINT_KINDS, '类别'),
  medium: OneOf(COMPLAINT_MEDIA, '来源渠道'),
  affairNumber: Type.Optional(Text(50, { description: '办件编号' })),
  affairSource: Type.Optional(
    Text(64, { description: 'business system of the affair, where several use the same number' }),
  ),
  itemCode: Type.Optional(Text(64, { description: '事项实施编码' })),
  organizationId: Type.Optional(
    Text(64, { description: 'default: the one that handles affair, window or item' }),
  ),
  windowCode: Type.Optional(Text(64)),
  staffNumber: Type.Optional(Text(64)),
  text: Text(2000, { description: '反映的情况' }),
  person: Type.Optional(
    Type.Object(
      { name: Type.Optional(Text(100)), phone: Type.Optional(Text(32)), idNumber: Type.Optional(Text(32)) },
      { additionalProperties: false },
    ),
  ),
  doNotContact: Type.Optional(Type.Boolean()),
  receivedAt: Time,
}

/** A complaint as a partner (the 12345 hotline, an opinion box) passes it on. */
export const ComplaintReport = Type.Object(
  { number: Text(50, { description: 'the number it has with the partner, 工单编号' }), ...about },
  { additionalProperties: false },
)
export type ComplaintReport = Static<typeof ComplaintReport>

/** A complaint as an official takes it down; `submissionId` makes sending it twice harmless. */
export const ComplaintEntry = Type.Object(
  { submissionId: Type.String({ format: 'uuid' }), ...about },
  { additionalProperties: false },
)
export type ComplaintEntry = Static<typeof ComplaintEntry>

const Batch = Type.Object(
  {
    complaints: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: 200,
      errorMessage: '一批应为 1 至 200 件',
    }),
  },
  { additionalProperties: false },
)
/** A batch, or one, as the interface describes it. */
export const ComplaintsBody = Type.Union([
  ComplaintReport,
  Type.Object({ complaints: Type.Array(ComplaintReport, { minItems: 1, maxItems: 200 }) }),
])

/** A complaint that is not one: what can be told of it, and what is wrong. */
export interface UnreadableComplaint {
  number: string
  problem: Problem
}

/**
 * Reads what a partner sent one by one, so that in a batch a bad one is refused alone.
 * @throws Problem 422 invalid for a single one that is not, and for a batch that is too large or empty
 */
export function readComplaints(body: unknown): (ComplaintReport | UnreadableComplaint)[] {
  if (typeof body !== 'object' || body === null || !('complaints' in body))
    return [checked(ComplaintReport, body)]
  return checked(Batch, body).complaints.map((one) => {
    try {
      return checked(ComplaintReport, one)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { number } = (typeof one === 'object' && one !== null ? one : {}) as { number?: unknown }
      return { number: typeof number === 'string' ? number.slice(0, 50) : '', problem: error }
    }
  })
}

/** What a complaint is answered with: a number, and the secret link to its progress. */
export const ComplaintAnswer = Type.Object({
  number: Type.String(),
  status: Type.Union([Type.Literal('received'), Type.Literal('already-received'), Type.Literal('refused')]),
  complaintNumber: Type.Optional(Type.String()),
  progressUrl: Type.Optional(Type.String({ description: 'secret link; whoever has it sees the progress' })),
  problem: Type.Optional(
    Type.Object({ code: Type.String(), detail: Type.String(), field: Type.Optional(Type.String()) }),
  ),
})
export type ComplaintAnswer = Static<typeof ComplaintAnswer>
