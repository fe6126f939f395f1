import type { App } from '../../platform/context.ts'
import { forbidden, Problem } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { keep } from '../catalog/catalog.snapshot.ts'
import { isRoot, type Official } from '../identity/official.ts'
import type { DeadlineBook, YearNeeds } from './calendar.books.ts'
import { makeCorrections, type Running } from './calendar.corrections.ts'
import { type LineProblem, type Notice, noticeFiles, readNotice } from './calendar.notice.ts'
import { correctedDays, NO_MOVES, previewMoves, spanOf } from './calendar.preview.ts'
import { calendarOf, type DayRow } from './calendar.rows.ts'
import { type DayChange, dayChanges, missingYears, nobody } from './calendar.years.ts'
import { makeHallDays } from './hall-days.service.ts'
import type { PoliciesService } from './policies.service.ts'

/** How many moved deadlines a preview names; all are counted. */
const LISTED = 200

/** What is to become of running deadlines where a known year is corrected, and why where they are to stay. */
export interface Decision {
  running: Running
  note: string
}

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

  /** What the days of a year would change: days, running deadlines, and what of it corrects a year that was known. */
  async function changesOf(year: number, rows: readonly DayRow[]) {
    const { days: all, years, hallDays } = await policies.calendarRows()
    const [own, others] = [all.filter((row) => row.year === year), all.filter((row) => row.year !== year)]
    const known = new Set(years.map((row) => row.year))
    const days = dayChanges(own, rows)
    const corrected = correctedDays(days, known)
    const calendar = calendarOf([...others, ...rows], [...known, year], hallDays)
    const moves = await previewMoves(books, { years: [year], days: spanOf(corrected) }, calendar, LISTED)
    const organizations = await catalog.organizations()
    const items = moves.items.map((item) => ({
      ...item,
      organizationName: organizations.get(item.organizationId)?.name ?? item.organizationId,
    }))
    return { days, corrected, deadlines: { ...moves, items } }
  }

  /**
   * Loads a year from the State Council's notice; the file is the whole of that year. With `dryRun` nothing is kept:
   * it says what would change. Where days of a known year change it is a correction: running deadlines become later or
   * stay, as decided, and never earlier. They are moved by the keeper of the clocks, within a minute.
   * @throws Problem 403 outside-place, 422 file-unreadable and the like, file-empty, reason-missing
   */
  async function loadYear(
    official: Official,
    notice: Notice,
    dryRun: boolean,
    { running, note }: Decision = { running: 'prolong', note: '' },
  ) {
    if (official.role !== 'city_authority' || !isRoot(official.organizationPath))
      throw forbidden('outside-place', '工作日历全市统一，由市级主管部门录入。')
    const { year, source } = notice
    const { rows, lines, rejected } = await readNotice(notice)
    const files = noticeFiles(year, source, rows)
    const run = async (dry: boolean, alongside?: Parameters<typeof catalog.importFor>[3]) =>
      (await catalog.importFor(official, files, dry, alongside))
        .flatMap((report) => report.rejected)
        .map(({ line, field, reason }): LineProblem => ({ line: lines[line - 2] ?? line, field, reason }))
    const wrong = [...rejected, ...(await run(true))]
    const nothing = { days: [] as DayChange[], corrected: 0, deadlines: NO_MOVES }
    if (wrong.length > 0) return { year, source, committed: false, rejected: wrong, ...nothing }
    const { days, corrected, deadlines } = await changesOf(year, rows)
    const span = spanOf(corrected)
    if (!dryRun && span && running === 'keep' && note.length < 4)
      throw new Problem(422, 'reason-missing', '办理中的期限不顺延的，请写明理由（至少 4 个字）。', {
        field: 'note',
      })
    const refused = dryRun
      ? []
      : await run(false, async (tx) => {
          const { later, kept } = deadlines
          const correction = { year, changes: corrected, running, note, later, kept }
          if (span) await corrections.decide(tx, official, { ...correction, days: span })
        })
    const committed = !dryRun && refused.length === 0
    return { year, source, committed, rejected: refused, days, corrected: corrected.length, deadlines }
  }

  return {
    missing,
    loadYear,
    carryOut: corrections.carryOut,
    halls: makeHallDays(app, { catalog, policies }),
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
