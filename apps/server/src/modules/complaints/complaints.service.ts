import type { App } from '../../platform/context.ts'
import { derivedUuid, randomId } from '../../platform/ids.ts'
import { badRequest, conflict, forbidden, notFound, Problem } from '../../platform/problem.ts'
import { CLOCKS_DIFFER, parseTime } from '../affairs/affairs.check.ts'
import type { AffairsService } from '../affairs/affairs.service.ts'
import { cleanText, keyedNumber } from '../evaluations/evaluations.service.ts'
import { actorOf, type Official } from '../identity/official.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import { parseToken, sameSecret } from '../invitations/tokens.ts'
import { appendRows, entryRows } from '../ledger/journal.ts'
import type { PeopleService } from '../people/people.service.ts'
import { checkedPerson, type Directory, subjectOf } from './complaints.check.ts'
import { COMPLAINT_DIGEST, complaintFacts, reportedDigest } from './complaints.facts.ts'
import {
  COMPLAINT_KINDS,
  COMPLAINT_MEDIA,
  type ComplaintAnswer,
  type ComplaintEntry,
  type ComplaintKind,
  type ComplaintMedium,
  type ComplaintReport,
  type UnreadableComplaint,
} from './complaints.schema.ts'
import * as store from './complaints.store.ts'

interface Needs {
  catalog: Directory['catalog']
  affairs: Pick<AffairsService, 'affairsNumbered' | 'matterId'>
  people: PeopleService
  invitations: Pick<InvitationsService, 'receiptToken' | 'receiptSecret' | 'receiptLink'>
}

/** Who passes a complaint on. */
interface Sender {
  source: string
  actor: string
}

/** What officials' entries stand under as their source. */
const CONSOLE = 'console'

export type ComplaintsService = ReturnType<typeof makeComplaintsService>

/** Complaints and opinions about services (R11, R14): taken in once, written once, each with a link to its progress. */
export function makeComplaintsService(app: App, needs: Needs) {
  const { affairs, people, invitations, catalog } = needs
  const ids = app.keys.derive('ids')
  const numbers = app.keys.derive('complaint-numbers')
  const digestKey = app.keys.derive(COMPLAINT_DIGEST)
  const directory: Directory = { catalog, affairsNumbered: affairs.affairsNumbered }

  const complaintId = (source: string, number: string) => derivedUuid(ids, 'complaint', source, number)

  /** Without an affair that anybody knows, the complaint is a matter of its own; the same number is the same one. */
  const matterOf = (
    source: string,
    number: string,
    given: ComplaintReport | ComplaintEntry,
    known?: string,
  ) => known ?? affairs.matterId(`${source} complaints`, given.affairNumber ?? `complaint ${number}`)

  async function prepare(by: Sender, number: string, given: ComplaintReport | ComplaintEntry) {
    const now = app.clock()
    const words = cleanText(given.text)
    if (words === '') throw badRequest('text-missing', '请写明反映的情况。', 'text')
    const person = checkedPerson(given)
    const receivedAt = parseTime(given.receivedAt, 'receivedAt')
    if (receivedAt.getTime() > now.getTime() + CLOCKS_DIFFER)
      throw badRequest('time-in-future', '收到时间晚于当前时间，请检查。', 'receivedAt')
    const subject = await subjectOf(directory, given)
    const { affair, organization } = subject
    const evaluation_id = complaintId(by.source, number)
    const sealed = people.seal(evaluation_id, evaluation_id, person)
    const row: store.ComplaintRow = {
      evaluation_id,
      complaint_number: keyedNumber('TS', numbers, evaluation_id, now),
      kind: given.kind,
      medium: given.medium,
      source: by.source,
      source_number: number,
      matter_id: matterOf(
        by.source,
        number,
        given,
        affair ? affairs.matterId(affair.source, affair.affair_number) : undefined,
      ),
      affair_number: given.affairNumber ?? '',
      item_code: subject.itemCode,
      organization_id: organization.id,
      organization_path: organization.path,
      region_code: organization.regionCode,
      window_code: subject.windowCode,
      staff_number: subject.staffNumber,
      // Real-name is who can be called back: a name alone is no way to reach anybody.
      real_name: person.phone !== undefined,
      do_not_contact: given.doNotContact ?? false,
      received_at: receivedAt,
      recorded_at: now,
      entry_id: randomId(),
      digest: reportedDigest(digestKey, number, given),
    }
    const entry = entryRows(
      {
        subjectId: evaluation_id,
        kind: 'complaint.received',
        actor: by.actor,
        at: now,
        payload: { ...complaintFacts(row, digestKey), personalCommitment: sealed?.commitment ?? null },
        text: { words },
      },
      row.entry_id,
    )
    return { row, entry, sealed }
  }

  /** Writes one complaint; gives its row as it stands, and whether it was written now. */
  async function take(by: Sender, number: string, given: ComplaintReport | ComplaintEntry) {
    const { row, entry, sealed } = await prepare(by, number, given)
    const written = await app.db.intake.transaction().execute(async (tx) => {
      if (!(await store.insertComplaint(tx, row))) return false
      if (sealed) await people.insert(tx, [sealed.row])
      await appendRows(tx, [entry])
      return true
    })
    if (written) return { row, created: true }
    const before = await store.complaintById(app.db.intake, row.evaluation_id)
    if (!before?.digest.equals(row.digest))
      throw conflict(
        'complaint-conflict',
        '这个编号已报送过，内容与上次不同。已报送的记录不可更改，请用新的编号报送。',
      )
    return { row: before, created: false }
  }

  const progressUrl = (row: store.ComplaintRow) =>
    invitations.receiptLink(invitations.receiptToken(row.evaluation_id))

  /**
   * Takes complaints of one partner, each by itself: those in order are written, each refused one is told why. The
   * same one again is answered the same.
   */
  async function report(
    partner: { source: string },
    reports: (ComplaintReport | UnreadableComplaint)[],
  ): Promise<ComplaintAnswer[]> {
    const by = { source: partner.source, actor: `partner:${partner.source}` }
    const answers: ComplaintAnswer[] = []
    for (const one of reports)
      try {
        if ('problem' in one) throw one.problem
        const { row, created } = await take(by, one.number, one)
        answers.push({
          number: one.number,
          status: created ? 'received' : 'already-received',
          complaintNumber: row.complaint_number,
          progressUrl: progressUrl(row),
        })
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        answers.push(refusal(one.number, error))
      }
    if (answers.some((answer) => answer.status === 'received')) app.nudge()
    return answers
  }

  /**
   * Takes a complaint down for somebody who came, called or wrote; only about organisations of the official's own
   * place.
   * @throws Problem 403 outside-place, 409 complaint-conflict, 400 as `subjectOf`
   */
  async function register(official: Official, { submissionId, ...given }: ComplaintEntry) {
    const { organization } = await subjectOf(directory, { submissionId, ...given })
    if (!organization.path.startsWith(official.organizationPath))
      throw forbidden('outside-place', '办理单位不在您的管辖范围内，请转有管辖权的部门登记。')
    const by = { source: CONSOLE, actor: actorOf(official) }
    const { row } = await take(by, submissionId.toLowerCase(), { submissionId, ...given })
    app.nudge()
    return {
      id: row.evaluation_id,
      complaintNumber: row.complaint_number,
      progressUrl: progressUrl(row),
    }
  }

  /**
   * What the holder of the secret link sees of a complaint.
   * @throws Problem 404 receipt-unknown
   */
  async function receiptView(text: string) {
    const token = parseToken(text)
    const right = token && sameSecret(token.secret, invitations.receiptSecret(token.evaluationId))
    const c = right ? await store.complaintById(app.db.intake, token.evaluationId) : undefined
    if (!c) throw notFound('receipt-unknown', '没有找到这个回执。请核对链接是否完整。')
    return {
      evaluationId: c.evaluation_id,
      complaintNumber: c.complaint_number,
      kindLabel: COMPLAINT_KINDS[c.kind as ComplaintKind],
      mediumLabel: COMPLAINT_MEDIA[c.medium as ComplaintMedium],
      words: await store.wordsOf(app.db.intake, c),
      realName: c.real_name,
      doNotContact: c.do_not_contact,
      receivedAt: c.received_at,
      submittedAt: c.recorded_at,
      itemName: (await catalog.item(c.item_code))?.name ?? null,
      organizationName: (await catalog.organization(c.organization_id))?.name ?? c.organization_id,
      organizationId: c.organization_id,
      regionCode: c.region_code,
      entryId: c.entry_id,
      position: await store.positionOf(app.db.intake, c),
    }
  }

  return { report, register, receiptView, complaintId, aboutOf: store.aboutOf }
}

const refusal = (number: string, p: Problem): ComplaintAnswer => ({
  number,
  status: 'refused',
  problem: { code: p.code, detail: p.detail, ...(p.field && { field: p.field }) },
})
