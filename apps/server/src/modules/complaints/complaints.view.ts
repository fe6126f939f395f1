import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { forbidden, notFound } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { PeopleService } from '../people/people.service.ts'
import { redactor } from '../people/redact.ts'
import {
  COMPLAINT_KINDS,
  COMPLAINT_MEDIA,
  type ComplaintKind,
  type ComplaintMedium,
} from './complaints.schema.ts'
import * as store from './complaints.store.ts'

interface Needs {
  people: PeopleService
  catalog: {
    organization(id: string): Promise<{ name: string; path: string } | null | undefined>
    region(code: string): Promise<{ name: string } | null | undefined>
    item(code: string): Promise<{ name: string } | null | undefined>
    window(code: string): Promise<{ name: string } | null | undefined>
    staff(number: string): Promise<{ displayName: string } | null | undefined>
  }
  /** the case each of these belongs to, where the official may see it */
  casesOf: (
    official: Official,
    ids: string[],
  ) => Promise<Map<string, { caseId: string; caseNumber: string; state: string; stateLabel: string }>>
  /** those of these that are about the official, or about somebody else in an affair or case they were rated in */
  concerned: (official: Official, ids: readonly string[]) => Promise<Set<string>>
}

/** What a list of complaints may be narrowed by, as the console asks. */
export interface ComplaintQuery extends Omit<store.ComplaintFilter, 'organizationPath'> {
  organization?: string | undefined
}

export type ComplaintViews = ReturnType<typeof makeComplaintViews>

/** A moment, or to whoever is complained about the day alone: one remembers who was there when. */
const when = (at: Date, hidden: boolean) => (hidden ? shanghaiDay(at) : at.toISOString())

const unknown = () => notFound('complaint-unknown', '没有这件投诉或意见，或不在您的管辖范围内。')

/** Complaints as officials see them: names instead of codes, the person masked until opened with a reason. */
export function makeComplaintViews(app: App, { people, catalog, casesOf, concerned }: Needs) {
  const row = async (c: store.ComplaintRow, hidden: boolean) => ({
    id: c.evaluation_id,
    complaintNumber: c.complaint_number,
    kind: c.kind,
    kindLabel: COMPLAINT_KINDS[c.kind as ComplaintKind],
    medium: c.medium,
    mediumLabel: COMPLAINT_MEDIA[c.medium as ComplaintMedium],
    organizationName: (await catalog.organization(c.organization_id))?.name ?? c.organization_id,
    regionName: (await catalog.region(c.region_code))?.name ?? c.region_code,
    itemName: (await catalog.item(c.item_code))?.name ?? null,
    windowName: (await catalog.window(c.window_code))?.name ?? null,
    staffName: (await catalog.staff(c.staff_number))?.displayName ?? null,
    realName: c.real_name,
    doNotContact: c.do_not_contact,
    receivedAt: when(c.received_at, hidden),
    recordedAt: when(c.recorded_at, hidden),
  })

  return {
    /** @throws Problem 404 unknown-organization */
    async page(official: Official, query: ComplaintQuery, page: number, pageSize: number) {
      const { organization: id, ...filter } = query
      const organization = id === undefined ? undefined : await catalog.organization(id)
      if (id !== undefined && !organization) throw notFound('unknown-organization', '没有这个机构。')
      const { rows, total } = await asStaff(app.db, placeOf(official), (tx) =>
        store.listComplaints(tx, { ...filter, organizationPath: organization?.path }, page, pageSize),
      )
      const ids = rows.map((c) => c.evaluation_id)
      const cases = await casesOf(official, ids)
      const own = await concerned(official, ids)
      const items = await Promise.all(
        rows.map(async (c) => ({
          ...(await row(c, own.has(c.evaluation_id))),
          case: cases.get(c.evaluation_id) ?? null,
        })),
      )
      return { items, total, page, pageSize }
    },

    /** @throws Problem 404 complaint-unknown, also when it is outside the official's place */
    async detail(official: Official, id: string) {
      // Whoever is complained about learns neither who complained nor by which affair they could be told.
      const mayKnow = !(await concerned(official, [id])).has(id)
      const found = await asStaff(app.db, placeOf(official), async (tx) => {
        const c = await store.complaintById(tx, id)
        if (!c) return null
        return {
          c,
          words: await store.wordsOf(tx, c),
          position: await store.positionOf(tx, c),
          personMasked: mayKnow ? await people.masked(tx, id) : null,
        }
      })
      if (!found) throw unknown()
      const { c, words, position, personMasked } = found
      const redact = mayKnow ? null : redactor(await people.everyone(app.db.system, id))
      return {
        ...(await row(c, !mayKnow)),
        sourceNumber: mayKnow ? c.source_number : null,
        affairNumber: mayKnow ? c.affair_number || null : null,
        redacted: !mayKnow,
        words: words && redact ? redact(words) : words,
        personMasked,
        case: (await casesOf(official, [id])).get(id) ?? null,
        proof: { position: mayKnow ? position : null, sealed: position !== null },
      }
    },

    /**
     * Opens the person behind a complaint to an official who says why; written into the journal before it is shown.
     * @throws Problem 404 complaint-unknown, person-unknown; 403 own-rating for the person complained about
     */
    reveal: async (official: Official, id: string, reason: string) => {
      const own = await concerned(official, [id])
      return asStaff(app.db, placeOf(official), async (tx) => {
        const c = await store.complaintById(tx, id)
        if (!c) throw unknown()
        if (own.has(id))
          throw forbidden(
            'own-rating',
            '这件投诉针对您本人，或者您在同一件事中也被评价，投诉人的身份不对您开放。',
          )
        const person = await people.person(tx, id)
        if (!person) throw notFound('person-unknown', '这件投诉没有留下身份信息。')
        await appendEntry(tx, {
          subjectId: id,
          kind: 'identity.revealed',
          actor: actorOf(official),
          at: app.clock(),
          payload: { fields: Object.keys(person).sort() },
          text: { reason },
        })
        return { name: person.name ?? null, phone: person.phone ?? null, idNumber: person.idNumber ?? null }
      })
    },
  }
}
