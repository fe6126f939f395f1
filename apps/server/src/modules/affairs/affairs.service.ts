import { checkAffairNumber } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { randomId } from '../../platform/ids.ts'
import { badRequest, Problem } from '../../platform/problem.ts'
import type { InvitationsService, IssuedInvitation } from '../invitations/invitations.service.ts'
import { appendRows, entryRows } from '../ledger/journal.ts'
import type { PeopleService, SealedPerson } from '../people/people.service.ts'
import {
  CLOCKS_DIFFER,
  checkedApplicant,
  checkPast,
  parseTime,
  type ReportedVisit,
  reportDigest,
} from './affairs.check.ts'
import { visitFacts } from './affairs.facts.ts'
import type { Unreadable } from './affairs.schema.ts'
import * as store from './affairs.store.ts'
import { makeMatters } from './matters.ts'
import { makePartners } from './partners.ts'

/** What this room needs of the directory and of the policies. */
interface Needs {
  invitations: InvitationsService
  people: PeopleService
  catalog: {
    organization(
      id: string,
    ): Promise<{ id: string; path: string; regionCode: string; name: string } | null | undefined>
    item(code: string): Promise<{ code: string; name: string; organizationId: string } | null | undefined>
    window(code: string): Promise<{ code: string; name: string; hallCode: string } | null | undefined>
    hall(code: string): Promise<{ code: string; name: string } | null | undefined>
    staff(number: string): Promise<{ number: string; displayName: string } | null | undefined>
    platform(code: string): Promise<{ code: string; name: string } | null | undefined>
  }
  policies: { value(key: string, regionCode: string, at: Date): Promise<{ value: number }> }
}

/** What one reported visit is answered with. */
export type VisitAnswer =
  | {
      affairNumber: string
      visitNumber: number
      status: 'invited' | 'already-invited'
      token: string
      url: string
      expiresAt: string
    }
  | {
      affairNumber: string
      visitNumber: number
      status: 'refused'
      problem: { code: string; detail: string; field?: string }
    }

interface Prepared {
  report: ReportedVisit
  row: store.VisitRow
  invitation: IssuedInvitation
  person: SealedPerson | null
  entry: ReturnType<typeof entryRows>
}

const DAY = 86_400_000

export type AffairsService = ReturnType<typeof makeAffairsService>

/** Takes in what business systems handled, and answers with the chance to rate it. */
export function makeAffairsService(app: App, needs: Needs) {
  const { catalog, invitations, people } = needs
  const digestKey = app.keys.derive('visit-digest')

  async function prepare(source: string, report: ReportedVisit): Promise<Prepared> {
    const now = app.clock()
    const item = await catalog.item(report.itemCode)
    if (!item) throw badRequest('unknown-item', `事项清单中没有编码 ${report.itemCode}。`, 'itemCode')
    const organization = await catalog.organization(report.organizationId ?? item.organizationId)
    if (!organization)
      throw badRequest('unknown-organization', `没有机构 ${report.organizationId}。`, 'organizationId')
    const window = report.windowCode ? await catalog.window(report.windowCode) : null
    if (report.windowCode && !window)
      throw badRequest('unknown-window', `没有窗口 ${report.windowCode}。`, 'windowCode')
    if (report.onSite && !window)
      throw badRequest('window-missing', '现场办理的服务要填写窗口编码。', 'windowCode')
    if (report.staffNumber && !(await catalog.staff(report.staffNumber)))
      throw badRequest('unknown-staff', `没有工号 ${report.staffNumber}。`, 'staffNumber')
    if (report.platformCode && !(await catalog.platform(report.platformCode)))
      throw badRequest('unknown-platform', `没有平台 ${report.platformCode}。`, 'platformCode')
    const affair = checkAffairNumber(report.affairNumber)
    if (!affair.ok) throw badRequest('bad-affair-number', affair.reason, 'affairNumber')
    if (/[\p{Cc}\p{Cs}]/u.test(report.affairName ?? ''))
      throw badRequest('bad-text', '办件名称含有乱码或控制字符。', 'affairName')
    const applicant = checkedApplicant(report)
    const times = {
      served: report.servedAt ? parseTime(report.servedAt, 'servedAt') : now,
      applied: report.appliedAt ? parseTime(report.appliedAt, 'appliedAt') : null,
      accepted: report.acceptedAt ? parseTime(report.acceptedAt, 'acceptedAt') : null,
      finished: report.finishedAt ? parseTime(report.finishedAt, 'finishedAt') : null,
    }
    if (times.served.getTime() > now.getTime() + CLOCKS_DIFFER)
      throw badRequest('served-in-future', '服务时间晚于当前时间，请检查业务系统的时钟。', 'servedAt')
    checkPast(times, now)
    const { value: days } = await needs.policies.value('supplement', organization.regionCode, now)
    const rateable = {
      source,
      affairNumber: affair.value,
      visitNumber: report.visitNumber,
      onSite: report.onSite,
    }
    const expires = new Date(Math.max(times.served.getTime(), times.finished?.getTime() ?? 0) + days * DAY)
    if (expires <= now)
      throw badRequest('too-old', `服务已超过 ${days} 天的评价期限，不再发出评价邀请。`, 'servedAt')
    const invitation = invitations.issue(rateable, now, expires)
    const { evaluation_id, visit_id } = invitation.row
    const digest = reportDigest(digestKey, report)
    const person = people.seal(evaluation_id, visit_id, applicant)
    const row: store.VisitRow = {
      evaluation_id,
      visit_id,
      source,
      affair_number: affair.value,
      affair_name: report.affairName ?? item.name,
      visit_number: report.visitNumber,
      stage: report.stage,
      on_site: report.onSite,
      item_code: item.code,
      item_name: item.name,
      organization_id: organization.id,
      organization_path: organization.path,
      region_code: organization.regionCode,
      hall_code: window?.hallCode ?? '',
      window_code: report.windowCode ?? '',
      staff_number: report.staffNumber ?? '',
      platform_code: report.platformCode ?? '',
      applicant_type: report.applicantType,
      served_at: times.served,
      applied_at: times.applied,
      accepted_at: times.accepted,
      finished_at: times.finished,
      reported_at: now,
      entry_id: randomId(),
      digest,
    }
    const entry = entryRows(
      {
        subjectId: evaluation_id,
        kind: 'visit.reported',
        actor: `partner:${source}`,
        at: now,
        payload: {
          ...visitFacts(row, digestKey),
          expiresAt: expires.toISOString(),
          personalCommitment: person?.commitment ?? null,
        },
      },
      row.entry_id,
    )
    return {
      report,
      invitation,
      person,
      entry,
      row,
    }
  }

  /**
   * Takes visits of one partner: those in order are written in one transaction, each refused one is told why.
   * Reporting the same visit again gives the same invitation.
   */
  async function report(
    partner: { source: string },
    reports: (ReportedVisit | Unreadable)[],
  ): Promise<VisitAnswer[]> {
    const answers: (VisitAnswer | Prepared)[] = []
    const seen = new Set<string>()
    for (const one of reports) {
      if ('problem' in one) {
        answers.push(refusal(one, one.problem))
        continue
      }
      try {
        const prepared = await prepare(partner.source, one)
        if (seen.has(prepared.row.visit_id))
          throw badRequest('twice-in-batch', '同一批中重复出现这次服务。', 'visitNumber')
        seen.add(prepared.row.visit_id)
        answers.push(prepared)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        answers.push(refusal(one, error))
      }
    }
    const fresh = answers.filter((a): a is Prepared => 'row' in a)
    const written = fresh.length > 0 ? await write(fresh) : new Set<string>()
    const before = fresh.filter((p) => !written.has(p.row.visit_id))
    const [conflicting, expiries] = [
      await changedSince(before),
      await invitations.expiries(before.map((p) => p.invitation.row)),
    ]
    if (written.size > 0) app.nudge()
    return answers.map((a): VisitAnswer => {
      if (!('row' in a)) return a
      if (conflicting.has(a.row.visit_id))
        return refusal(
          a.report,
          new Problem(
            409,
            'visit-conflict',
            '这次服务已报送过，内容与上次不同。已报送的记录不可更改，请用新的服务序号报送。',
          ),
        )
      return {
        affairNumber: a.report.affairNumber,
        visitNumber: a.report.visitNumber,
        status: written.has(a.row.visit_id) ? 'invited' : 'already-invited',
        token: a.invitation.token,
        url: a.invitation.url,
        expiresAt: (expiries.get(a.row.visit_id) ?? a.invitation.row.expires_at).toISOString(),
      }
    })
  }

  const write = (fresh: Prepared[]) =>
    app.db.intake.transaction().execute(async (tx) => {
      const written = await store.insertVisits(
        tx,
        fresh.map((p) => p.row),
      )
      const now = fresh.filter((p) => written.has(p.row.visit_id))
      if (now.length === 0) return written
      await invitations.insert(
        tx,
        now.map((p) => p.invitation.row),
      )
      const persons = now.flatMap(({ person }) => person?.row ?? [])
      if (persons.length > 0) await people.insert(tx, persons)
      await appendRows(
        tx,
        now.map((p) => p.entry),
      )
      return written
    })

  async function changedSince(known: Prepared[]): Promise<Set<string>> {
    if (known.length === 0) return new Set()
    const rows = await store.digestsOf(
      app.db.intake,
      known.map((p) => ({ evaluationId: p.row.evaluation_id, visitId: p.row.visit_id })),
    )
    const digests = new Map(rows.map((row) => [row.visit_id, row.digest]))
    return new Set(
      known.filter((p) => !digests.get(p.row.visit_id)?.equals(p.row.digest)).map((p) => p.row.visit_id),
    )
  }

  return {
    report,
    /** One visit; undefined when there is none. */
    visit: (evaluationId: string, visitId: string) => store.visitById(app.db.intake, evaluationId, visitId),
    /** When the visit was that a rating is about; null where there is none, as with a complaint. */
    servedAt: (evaluationId: string) => store.lastServed(app.db.intake, evaluationId),
    ...makePartners(app),
    ...makeMatters(app),
  }
}

const refusal = (r: { affairNumber: string; visitNumber: number }, p: Problem): VisitAnswer => ({
  affairNumber: r.affairNumber,
  visitNumber: r.visitNumber,
  status: 'refused',
  problem: { code: p.code, detail: p.detail, ...(p.field && { field: p.field }) },
})
