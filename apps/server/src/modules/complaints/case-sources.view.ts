import { CASE_SOURCES, type CaseSourceKind, LEVELS } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { ratingBrief } from '../evaluations/evaluations.brief.ts'
import { followUpShown } from '../evaluations/follow-up.service.ts'
import type { Official } from '../identity/official.ts'
import type { PeopleService } from '../people/people.service.ts'
import { everyoneBehind, redactor } from '../people/redact.ts'
import { COMPLAINT_MEDIA, type ComplaintMedium } from './complaints.schema.ts'
import * as store from './complaints.store.ts'

/** One thing that a case came from, or that was joined to it. */
export interface CaseSourceRow {
  kind: string
  evaluationId: string | null
  at: Date
}

interface Needs {
  people: Pick<PeopleService, 'everyone'>
  /**
   * What a case came from, for whoever may see the case.
   * @throws Problem 404 case-unknown
   */
  sourcesOf(official: Official, caseId: string): Promise<{ sources: CaseSourceRow[]; rated: boolean }>
}

const levelLabel = (level: number) => LEVELS.find((l) => l.level === level)?.label ?? String(level)

/**
 * All entries of a case with what each of them says. Who may see the case may read them, also those that came by way
 * of another place: they are handled there no longer.
 */
export function makeCaseSources(app: App, { people, sourcesOf }: Needs) {
  const db = app.db.system

  /** What a source says; to whoever was rated, as the rules redact it. */
  async function told(source: CaseSourceRow, redact: ((text: string) => string) | null) {
    const said = (words: string | null) => (words && redact ? redact(words) : words)
    const id = source.evaluationId
    const nothing = { number: null, levelLabel: null, via: null, words: null, realName: null, page: null }
    if (id === null) return nothing
    if (source.kind === 'follow_up') {
      const followUp = await followUpShown(db, id)
      return followUp
        ? {
            ...nothing,
            levelLabel: levelLabel(followUp.level),
            words: said(followUp.words),
            page: `/evaluations/${id}`,
          }
        : nothing
    }
    if (source.kind === 'reopened') return { ...nothing, page: `/cases/${id}` }
    const rating = source.kind === 'rating' ? await ratingBrief(db, id) : null
    if (rating)
      return {
        ...nothing,
        number: redact ? null : rating.number,
        levelLabel: levelLabel(Math.min(rating.level, rating.hallLevel ?? rating.level)),
        words: said(rating.words),
        realName: rating.realName,
        page: `/evaluations/${id}`,
      }
    const complaint = await store.complaintById(db, id)
    if (!complaint) return nothing
    return {
      ...nothing,
      number: redact ? null : complaint.complaint_number,
      via: COMPLAINT_MEDIA[complaint.medium as ComplaintMedium],
      // What a seat of the hotline took down may name who called.
      words: redact ? null : await store.wordsOf(db, complaint),
      realName: complaint.real_name,
      page: `/complaints/${id}`,
    }
  }

  return {
    /** @throws Problem 404 case-unknown, also when it is outside the official's place */
    async ofCase(official: Official, caseId: string) {
      const { sources, rated } = await sourcesOf(official, caseId)
      const ids = sources.flatMap(({ evaluationId }) => evaluationId ?? [])
      const redact = rated ? redactor(await everyoneBehind(people, db, ids)) : null
      const items = await Promise.all(
        sources.map(async (source) => ({
          kind: source.kind,
          kindLabel: CASE_SOURCES[source.kind as CaseSourceKind],
          at: rated ? shanghaiDay(source.at) : source.at.toISOString(),
          own: source.evaluationId === caseId && source.kind !== 'follow_up',
          ...(await told(source, redact)),
        })),
      )
      return { items }
    },
  }
}
export type CaseSources = ReturnType<typeof makeCaseSources>
