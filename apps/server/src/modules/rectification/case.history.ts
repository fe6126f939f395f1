import { CASE_SOURCES, LEVELS } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { notFound } from '../../platform/problem.ts'
import { addDays, shanghaiDay } from '../../platform/time.ts'
import type { GuideThen } from '../catalog/catalog.guides.ts'
import { itemNameOf } from '../catalog/item-name.ts'
import { type Official, placeOf } from '../identity/official.ts'
import { type EarlierCase, othersOfMatter, similarCases } from './case.history.store.ts'
import { type CaseRow, outcomeLabel, stateLabel } from './case.ts'
import { caseById } from './rectification.store.ts'

/** What telling the history of a case needs of other rooms. */
interface Needs {
  catalog: {
    item(code: string): Promise<{ name: string } | undefined>
    window(code: string): Promise<{ name: string } | undefined>
    staff(number: string): Promise<{ displayName: string } | undefined>
    guideAt(code: string, at: Date): Promise<GuideThen | null>
  }
  /** counts of a place in a period, of one item, window or person */
  figures: {
    ever(
      tx: Tx,
      filter: { path: string; from: string; to: string; item?: string; window?: string; staff?: string },
    ): Promise<{ rated: number; cases_opened: number }>
  }
  evaluations: {
    detail(
      official: Official,
      id: string,
    ): Promise<{ evaluation: { window_code: string; hall_code: string } } | null>
  }
  /** when the visit was that a rating is about */
  servedAt(evaluationId: string): Promise<Date | null>
}

/** So far back one looks for what is similar, and so many cases are named. */
const DAYS = 90
const NAMED = 5
const NAMED_OF_MATTER = 20

const levelLabel = (row: EarlierCase) =>
  LEVELS.find((level) => level.level === row.level)?.label ?? CASE_SOURCES[row.source_kind]

export type CaseHistory = ReturnType<typeof makeCaseHistory>

/**
 * What went before a case, for whoever weighs it: other cases of the same matter, what became of the same item, window
 * and person lately, and what the guide said on the day. What the citizen said of other matters is not gathered: that
 * would be a file on them.
 */
export function makeCaseHistory(app: App, { catalog, figures, evaluations, servedAt }: Needs) {
  async function seen(tx: Tx, id: string): Promise<CaseRow> {
    const row = await caseById(tx, id)
    if (!row) throw notFound('case-unknown', '没有这个差评件，或不在您的管辖范围内。')
    return row
  }

  const brief = async (row: EarlierCase, of: CaseRow) => ({
    id: row.evaluation_id,
    caseNumber: row.case_number,
    openedOn: shanghaiDay(row.opened_at),
    itemName: await itemNameOf(catalog, row.item_code),
    levelLabel: levelLabel(row),
    stateLabel: stateLabel(row.state),
    outcomeLabel: outcomeLabel(row.outcome),
    sameItem: row.item_code !== '' && row.item_code === of.item_code,
    samePerson: row.staff_number !== '' && row.staff_number === of.staff_number,
  })

  /**
   * Earlier and other cases, and counts of ratings and cases, all within the official's place.
   * @throws Problem 404 case-unknown, also when it is outside the official's place
   */
  async function history(official: Official, id: string) {
    const to = shanghaiDay(app.clock())
    const from = addDays(to, 1 - DAYS)
    const rating = await evaluations.detail(official, id)
    const { hall_code: hall, window_code: window } = rating?.evaluation ?? { hall_code: '', window_code: '' }
    const found = await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await seen(tx, id)
      const counted = async (of: { item?: string; window?: string; staff?: string }) => {
        const { rated, cases_opened } = await figures.ever(tx, {
          path: official.organizationPath,
          from,
          to,
          ...of,
        })
        return { ratings: rated, cases: cases_opened }
      }
      return {
        row,
        matter: await othersOfMatter(tx, row, NAMED_OF_MATTER),
        similar: await similarCases(tx, row, new Date(`${from}T00:00:00+08:00`), NAMED),
        item: row.item_code === '' ? null : await counted({ item: row.item_code }),
        window: window === '' ? null : await counted({ window }),
        staff: row.staff_number === '' ? null : await counted({ staff: row.staff_number }),
      }
    })
    const { row } = found
    return {
      period: { from, to, days: DAYS },
      matter: await Promise.all(found.matter.map((each) => brief(each, row))),
      similar: await Promise.all(found.similar.map((each) => brief(each, row))),
      item: found.item && {
        code: row.item_code,
        name: await itemNameOf(catalog, row.item_code),
        ...found.item,
      },
      window: found.window && {
        code: window,
        hallCode: hall,
        name: (await catalog.window(window))?.name ?? window,
        ...found.window,
      },
      staff: found.staff && {
        name: (await catalog.staff(row.staff_number))?.displayName ?? row.staff_number,
        ...found.staff,
      },
    }
  }

  /**
   * The guide of the case's item as it was in force at the visit; null where the item is not named or has none.
   * @throws Problem 404 case-unknown, also when it is outside the official's place
   */
  async function guide(official: Official, id: string) {
    const row = await asStaff(app.db, placeOf(official), (tx) => seen(tx, id))
    const then = row.item_code
      ? await catalog.guideAt(row.item_code, (await servedAt(id)) ?? row.opened_at)
      : null
    return {
      itemCode: row.item_code || null,
      guide: then && { ...then, writtenAt: then.writtenAt.toISOString() },
    }
  }

  return { history, guide }
}
