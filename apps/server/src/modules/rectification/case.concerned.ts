import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import type { Tables } from '../../platform/tables.ts'
import { isRated, type Official } from '../identity/official.ts'
import * as store from './case.sources.store.ts'

type Db = Kysely<Tables>
/** A rating or a complaint, the affair it is about, and that affair's matter. */
export interface OfAffair {
  evaluationId: string
  affairNumber: string
  matterId: string
}

/** What is asked of the rooms that hold visits, ratings and complaints. */
interface Needs {
  affairs: {
    affairsOf(db: Db, ids: readonly string[]): Promise<OfAffair[]>
    visitsOf(db: Db, affairNumbers: readonly string[]): Promise<OfAffair[]>
  }
  /** who was rated by each of these; who left nobody named is not among them */
  ratedBy(db: Db, ids: readonly string[]): Promise<Map<string, string>>
  complaintsOf(db: Db, ids: readonly string[]): Promise<(OfAffair & { staffNumber: string })[]>
}

/** The staff numbers of all whom each of some ratings, complaints and cases is about: see `makeConcerned`. */
export type StaffIn = (db: Db, ids: readonly string[]) => Promise<Map<string, Set<string>>>
/** Those of some ratings, complaints and cases that are about an official: see `makeConcerned`. */
export type Concerned = (official: Official, ids: readonly string[]) => Promise<Set<string>>

/**
 * Whom ratings and complaints are about: whoever they name, and everybody else who was rated or complained about in the
 * same affair, or in the case they belong to or another of that matter (R14, R28, R29). Who of them reads the rating of
 * another might recognise who rated both. Read with the system's eyes: it is asked of what stands in other places too.
 */
export function makeConcerned(app: App, { affairs, ratedBy, complaintsOf }: Needs) {
  const staffIn: StaffIn = async (db, ids) => {
    const found = new Map(ids.map((id) => [id, new Set<string>()]))
    if (ids.length === 0) return found
    const complaints = await complaintsOf(db, ids)
    const own = [...(await affairs.affairsOf(db, ids)), ...complaints]
    const visits = await affairs.visitsOf(
      db,
      own.flatMap(({ affairNumber }) => affairNumber || []),
    )
    const rated = await ratedBy(db, [...ids, ...visits.map((visit) => visit.evaluationId)])
    const links = await store.linksOf(db, [...ids])
    const caseOf = (id: string) => links.get(id) ?? id
    const mattersOf = (id: string) => own.filter((one) => one.evaluationId === id).map((one) => one.matterId)
    const cases = await store.casesAbout(
      db,
      ids.map(caseOf),
      own.map((one) => one.matterId),
    )
    for (const [id, staff] of found) {
      const belongs = cases.find((row) => row.evaluation_id === caseOf(id))
      const matters = [...mattersOf(id), belongs?.matter_id ?? '']
      const ofMatter = visits.filter((visit) => matters.includes(visit.matterId))
      for (const one of [id, ...ofMatter.map((visit) => visit.evaluationId)]) staff.add(rated.get(one) ?? '')
      for (const one of complaints) if (one.evaluationId === id) staff.add(one.staffNumber)
      for (const row of cases)
        if (row === belongs || matters.includes(row.matter_id ?? 'none'))
          for (const one of [row.staff_number, ...row.joined_staff]) staff.add(one)
      staff.delete('')
    }
    return found
  }

  const concerned: Concerned = async (official, ids) => {
    if (!official.staffNumber) return new Set()
    const staff = await staffIn(app.db.system, [...new Set(ids)])
    return new Set(
      [...staff].flatMap(([id, all]) => ([...all].some((one) => isRated(official, one)) ? id : [])),
    )
  }

  return { staffIn, concerned }
}
