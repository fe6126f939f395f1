import { stringify } from 'csv-stringify/sync'
import type { Organization } from '../../modules/catalog/catalog.service.ts'
import type { PublicAppeals, PublicReport, PublicRow } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'

/** Columns of figures in both files; their names and order are promised to whoever reads them by program. */
const FIGURES = [
  'visits',
  'evaluations',
  'level_5',
  'level_4',
  'level_3',
  'level_2',
  'level_1',
  'not_adopted',
  'negative',
  'positive_rate',
  'active_rate',
  'cases_opened',
  'cases_overdue_now',
  'on_time_rate',
  'suppressed',
] as const

const rate = (value: number | null) => (value === null ? '' : value.toFixed(6))

function figures(row: PublicRow, k: number): Record<(typeof FIGURES)[number], string | number> {
  const nothing = Object.fromEntries(FIGURES.map((name) => [name, ''])) as ReturnType<typeof figures>
  const { visits } = row
  if (row.hidden) return { ...nothing, visits, evaluations: hiddenWords(row.hidden, k), suppressed: 'true' }
  const f = row.figures
  return {
    visits,
    evaluations: f.evaluations,
    level_5: f.levels[5],
    level_4: f.levels[4],
    level_3: f.levels[3],
    level_2: f.levels[2],
    level_1: f.levels[1],
    not_adopted: f.levels.excluded,
    negative: f.negative,
    positive_rate: rate(f.positiveRate),
    active_rate: rate(f.activeRate),
    cases_opened: f.casesOpened,
    cases_overdue_now: f.casesOverdue,
    on_time_rate: rate(f.onTimeRate),
    suppressed: 'false',
  }
}

// The mark at the beginning lets spreadsheets read Chinese; formulas in names are made harmless.
const csv = (columns: readonly string[], rows: object[]) =>
  stringify(rows, { header: true, bom: true, columns: [...columns], escape_formulas: true })

/** The days of the city, oldest first. */
export const dailyCsv = (days: readonly PublicRow[], k: number): string =>
  csv(
    ['day', ...FIGURES],
    days.map((row) => ({ day: row.id, ...figures(row, k) })),
  )

/** Every organisation with all below it, over one period. */
export const organizationsCsv = (
  all: readonly { organization: Organization; row: PublicRow }[],
  period: { from: string; to: string },
  k: number,
): string =>
  csv(
    ['organization_id', 'parent_id', 'name', 'region_code', 'from', 'to', ...FIGURES],
    all.map(({ organization: o, row }) => ({
      organization_id: o.id,
      parent_id: o.parentId ?? '',
      name: o.name,
      region_code: o.regionCode,
      ...period,
      ...figures(row, k),
    })),
  )

/** Appeals and overturn rates by district, over one period. */
export const appealsCsv = (rows: readonly PublicAppeals[], period: { from: string; to: string }): string =>
  csv(
    [
      ...['region_code', 'name', 'from', 'to'],
      ...['appeals_filed', 'appeals_decided', 'appeals_overturned', 'overturn_rate', 'suppressed'],
    ],
    rows.map(({ id, name, hidden, figures }) => ({
      region_code: id === 'city' ? '' : id,
      name,
      ...period,
      appeals_filed: figures?.filed ?? '',
      appeals_decided: figures?.decided ?? '',
      appeals_overturned: figures?.overturned ?? '',
      overturn_rate: rate(figures?.rate ?? null),
      suppressed: String(hidden !== null),
    })),
  )

const publicRow = ({ hidden, figures: f, kind, id, name, visits }: PublicRow) => ({
  kind,
  id,
  name,
  visits,
  suppressed: hidden !== null,
  evaluations: f?.evaluations ?? null,
  levels: f?.levels ?? null,
  positiveRate: f?.positiveRate ?? null,
  wilsonLowerBound: f?.wilson ?? null,
  activeRate: f?.activeRate ?? null,
  ranked: f?.ranked ?? false,
  casesOpened: f?.casesOpened ?? null,
  casesOverdueNow: f?.casesOverdue ?? null,
  onTimeRate: f?.onTimeRate ?? null,
})

/** The city at a glance, for programs. */
export const summaryJson = (report: PublicReport) => ({
  note: '与本站页面同源。评价少于 kAnonymity 条的分组不公布细目（suppressed）。比率为 0 至 1 的小数，算法见 /method。',
  scope: report.scope,
  updatedAt: report.updatedAt,
  period: report.period,
  previousPeriod: report.previousPeriod,
  kAnonymity: report.k,
  rankingMinimum: report.rankingMinimum,
  visits: report.visits,
  evaluations: report.evaluations,
  levels: report.levels,
  indices: report.indices,
  followUps: report.followUps,
  cases: report.cases,
  channels: report.channels,
  districts: report.districts.map(publicRow),
  departments: report.departments.map(publicRow),
})
