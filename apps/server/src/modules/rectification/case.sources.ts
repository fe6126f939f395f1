import { CASE_STATES, type CaseState } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { notFound } from '../../platform/problem.ts'
import type { Tables } from '../../platform/tables.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { Concerned } from './case.concerned.ts'
import { sourcesOf } from './case.parties.store.ts'
import * as store from './case.sources.store.ts'
import { unanswering } from './case.survey.ts'
import { caseById } from './rectification.store.ts'
import { refsByNumber } from './registers.store.ts'

/** The case that a rating or a complaint belongs to, as it is named elsewhere. */
export interface CaseHead {
  caseId: string
  caseNumber: string
  state: string
  stateLabel: string
}

/** The id of the case that a source belongs to: the one it was joined to, else its own. */
export const caseIdOf = async (db: Kysely<Tables>, sourceId: string): Promise<string> =>
  (await store.linksOf(db, [sourceId])).get(sourceId) ?? sourceId

/** Which case each of some ratings and complaints belongs to. */
export const makeCasesOfSources = (app: App, { concerned }: { concerned: Concerned }) => ({
  /** The cases of these sources, of those the official may see. */
  async casesOf(official: Official, ids: string[]): Promise<Map<string, CaseHead>> {
    if (ids.length === 0) return new Map()
    const { links, heads } = await asStaff(app.db, placeOf(official), async (tx) => {
      const found = await store.linksOf(tx, ids)
      return {
        links: found,
        heads: await store.caseHeads(
          tx,
          ids.map((id) => found.get(id) ?? id),
        ),
      }
    })
    const byId = new Map(heads.map((head) => [head.evaluation_id, head]))
    return new Map(
      ids.flatMap((id) => {
        const head = byId.get(links.get(id) ?? id)
        const state = head?.state as CaseState | undefined
        return head && state
          ? [
              [
                id,
                {
                  caseId: head.evaluation_id,
                  caseNumber: head.case_number,
                  state,
                  stateLabel: CASE_STATES[state],
                },
              ] as const,
            ]
          : []
      }),
    )
  },
  /**
   * What a case came from and what was joined to it, and whether this official is who it is about.
   * @throws Problem 404 case-unknown, also when it is outside the official's place
   */
  sourcesOf: async (official: Official, caseId: string) => {
    const rated = (await concerned(official, [caseId])).has(caseId)
    return asStaff(app.db, placeOf(official), async (tx) => {
      const row = await caseById(tx, caseId)
      if (!row) throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
      const sources = (await sourcesOf(tx, [caseId])).map((source) => ({
        kind: source.kind,
        evaluationId: source.source_evaluation_id,
        at: source.at,
      }))
      return { sources, rated }
    })
  },
  /** The case with a number and what belongs to it, each by its id; none when the official may not see it. */
  numbered: (official: Official, caseNumber: string): Promise<string[]> =>
    asStaff(app.db, placeOf(official), async (tx) => {
      const ids = (await refsByNumber(tx, [caseNumber])).map((ref) => ref.evaluation_id)
      const sources = ids.length === 0 ? [] : await sourcesOf(tx, ids)
      return [...ids, ...sources.flatMap((source) => source.source_evaluation_id ?? [])]
    }),
  caseIdOf,
  /** Everybody whose rating or complaint a case is about, by its id. */
  evaluatorsOf: store.evaluatorsOf,
  /** Those of some ratings and complaints whose case waits for what they say of its reply (R17). */
  asked: (ids: string[]): Promise<{ sourceId: string; caseNumber: string }[]> =>
    ids.length === 0
      ? Promise.resolve([])
      : app.db.system.transaction().execute(async (tx) => {
          const links = await store.linksOf(tx, ids)
          const asking = await store.askingCases(tx, [...new Set(ids.map((id) => links.get(id) ?? id))])
          const found = []
          for (const row of asking) {
            const left = await unanswering(tx, row)
            for (const sourceId of left)
              if (ids.includes(sourceId)) found.push({ sourceId, caseNumber: row.case_number })
          }
          return found
        }),
  /** Whether the case of a source has been answered in its present round, and when it was closed; null without one. */
  async standing(sourceId: string): Promise<{ replied: boolean; closedAt: Date | null } | null> {
    const [head] = await store.caseHeads(app.db.intake, [await caseIdOf(app.db.intake, sourceId)])
    return head ? { replied: head.replied, closedAt: head.closed_at } : null
  },
})
