import type { App } from '../../platform/context.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { forbidden, notFound, Problem } from '../../platform/problem.ts'
import { type FileFormat, readRows } from '../catalog/catalog.files.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { actorOf, type Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import { HALL_DAYS_SHEET, type HallDay, hallDayText, readHallDays } from './hall-days.ts'
import type { PoliciesService } from './policies.service.ts'
import * as store from './policies.store.ts'

/** The opening days of halls, as far as they differ from the working calendar (Q61). */
export function makeHallDays(
  app: App,
  { catalog, policies }: { catalog: CatalogService; policies: PoliciesService },
) {
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

  /** Writes the opening days of halls, each anew and whole; those that stay as they are are left alone. */
  async function write(official: Official, halls: ReadonlyMap<string, readonly HallDay[]>): Promise<number> {
    let changed = 0
    await catalog.changing(async (tx) => {
      const before = Map.groupBy(await store.hallDays(tx), (row) => row.hall_code)
      for (const [hallCode, wanted] of halls) {
        const days = wanted.toSorted((a, b) => a.day.localeCompare(b.day))
        const rows = days.map((row) => ({ hall_code: hallCode, ...row }))
        if (JSON.stringify((before.get(hallCode) ?? []).map(sorted)) === JSON.stringify(rows.map(sorted)))
          continue
        changed++
        await store.replaceHallDays(tx, hallCode, rows)
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
    })
    return changed
  }

  return {
    list,
    /**
     * The opening days of one hall, all of them.
     * @throws Problem 404 hall-unknown, 403 outside-place, 422 doubled-day
     */
    async put(official: Official, hallCode: string, days: readonly HallDay[]) {
      if (!(await catalog.hall(hallCode))) throw notFound('hall-unknown', '没有这个大厅。')
      if (!(await reaches(official, hallCode)))
        throw forbidden('outside-place', '这个大厅不在您的管理范围内。')
      if (new Set(days.map(({ day }) => day)).size < days.length)
        throw new Problem(422, 'doubled-day', '同一天写了两次，请只留一条。', { field: 'days' })
      await write(official, new Map([[hallCode, days]]))
      return { hallCode, days: await daysOf(hallCode) }
    },
    /**
     * The opening days of the halls a file names, all or none.
     * @throws Problem 422 file-unreadable and the like
     */
    async take(official: Official, format: FileFormat, content: Buffer, dryRun: boolean) {
      const { halls, rejected } = readHallDays(await readRows(HALL_DAYS_SHEET, format, content))
      for (const code of halls.keys())
        if (!(await reaches(official, code)))
          rejected.push({ line: 0, field: '大厅编码', reason: `“${code}”不在目录中，或不在您的管理范围内` })
      const committed = rejected.length === 0 && !dryRun
      const changed = committed ? await write(official, halls) : 0
      const names = await Promise.all([...halls.keys()].map(async (code) => (await catalog.hall(code))?.name))
      return {
        rejected,
        committed,
        changed,
        halls: [...halls].map(([code, days], i) => ({ code, name: names[i] ?? code, days })),
      }
    },
  }
}

const sorted = ({ day, open, note }: HallDay) => [day, open, note]
