import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { randomId } from '../../platform/ids.ts'
import { appendRows, entryRows } from '../ledger/journal.ts'
import type { PeopleService } from '../people/people.service.ts'
import type { Policies } from './case.clock.ts'
import type { CaseMoves } from './case.moves.ts'
import type { Opening, Source } from './case.opening.ts'
import * as links from './case.sources.store.ts'
import { caseIdOf } from './case.sources.ts'
import type { CaseRow } from './case.ts'
import * as store from './rectification.store.ts'

const DAY = 86_400_000

/** How long after its closing a case takes up what else comes of the same matter. */
const reopenUntil = async (policies: Policies, row: CaseRow): Promise<Date | null> =>
  row.closed_at &&
  new Date(
    row.closed_at.getTime() +
      (await policies.value('matter_reopen', row.region_code, row.closed_at)).value * DAY,
  )

/** What joining needs of other rooms. */
export interface JoiningNeeds {
  moves: CaseMoves
  policies: Policies
  people: Pick<PeopleService, 'samePhone'>
}

/**
 * One chain for each matter (R14, Q102): whatever comes of an affair that has a case is joined to it, else it opens
 * one. Called by the opener of cases alone, whose cursor keeps two of them apart; the case itself is locked before it
 * is looked at, since officials and citizens move it meanwhile.
 */
export function makeJoining(app: App, { moves, policies, people }: JoiningNeeds) {
  /**
   * The case that takes in what comes of a matter now, locked: the open one, or one closed not long ago. What was
   * found not to be adopted is not reopened by somebody else's words: they get a case of their own.
   */
  async function takingIn(tx: Tx, cases: string[], at: Date): Promise<CaseRow | null> {
    for (const id of cases) {
      const row = await store.lockCase(tx, id)
      if (!row) continue
      if (row.state !== 'closed') return row
      const until = await reopenUntil(policies, row)
      if (row.outcome !== 'not_adopted' && until && at <= until) return row
    }
    return null
  }

  /** Joins a source and sees that it is handled: what was answered already, or closed, begins again. */
  async function join(tx: Tx, row: CaseRow, source: Source): Promise<CaseRow> {
    // Who rated badly twice, or rated and then rang up, is one person to be called.
    const others = source.realName ? row.persons.map((person) => person.id) : []
    const sameAs = await people.samePhone(tx, source.evaluationId, others)
    const joined = await moves.join(tx, row, { ...source, sameAs })
    return joined.state === 'resurvey' && joined.version > row.version
      ? moves.apply(tx, joined, { event: 'reopen_by_source', actor: 'system', values: {} })
      : joined
  }

  /** Writes beside the source which case it is part of. */
  async function link(tx: Tx, sourceId: string, matterId: string, row: CaseRow): Promise<void> {
    const at = app.clock()
    const entry = entryRows(
      {
        subjectId: sourceId,
        kind: 'matter.joined',
        actor: 'system',
        at,
        payload: { matterId, caseEvaluationId: row.evaluation_id, caseNumber: row.case_number },
      },
      randomId(),
    )
    await links.insertLink(tx, {
      evaluation_id: sourceId,
      matter_id: matterId,
      case_evaluation_id: row.evaluation_id,
      linked_at: at,
      entry_id: entry.entry.entry_id,
    })
    await appendRows(tx, [entry])
  }

  return {
    /** Those of some ratings and complaints that were taken in already: they have a case, or were joined to one. */
    async taken(tx: Tx, ids: string[]): Promise<ReadonlySet<string>> {
      const joined = await links.linksOf(tx, ids)
      const own = await links.caseHeads(tx, ids)
      return new Set([...joined.keys(), ...own.map((head) => head.evaluation_id)])
    },

    /** Takes in a negative rating or a complaint that was not `taken`: into the case of its matter, or as a case of its own. */
    async takeIn(tx: Tx, opening: Opening): Promise<void> {
      const { evaluationId, matterId } = opening
      const before = matterId === null ? [] : await links.casesOfMatter(tx, matterId)
      const taking = await takingIn(tx, before, app.clock())
      if (taking && matterId !== null) {
        const row = await join(tx, taking, opening)
        await link(tx, evaluationId, matterId, row)
        return
      }
      const row = await moves.open(tx, opening)
      // It says which case there was before: the chain of the matter goes on.
      const [earlier] = before
      if (row && earlier)
        await moves.join(tx, row, { kind: 'reopened', evaluationId: earlier, at: opening.at })
    },

    /** A follow-up that is still negative: the case it speaks of is not solved (Q70). */
    async followUp(tx: Tx, source: Source): Promise<void> {
      const row = await store.lockCase(tx, await caseIdOf(tx, source.evaluationId))
      if (row) await join(tx, row, source)
    },
  }
}
export type Joining = ReturnType<typeof makeJoining>
