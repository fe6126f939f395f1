import { createHash } from 'node:crypto'
import { checkMobile, checkResidentId, checkUscc } from '@haochaping/rules'
import { lengthPrefixed } from '../../platform/crypto/sm.ts'
import { badRequest } from '../../platform/problem.ts'
import type { Person } from '../people/people.service.ts'
import type { VisitReport } from './affairs.schema.ts'

/** Clocks that differ by minutes are forgiven; more is a wrong clock, and times are evidence (field notes, P11). */
export const CLOCKS_DIFFER = 5 * 60_000

/** A visit as it may come from any adapter: one that never says the time means now. */
export type ReportedVisit = Omit<VisitReport, 'servedAt'> & { servedAt?: string }

/** Times without a zone are Asia/Shanghai, as the interfaces of hall systems have them. */
export function parseTime(text: string, field: string): Date {
  const iso = text.replace(' ', 'T')
  const at = new Date(/(Z|[+-]\d{2}:\d{2})$/.test(iso) ? iso : `${iso}+08:00`)
  // JavaScript makes 2 March of 30 February.
  const day = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`)
  const exists = !Number.isNaN(day) && new Date(day).toISOString().startsWith(iso.slice(0, 10))
  if (Number.isNaN(at.getTime()) || !exists) throw badRequest('bad-time', '没有这个时间。', field)
  return at
}

/**
 * What has been applied for, accepted or finished has been so by now: an end yet to come would keep the chance to
 * rate open as long as the business system likes.
 * @throws Problem 400 time-in-future
 */
export function checkPast(times: Record<'applied' | 'accepted' | 'finished', Date | null>, now: Date): void {
  const latest = now.getTime() + CLOCKS_DIFFER
  for (const [name, field] of [
    ['applied', 'appliedAt'],
    ['accepted', 'acceptedAt'],
    ['finished', 'finishedAt'],
  ] as const)
    if ((times[name]?.getTime() ?? 0) > latest)
      throw badRequest('time-in-future', '这个时间晚于当前时间，请检查业务系统的时钟。', field)
}

/** The applicant in the one spelling that is kept: masks and look-ups go by it. */
export function checkedApplicant({ applicant, applicantType }: ReportedVisit): Person {
  const person: Person = { name: applicant?.name }
  if (applicant?.idNumber) {
    const check =
      applicantType === '1' ? checkPersonalNumber(applicant.idNumber) : checkUscc(applicant.idNumber)
    if (!check.ok) throw badRequest('bad-id-number', check.reason, 'applicant.idNumber')
    person.idNumber = check.value
  }
  if (applicant?.phone) {
    const check = checkMobile(applicant.phone)
    if (!check.ok) throw badRequest('bad-phone', check.reason, 'applicant.phone')
    person.phone = check.value
  }
  return person
}

/** Natural persons may come with other papers (passport, permits): only 18-digit numbers have a check to fail. */
const checkPersonalNumber = (value: string) =>
  /^\d{17}[\dXx]$/.test(value) ? checkResidentId(value) : ({ ok: true, value } as const)

/** A keyed digest of what was reported: a second report of the same visit can be told from a changed one. */
export function reportDigest(key: Buffer, r: ReportedVisit): Buffer {
  const { affairNumber, affairName, visitNumber, stage, onSite, itemCode, organizationId, windowCode } = r
  const parts = [
    ...[affairNumber, affairName, visitNumber, stage, onSite, itemCode, organizationId, windowCode],
    ...[r.staffNumber, r.platformCode, r.applicantType],
    ...[r.applicant?.name, r.applicant?.idNumber, r.applicant?.phone],
    ...[r.servedAt, r.appliedAt, r.acceptedAt, r.finishedAt],
  ]
  return createHash('sm3')
    .update(lengthPrefixed(key, ...parts.map((part) => String(part ?? ''))))
    .digest()
}
