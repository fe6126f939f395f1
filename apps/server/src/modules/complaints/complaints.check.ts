import { checkAffairNumber, checkMobile, checkResidentId } from '@haochaping/rules'
import { badRequest, type Problem } from '../../platform/problem.ts'
import type { KnownAffair } from '../affairs/matters.ts'
import type { Person } from '../people/people.service.ts'
import type { ComplaintEntry, ComplaintReport } from './complaints.schema.ts'

/** What finding the handling organisation needs of other rooms. */
export interface Directory {
  catalog: {
    organization(
      id: string,
    ): Promise<{ id: string; path: string; regionCode: string; name: string } | null | undefined>
    item(code: string): Promise<{ code: string; name: string; organizationId: string } | null | undefined>
    window(code: string): Promise<{ code: string; organizationId: string } | null | undefined>
    staff(number: string): Promise<{ number: string; organizationId: string } | null | undefined>
  }
  affairsNumbered(affairNumber: string, source?: string): Promise<KnownAffair[]>
}

type Given = ComplaintReport | ComplaintEntry

/** Whoever complains, in the one spelling that is kept. Callers of a hotline have landlines too. */
export function checkedPerson({ person }: Given): Person {
  const found: Person = { name: person?.name?.trim() || undefined }
  if (person?.idNumber) {
    const number = person.idNumber.trim()
    const check = /^\d{17}[\dXx]$/.test(number)
      ? checkResidentId(number)
      : { ok: true as const, value: number }
    if (!check.ok) throw badRequest('bad-id-number', check.reason, 'person.idNumber')
    found.idNumber = check.value
  }
  if (person?.phone) {
    const digits = person.phone.replace(/[\s-]/g, '')
    const check = /^0\d{9,11}$/.test(digits) ? { ok: true as const, value: digits } : checkMobile(digits)
    if (!check.ok) throw badRequest('bad-phone', check.reason, 'person.phone')
    found.phone = check.value
  }
  return found
}

/**
 * The affair a complaint names, where a business system reported it.
 * @throws Problem 400 bad-affair-number, ambiguous-affair when several systems use the number
 */
async function affairOf({ affairsNumbered }: Directory, given: Given): Promise<KnownAffair | null> {
  if (given.affairNumber === undefined) return null
  const number = checkAffairNumber(given.affairNumber)
  if (!number.ok) throw badRequest('bad-affair-number', number.reason, 'affairNumber')
  const found = await affairsNumbered(number.value, given.affairSource)
  if (found.length > 1)
    throw badRequest(
      'ambiguous-affair',
      '不止一个业务系统有这个办件编号，请用 affairSource 写明是哪个系统。',
      'affairSource',
    )
  return found[0] ?? null
}

/** What a complaint is about, and who handles that. */
export interface Subject {
  affair: KnownAffair | null
  organization: { id: string; path: string; regionCode: string }
  itemCode: string
  windowCode: string
  staffNumber: string
}

/**
 * Whose the complaint is: of who handled the affair, else of the organisation named, else of window, staff member or
 * item (谁办理、谁负责).
 * @throws Problem 400 unknown-item, unknown-window, unknown-staff, unknown-organization, and when nothing says who
 */
export async function subjectOf(directory: Directory, given: Given): Promise<Subject> {
  const { catalog } = directory
  const unknown = (what: string, code: string | undefined, field: string): Problem =>
    badRequest(`unknown-${what}`, `目录中没有 ${code}。`, field)
  const item = given.itemCode ? await catalog.item(given.itemCode) : null
  if (given.itemCode && !item) throw unknown('item', given.itemCode, 'itemCode')
  const window = given.windowCode ? await catalog.window(given.windowCode) : null
  if (given.windowCode && !window) throw unknown('window', given.windowCode, 'windowCode')
  const staff = given.staffNumber ? await catalog.staff(given.staffNumber) : null
  if (given.staffNumber && !staff) throw unknown('staff', given.staffNumber, 'staffNumber')
  const affair = await affairOf(directory, given)
  const organizationId =
    affair?.organization_id ??
    given.organizationId ??
    window?.organizationId ??
    staff?.organizationId ??
    item?.organizationId
  if (organizationId === undefined)
    throw badRequest(
      'subject-missing',
      given.affairNumber === undefined
        ? '请写明办件编号、事项、窗口、工作人员或机构，至少一项，才能转给办理单位。'
        : '没有找到这个办件编号，请另外写明事项、窗口或机构，才能转给办理单位。',
      'organizationId',
    )
  const organization = await catalog.organization(organizationId)
  if (!organization) throw unknown('organization', organizationId, 'organizationId')
  return {
    affair,
    organization,
    itemCode: item?.code ?? affair?.item_code ?? '',
    windowCode: given.windowCode ?? affair?.window_code ?? '',
    staffNumber: given.staffNumber ?? affair?.staff_number ?? '',
  }
}
