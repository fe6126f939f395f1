import { checkResidentId } from '@haochaping/rules'
import { type Static, Type } from 'typebox'
import type { ReportedVisit } from './affairs.check.ts'
import { APPLICANT_TYPES, STAGES, type VisitReport } from './affairs.schema.ts'

const Text = (max: number) => Type.String({ maxLength: max })

/**
 * The words real hall systems use when they ask for an evaluation page. They are taken as a signed POST; nothing of
 * it ever goes into an address.
 */
export const HallRequest = Type.Object(
  {
    projNo: Type.String({ minLength: 1, maxLength: 50 }),
    projName: Type.Optional(Text(200)),
    serviceName: Type.Optional(Text(50)),
    serviceCode: Type.String({ minLength: 1, maxLength: 64, description: '事项编码' }),
    serviceVersion: Type.Optional(Text(20)),
    serviceDepartment: Type.Optional(Text(200)),
    serviceDepartmentCode: Type.Optional(Text(64)),
    serviceNumber: Type.Optional(
      Type.Union([
        Type.Integer({ minimum: 1, maximum: 9999 }),
        Type.String({ pattern: '^[1-9][0-9]{0,3}$' }),
      ]),
    ),
    applicantName: Type.Optional(Text(100)),
    applyTime: Type.Optional(Text(40)),
    applicantCardNumber: Type.Optional(Text(32)),
    applicantPhone: Type.Optional(Text(32)),
    handleStateCode: Type.Optional(Text(10)),
    handleStateName: Type.Optional(Text(20)),
    regionCode: Type.Optional(Text(12)),
    regionName: Type.Optional(Text(50)),
    source: Type.Optional(Text(20)),
    serviceCategory: Type.Optional(Text(50)),
    infoTypeName: Type.Optional(Text(50)),
    userProp: Type.Optional(Text(2)),
    userPageType: Type.Optional(Text(5)),
    transactionTime: Type.Optional(Text(40)),
    windowCode: Type.Optional(Text(64)),
    evaluatedPersonInfo: Type.Optional(
      Type.Array(
        Type.Object({ loginName: Text(64), name: Type.Optional(Text(64)) }, { additionalProperties: true }),
        { maxItems: 10 },
      ),
    ),
    version: Type.Optional(Type.Union([Type.Literal(2), Type.Literal('2')])),
  },
  { additionalProperties: false },
)
export type HallRequest = Static<typeof HallRequest>

/** 办件状态 proStatus: 1 待受理 2 已受理 3 已办结. */
const STAGE_OF_STATE: Record<string, VisitReport['stage']> = { '1': '申报', '2': '受理', '3': '办结' }

/** Turns a hall system's request into a visit; with a window it is on site, without it online. */
export function fromHallRequest(h: HallRequest): ReportedVisit {
  const stage = STAGES.find((s) => s === h.serviceName) ?? STAGE_OF_STATE[h.handleStateCode ?? ''] ?? '办理'
  const applicant = {
    ...(h.applicantName && { name: h.applicantName }),
    ...(h.applicantCardNumber && { idNumber: h.applicantCardNumber }),
    ...(h.applicantPhone && { phone: h.applicantPhone }),
  }
  const staff = h.evaluatedPersonInfo?.[0]?.loginName
  return {
    affairNumber: h.projNo,
    ...(h.projName && { affairName: h.projName }),
    visitNumber: Number(h.serviceNumber ?? 1),
    stage,
    onSite: Boolean(h.windowCode),
    itemCode: h.serviceCode,
    ...(h.windowCode && { windowCode: h.windowCode }),
    ...(staff && { staffNumber: staff }),
    applicantType:
      APPLICANT_TYPES.find((a) => a === h.userProp) ??
      (checkResidentId(h.applicantCardNumber ?? '').ok ? '1' : '9'),
    ...(Object.keys(applicant).length > 0 && { applicant }),
    ...(h.transactionTime && { servedAt: h.transactionTime }),
    ...(h.applyTime && { appliedAt: h.applyTime }),
  }
}
