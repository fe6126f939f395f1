import type { App } from '../../platform/context.ts'
import { forbidden } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { keep } from '../catalog/catalog.snapshot.ts'
import { isRoot, type Official } from '../identity/official.ts'
import type { Deadlines } from '../rectification/deadlines.preview.ts'
import { type LineProblem, type Notice, noticeFiles, readNotice } from './calendar.notice.ts'
import { calendarOf, type DayRow } from './calendar.rows.ts'
import { type DayChange, dayChanges, missingYears } from './calendar.years.ts'
import { makeHallDays } from './hall-days.service.ts'
import type { PoliciesService } from './policies.service.ts'

/** How many moved deadlines a preview names; all are counted. */
const LISTED = 200

export type CalendarService = ReturnType<typeof makeCalendarService>

/** Keeping the working calendar (Q61): years of the State Council, opening days of halls, and what is missing. */
export function makeCalendarService(
  app: App,
  needs: { catalog: CatalogService; policies: PoliciesService; deadlines: Deadlines },
) {
  const { catalog, policies, deadlines } = needs
  const kept = keep(deadlines.missingYears)
  catalog.onChange(() => kept.drop())
  let loggedOn = ''

  /** The years deadlines need that nobody has loaded. */
  const missing = async () => missingYears(app.clock(), (await policies.calendar()).years, await kept.get())

  /** What the days of a year would change: days, and deadlines of running cases. */
  async function changesOf(year: number, rows: readonly DayRow[]) {
    const { days: all, years, hallDays } = await policies.calendarRows()
    const [own, others] = [all.filter((row) => row.year === year), all.filter((row) => row.year !== year)]
    const known = [...new Set([...years.map((row) => row.year), year])]
    const moves = await deadlines.moves(calendarOf([...others, ...rows], known, hallDays), year, LISTED)
    const organizations = await catalog.organizations()
    const items = moves.items.map((item) => ({
      ...item,
      organizationName: organizations.get(item.organizationId)?.name ?? item.organizationId,
    }))
    return { days: dayChanges(own, rows), deadlines: { ...moves, items } }
  }

  /**
   * Loads a year from the State Council's notice; the file is the whole of that year. With `dryRun` nothing is kept:
   * it says what would change. The deadlines themselves are moved by the keeper of the clocks, within a minute.
   * @throws Problem 403 outside-place, 422 file-unreadable and the like, file-empty
   */
  async function loadYear(official: Official, notice: Notice, dryRun: boolean) {
    if (official.role !== 'city_authority' || !isRoot(official.organizationPath))
      throw forbidden('outside-place', '工作日历全市统一，由市级主管部门录入。')
    const { year, source } = notice
    const { rows, lines, rejected } = await readNotice(notice)
    const files = noticeFiles(year, source, rows)
    const run = async (dry: boolean): Promise<LineProblem[]> =>
      (await catalog.importFor(official, files, dry))
        .flatMap((report) => report.rejected)
        .map(({ line, field, reason }) => ({ line: lines[line - 2] ?? line, field, reason }))
    const wrong = [...rejected, ...(await run(true))]
    const nothing = { days: [] as DayChange[], deadlines: { moved: 0, settled: 0, items: [] } }
    if (wrong.length > 0) return { year, source, committed: false, rejected: wrong, ...nothing }
    const changes = await changesOf(year, rows)
    const refused = dryRun ? [] : await run(false)
    return { year, source, committed: !dryRun && refused.length === 0, rejected: refused, ...changes }
  }

  return {
    missing,
    loadYear,
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
