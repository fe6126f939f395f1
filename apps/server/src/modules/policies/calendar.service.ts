import type { App } from '../../platform/context.ts'
import { forbidden } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { keep } from '../catalog/catalog.snapshot.ts'
import { actorOf, isRoot, type Official } from '../identity/official.ts'
import type { DeadlineBook, YearNeeds } from './calendar.books.ts'
import { makeCorrections } from './calendar.corrections.ts'
import type { Decision } from './calendar.decision.ts'
import { watchImport } from './calendar.import.ts'
import { type LineProblem, type Notice, noticeFiles, readNotice } from './calendar.notice.ts'
import { type DeadlineMoves, type NamedMoves, NO_MOVES } from './calendar.preview.ts'
import { missingYears, nobody } from './calendar.years.ts'
import { makeHallDays } from './hall-days.service.ts'
import type { PoliciesService } from './policies.service.ts'

export type CalendarService = ReturnType<typeof makeCalendarService>

/** Keeping the working calendar (Q61): years of the State Council, opening days of halls, and what is missing. */
export function makeCalendarService(
  app: App,
  needs: { catalog: CatalogService; policies: PoliciesService; books: readonly DeadlineBook[] },
) {
  const { catalog, policies, books } = needs
  const corrections = makeCorrections(app, { policies })
  const kept = keep(async () => {
    const years = new Map<number, YearNeeds>()
    for (const book of books)
      for (const { year, of, count } of await book.needs())
        years.set(year, { ...(years.get(year) ?? nobody), [of]: count })
    return years
  })
  catalog.onChange(() => kept.drop())
  let loggedOn = ''

  /** The years deadlines need that nobody has loaded. */
  const missing = async () => missingYears(app.clock(), (await policies.calendar()).years, await kept.get())

  /** Deadlines that move, with the names of those who must keep them. */
  async function named(moves: DeadlineMoves): Promise<NamedMoves> {
    const organizations = await catalog.organizations()
    const items = moves.items.map((item) => ({
      ...item,
      organizationName: organizations.get(item.organizationId)?.name ?? item.organizationId,
    }))
    return { ...moves, items }
  }

  /**
   * Loads a year from the State Council's notice; the file is the whole of that year. With `dryRun` nothing is kept:
   * it says what would change. Where days of a known year change it is a correction: running deadlines become later or
   * stay, as decided, and never earlier. They are moved by the keeper of the clocks, within a minute.
   * @throws Problem 403 outside-place; 409 calendar-stale, when the calendar is no longer the one the decision was made
   * from; 422 file-unreadable and the like, file-empty, reason-missing
   */
  async function loadYear(
    official: Official,
    notice: Notice,
    dryRun: boolean,
    decision: Decision = { running: 'prolong', note: '' },
  ) {
    if (official.role !== 'city_authority' || !isRoot(official.organizationPath))
      throw forbidden('outside-place', '工作日历全市统一，由市级主管部门录入。')
    const { year, source } = notice
    const { rows, lines, rejected } = await readNotice(notice)
    const dry = dryRun || rejected.length > 0
    const watch = watchImport(
      { books, corrections },
      {
        ...{ actor: actorOf(official), decision, dryRun: dry },
        replaces: (state) => [state.years, state.days].map((all) => all.filter((row) => row.year === year)),
      },
    )
    const reports = await catalog.importFor(official, noticeFiles(year, source, rows), dry, watch)
    const refused = reports
      .flatMap((report) => report.rejected)
      .map(({ line, field, reason }): LineProblem => ({ line: lines[line - 2] ?? line, field, reason }))
    const wrong = [...rejected, ...refused]
    const { days, corrected, deadlines, basis } = watch.found()
    return {
      ...{ year, source, basis, committed: !dry && wrong.length === 0, rejected: wrong },
      ...(wrong.length > 0
        ? { days: [], corrected: 0, deadlines: await named(NO_MOVES) }
        : { days, corrected: corrected.length, deadlines: await named(deadlines) }),
    }
  }

  return {
    missing,
    loadYear,
    carryOut: corrections.carryOut,
    halls: makeHallDays(app, { catalog, policies, books, corrections, named }),
    /** For files that are taken in on the command line: what they change of the calendar, and what is decided of it. */
    watchImport: (decision: Decision, dryRun: boolean) =>
      watchImport({ books, corrections }, { actor: 'system', decision, dryRun, replaces: (all) => all }),
    /** The years that are loaded, and those that are missing. */
    async overview() {
      const { years } = await policies.calendarRows()
      return { years: years.map(({ year, source }) => ({ year, source })), missing: await missing() }
    },
    /** Says once a day, for whoever reads the log, what is missing. */
    async watch(): Promise<void> {
      const today = shanghaiDay(app.clock())
      const found = await missing()
      if (found.length === 0 || loggedOn === today) return
      loggedOn = today
      app.log.warn({ missing: found }, 'the working calendar lacks years that deadlines need')
    },
  }
}
