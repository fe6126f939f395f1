import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { forbidden, notFound, Problem } from '../../platform/problem.ts'
import { type FileFormat, readRows } from '../catalog/catalog.files.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { actorOf, type Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { DeadlineBook } from './calendar.books.ts'
import type { Corrections } from './calendar.corrections.ts'
import { basisOf, checkBasis, type Decision, decided } from './calendar.decision.ts'
import { LISTED } from './calendar.import.ts'
import { type DeadlineMoves, type NamedMoves, NO_MOVES, previewMoves, toldIn } from './calendar.preview.ts'
import { calendarOf } from './calendar.rows.ts'
import {
  HALL_DAYS_SHEET,
  type HallChange,
  type HallDay,
  hallChanges,
  hallDayText,
  neverOpen,
  readHallDays,
  spanOfHallDays,
} from './hall-days.ts'
import type { PoliciesService } from './policies.service.ts'
import * as store from './policies.store.ts'

interface Needs {
  catalog: CatalogService
  policies: PoliciesService
  books: readonly DeadlineBook[]
  corrections: Corrections
  /** deadlines that move, with the names of those who must keep them */
  named(moves: DeadlineMoves): Promise<NamedMoves>
}

/** The opening days of halls, as far as they differ from the working calendar (Q61). */
export function makeHallDays(app: App, needs: Needs) {
  const { catalog, policies, books, corrections, named } = needs

  /** Whether a hall stands within an official's place. */
  async function reaches(official: Official, hallCode: string): Promise<boolean> {
    const hall = await catalog.hall(hallCode)
    const owner = hall && (await catalog.organization(hall.organizationId))
    return owner?.path.startsWith(official.organizationPath) ?? false
  }

  const daysOf = async (hallCode: string): Promise<HallDay[]> =>
    (await policies.calendarRows()).hallDays
      .filter((row) => row.hall_code === hallCode)
      .map(({ day, open, note }) => ({ day, open, note }))

  /** Every hall with its opening days, and whether this official keeps them. */
  async function list(official: Official) {
    const organizations = await catalog.organizations()
    const halls = (await catalog.halls()).filter((hall) => hall.active)
    const editor = official.permissions.includes('policies.edit')
    return Promise.all(
      halls.map(async ({ code, name, organizationId }) => ({
        code,
        name,
        organizationName: organizations.get(organizationId)?.name ?? organizationId,
        editable: editor && (await reaches(official, code)),
        days: await daysOf(code),
      })),
    )
  }

  /** Writes the opening days of one hall, in the journal too. */
  async function write(tx: Tx, official: Official, hallCode: string, days: readonly HallDay[]) {
    await store.replaceHallDays(
      tx,
      hallCode,
      days.map((row) => ({ hall_code: hallCode, ...row })),
    )
    await appendEntry(tx, {
      subjectId: derivedUuid(app.keys.derive('ids'), 'hall-days', hallCode),
      kind: 'calendar.hall-changed',
      actor: actorOf(official),
      at: app.clock(),
      payload: { hallCode, days: days.map(({ day, open }) => ({ day, open })) },
      text: {
        note: days
          .filter((row) => row.note)
          .map((row) => `${hallDayText(row.day)}：${row.note}`)
          .join('；'),
      },
    })
  }

  /**
   * Writes the opening days of halls, each anew and whole; those that stay as they are are left alone. Deadlines that
   * go by these halls stay as they were told, unless it is decided, with a reason, that they become later: whoever
   * keeps the days of a hall is often whoever the deadlines are for.
   * @throws Problem 409 calendar-stale, 422 reason-missing
   */
  async function change(
    official: Official,
    halls: ReadonlyMap<string, readonly HallDay[]>,
    dryRun: boolean,
    decision: Decision,
  ) {
    let found = { changed: 0, deadlines: NO_MOVES, basis: '' }
    await catalog
      .changing(async (tx) => {
        const before = await store.calendarState(tx)
        const replaced = before.hallDays.filter((row) => halls.has(row.hall_code))
        checkBasis(decision, replaced)
        const stored = Map.groupBy(before.hallDays, (row) => row.hall_code)
        const changes: HallChange[] = []
        for (const [hallCode, wanted] of halls) {
          const days = wanted.toSorted((a, b) => a.day.localeCompare(b.day))
          const old = stored.get(hallCode) ?? []
          if (JSON.stringify(old.map(sorted)) === JSON.stringify(days.map(sorted))) continue
          found.changed++
          await write(tx, official, hallCode, days)
          changes.push(...hallChanges(hallCode, old, days))
        }
        const codes = [...new Set(changes.map(({ hallCode }) => hallCode))]
        const days = spanOfHallDays(changes)
        const deadlines = days
          ? await previewMoves(
              tx,
              books,
              { years: [], days, halls: codes },
              calendarOf(await store.calendarState(tx)),
              LISTED,
            )
          : NO_MOVES
        found = { ...found, deadlines, basis: basisOf(replaced) }
        if (dryRun) throw new Rollback()
        const running = decided({ ...decision, running: decision.running ?? 'keep' }, deadlines, 'prolong')
        if (days && (running === 'prolong' || toldIn(deadlines) > 0))
          await corrections.decide(tx, actorOf(official), {
            ...{ of: { halls: codes }, changes, days, running, note: decision.note },
            ...{ later: deadlines.later, kept: deadlines.kept },
          })
      })
      .catch((error) => {
        if (!(error instanceof Rollback)) throw error
      })
    return { ...found, committed: !dryRun, deadlines: await named(found.deadlines) }
  }

  return {
    list,
    /**
     * The opening days of one hall, all of them; with `dryRun` nothing is kept, and it says which deadlines would move.
     * @throws Problem 404 hall-unknown, 403 outside-place, 409 calendar-stale, 422 doubled-day, never-open, reason-missing
     */
    async put(
      official: Official,
      hallCode: string,
      days: readonly HallDay[],
      { dryRun = false, ...decision }: Partial<Decision> & { dryRun?: boolean | undefined } = {},
    ) {
      if (!(await catalog.hall(hallCode))) throw notFound('hall-unknown', '没有这个大厅。')
      if (!(await reaches(official, hallCode)))
        throw forbidden('outside-place', '这个大厅不在您的管理范围内。')
      if (new Set(days.map(({ day }) => day)).size < days.length)
        throw new Problem(422, 'doubled-day', '同一天写了两次，请只留一条。', { field: 'days' })
      const shut = neverOpen(days)
      if (shut) throw new Problem(422, 'never-open', `${shut}。`, { field: 'days' })
      const halls = new Map([[hallCode, days]])
      const done = await change(official, halls, dryRun, { ...STAY, ...decision })
      return { ...done, hallCode, days: await daysOf(hallCode) }
    },
    /**
     * The opening days of the halls a file names, all or none.
     * @throws Problem 409 calendar-stale, 422 file-unreadable and the like, reason-missing
     */
    async take(
      official: Official,
      format: FileFormat,
      content: Buffer,
      dryRun: boolean,
      decision: Partial<Decision> = {},
    ) {
      const { halls, rejected } = readHallDays(await readRows(HALL_DAYS_SHEET, format, content))
      for (const code of halls.keys())
        if (!(await reaches(official, code)))
          rejected.push({ line: 0, field: '大厅编码', reason: `“${code}”不在目录中，或不在您的管理范围内` })
      const done =
        rejected.length === 0
          ? await change(official, halls, dryRun, { ...STAY, ...decision })
          : { committed: false, changed: 0, deadlines: await named(NO_MOVES), basis: '' }
      const names = await Promise.all([...halls.keys()].map(async (code) => (await catalog.hall(code))?.name))
      return {
        ...done,
        rejected,
        halls: [...halls].map(([code, days], i) => ({ code, name: names[i] ?? code, days })),
      }
    },
  }
}

/** Ends a transaction whose work was only to be looked at. */
class Rollback extends Error {}

const STAY: Decision = { running: 'keep', note: '' }

const sorted = ({ day, open, note }: HallDay) => [day, open, note]
