import { stringify } from 'csv-stringify/sync'
import { Problem } from '../../platform/problem.ts'
import { ENTITIES } from '../catalog/catalog.entities.ts'
import { type FileFormat, readRows } from '../catalog/catalog.files.ts'
import type { ImportFile } from '../catalog/catalog.service.ts'
import type { DayRow } from './calendar.rows.ts'

/** A notice of the State Council, as a file of its days. */
export interface Notice {
  year: number
  /** the notice's name and number */
  source: string
  format: FileFormat
  content: Buffer
}

/** One thing wrong with one line of a file. */
export interface LineProblem {
  line: number
  field: string
  reason: string
}

// The year stands in the address; a column for it may be there, and need not be.
const SHEET = {
  title: ENTITIES.calendar.title,
  columns: ENTITIES.calendar.columns.map((c) => (c.name === 'year' ? { ...c, required: false } : c)),
}

/** What a cell says, read as the directory reads it; undefined where it cannot be read. */
const cell = (name: string, raw = '') => {
  const reading = SHEET.columns.find((c) => c.name === name)!.read(raw.trim())
  return 'value' in reading ? String(reading.value) : undefined
}

/**
 * The days of a notice, where each stood in the file, and what cannot be of its year: a notice may reach back into
 * last December and no further. Cells that cannot be read are left as they are: the directory says so itself.
 * @throws Problem 422 file-unreadable and the like, file-empty
 */
export async function readNotice({ year, format, content }: Notice) {
  const file = await readRows(SHEET, format, content)
  if (file.length === 0)
    throw new Problem(422, 'file-empty', '文件里没有放假或调休的日子。', { field: 'file' })
  const rejected: LineProblem[] = []
  const rows = file.map(({ line, cells }): DayRow => {
    const day = cell('day', cells.day)
    if (cells.year && cells.year !== String(year))
      rejected.push({ line, field: '年度', reason: `这一行不是 ${year} 年的` })
    if (day && !day.startsWith(`${year}-`) && !day.startsWith(`${year - 1}-12-`))
      rejected.push({ line, field: '日期', reason: `${year} 年的安排里不应有这一天` })
    const kind = cell('kind', cells.kind) ?? cells.kind ?? ''
    return { day: day ?? cells.day ?? '', kind, name: cells.name?.trim() ?? '' }
  })
  return { rows, lines: file.map((row) => row.line), rejected }
}

/** A year and its days as the directory takes them; the n-th day stands on line n + 2. */
export function noticeFiles(year: number, source: string, rows: readonly DayRow[]): ImportFile[] {
  const csv = (table: unknown[][]) => Buffer.from(stringify(table))
  const days = rows.map(({ day, kind, name }) => [day, kind, name, year])
  const head = ['year', 'source']
  return [
    { entity: 'calendar-years', format: 'csv', content: csv([head, [year, source]]) },
    { entity: 'calendar', format: 'csv', content: csv([['day', 'kind', 'name', 'year'], ...days]) },
  ]
}
