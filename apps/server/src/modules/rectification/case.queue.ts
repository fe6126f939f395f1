import { CASE_ACTORS, CASE_CLOCKS, type CaseClockKey, type CaseState } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { makeCursors } from '../../platform/cursor.ts'
import { asStaff } from '../../platform/database.ts'
import { notFound } from '../../platform/problem.ts'
import { type Official, placeOf } from '../identity/official.ts'
import * as lists from './case.list.store.ts'
import { lineForTheRated } from './case.rated.ts'
import type { CaseSeen, CaseSeenNeeds } from './case.seen.ts'
import { CITIZENS_CLOCKS } from './case.ts'
import { type CaseTurn, makeCaseTurns, type TurnNeeds } from './case.turn.ts'

/** What a list of cases may be narrowed by, as the console asks. */
export interface CaseQuery {
  state?: CaseState | undefined
  clock?: CaseClockKey | undefined
  due?: lists.CaseFilter['due']
  mine?: boolean | undefined
  /** only those in which the next act is the official's own */
  turn?: boolean | undefined
  /** with an open supervision order: of this kind, or 'any' */
  order?: string | undefined
  organization?: string | undefined
  region?: string | undefined
  levels?: number[] | undefined
  q?: string | undefined
  closed?: boolean | undefined
}

/** The work queue (R14, R20): cases by the time left, a page at a time, and how many there are by clock and state. */
export function makeCaseQueue(app: App, needs: CaseSeenNeeds & TurnNeeds, seen: CaseSeen) {
  const { catalog, orders } = needs
  const turns = makeCaseTurns(needs)

  /** Whoever may be rated has no hand in what is about them, which is not always said by the case alone. */
  async function turnOf(official: Official): Promise<CaseTurn> {
    const turn = await turns.turnOf(official)
    if (turn.staffNumber === '') return turn
    const ids = await asStaff(app.db, placeOf(official), (tx) => lists.casesOfTurn(tx, turn))
    return { ...turn, about: [...(await needs.concerned(official, ids))] }
  }
  const cursors = makeCursors(app.keys, 'cases')

  /**
   * A page of cases, found by its number or by the end of the page before it (`after`); `next` and `previous` are what
   * `after` goes on to and back to. No `previous` beside an `after` means that the page before is the first.
   * @throws Problem 404 unknown-organization, 400 cursor-unknown
   */
  async function list(official: Official, query: CaseQuery, page: number, pageSize: number, cursor?: string) {
    const { organization: id, order, turn: ownTurn, ...rest } = query
    const organization = id === undefined ? undefined : await catalog.organization(id)
    if (id !== undefined && !organization) throw notFound('unknown-organization', '没有这个机构。')
    const calendar = await needs.policies.calendar()
    const who = seen.viewer(official, calendar)
    const turn = ownTurn ? await turnOf(official) : undefined
    const after = cursor === undefined ? null : cursors.read(cursor)
    const { found, marks } = await asStaff(app.db, placeOf(official), async (tx) => {
      const among =
        order === undefined
          ? undefined
          : await orders.markedCases(tx, order === 'any' ? undefined : order, lists.COUNTED_UP_TO)
      const filter = { ...rest, turn, among, organizationPath: organization?.path }
      const found = await lists.listCases(tx, filter, who, { after, page, pageSize })
      const ids = found.rows.map((row) => row.evaluation_id)
      return { found, marks: await orders.marksOf(tx, ids) }
    })
    const { rows, total, more, before } = found
    const accounts = await needs.identity.accountNames(rows.flatMap((row) => row.verifier_id ?? []))
    const about = await needs.concerned(
      official,
      rows.map((row) => row.evaluation_id),
    )
    const last = more ? rows.at(-1) : undefined
    const end = last && (last.state === 'closed' ? last.closed_at : last.next_due_at)
    return {
      items: await Promise.all(
        rows.map(async (row) => {
          const line = await seen.line(row, calendar, accounts)
          const shown = about.has(row.evaluation_id) ? lineForTheRated(line) : line
          return { ...shown, orders: marks.get(row.evaluation_id) ?? [] }
        }),
      ),
      total: Math.min(total, lists.COUNTED_UP_TO),
      /** there are more than were counted */
      totalCapped: total > lists.COUNTED_UP_TO,
      page,
      pageSize,
      next: last && end ? cursors.write({ at: end, id: last.evaluation_id }) : null,
      previous: before && cursors.write(before),
    }
  }

  /** Open cases by state and clock, and how many of them press; asked for beside the list, which need not wait for it. */
  async function counts(official: Official) {
    const who = seen.viewer(official, await needs.policies.calendar())
    const turn = await turnOf(official)
    // Who sees the whole city need not be asked of every row whether it is theirs.
    const { byClock, ...sums } = await (who.everywhere
      ? lists.countCases(app.db.system, who, turn)
      : asStaff(app.db, placeOf(official), (tx) => lists.countCases(tx, who, turn)))
    return {
      ...sums,
      /** by the clock that runs out next; in the citizen's days nobody is late, and nothing is due */
      byClock: (Object.keys(CASE_CLOCKS) as CaseClockKey[]).flatMap((key) => {
        const { label, awaits } = CASE_CLOCKS[key]
        const counted = byClock.get(key)
        const citizens = CITIZENS_CLOCKS.includes(key)
        return counted ? [{ key, label, awaitsLabel: CASE_ACTORS[awaits], citizens, ...counted }] : []
      }),
    }
  }

  return { list, counts }
}
