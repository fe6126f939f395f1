import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { readSheet } from 'read-excel-file/universal'
import writeExcelFile from 'write-excel-file/node'
import { Problem } from '../../platform/problem.ts'
import { camel, type Entity } from './catalog.entities.ts'
import { checkWorkbook } from './catalog.zip.ts'

/** One line of a file: where it stood, and its cells as text by column name. */
export interface FileRow {
  line: number
  cells: Record<string, string>
}

export type FileFormat = 'csv' | 'xlsx'

/** Rows of one file; more must be split. A file of line breaks alone would hold up everybody else. */
const ROWS_LIMIT = 50_000
const TITLE_LIMIT = 100

/** What of an entity its files know: the columns and what it is called. */
type Sheet = Pick<Entity, 'title' | 'columns'>

/** The format a file's name promises; null when it is neither. */
export function formatOf(fileName: string): FileFormat | null {
  const ending = /\.(csv|xlsx)$/i.exec(fileName)?.[1]?.toLowerCase()
  return ending === 'csv' || ending === 'xlsx' ? ending : null
}

const unreadable = (detail: string) => new Problem(422, 'file-unreadable', detail, { field: 'file' })

/**
 * Reads a file of rows. The first line names the columns, by English name or Chinese title (a `*` and words in
 * brackets after it, as in the templates, are ignored). Empty lines are skipped but counted, so that line numbers
 * are those the person sees.
 * @throws Problem 422 file-unreadable, unknown-column, missing-column, doubled-column
 */
export async function readRows(entity: Sheet, format: FileFormat, content: Buffer): Promise<FileRow[]> {
  const table = format === 'csv' ? readCsv(content) : await readXlsx(content)
  if (table.length > ROWS_LIMIT + 1) throw unreadable(`文件超过 ${ROWS_LIMIT} 行，请分成几个文件导入。`)
  const [head, ...body] = table
  if (!head) throw unreadable('文件是空的。')
  const names = readHeader(entity, head.cells)
  return body
    .filter((row) => row.cells.some((cell) => cell !== ''))
    .map(({ line, cells }) => ({
      line,
      cells: Object.fromEntries(names.flatMap((name, i) => (name ? [[name, cells[i] ?? '']] : []))),
    }))
}

function readHeader(entity: Sheet, titles: string[]): (string | null)[] {
  const names = titles.map((whole) => {
    const title = whole.slice(0, TITLE_LIMIT)
    const bare = title.replace(/\s*[*(（].*$/, '').trim()
    if (title === '') return null
    const found = entity.columns.find(
      (c) => c.name === bare || c.title === bare || c.title === title || camel(c.name) === bare,
    )
    if (!found)
      throw new Problem(
        422,
        'unknown-column',
        `不认识的列：“${title}”。${entity.title}的列是：${entity.columns.map((c) => c.title).join('、')}。`,
      )
    return found.name
  })
  const doubled = names.find((name, i) => name !== null && names.indexOf(name) !== i)
  if (doubled) throw new Problem(422, 'doubled-column', `列“${doubled}”出现了两次。`)
  const missing = entity.columns.filter((c) => c.required && !names.includes(c.name))
  if (missing.length > 0)
    throw new Problem(422, 'missing-column', `缺少必填的列：${missing.map((c) => c.title).join('、')}。`)
  return names
}

interface Line {
  line: number
  cells: string[]
}

function readCsv(content: Buffer): Line[] {
  let decoded: string
  try {
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    // What a Chinese Excel saves as "CSV" unless told otherwise.
    decoded = new TextDecoder('gb18030').decode(content)
  }
  try {
    const records = parse(decoded, {
      bom: true,
      trim: true,
      relax_column_count: true,
      info: true,
      to: ROWS_LIMIT + 2,
    }) as unknown as {
      info: { lines: number }
      record: string[]
    }[]
    let next = 1
    return records.map(({ record, info }) => {
      // info.lines is where a record ends; a cell with line breaks makes it end later than it began.
      const line = Math.max(
        next,
        info.lines - record.reduce((n, cell) => n + (cell.match(/\n/g)?.length ?? 0), 0),
      )
      next = info.lines + 1
      return { line, cells: record }
    })
  } catch (error) {
    throw unreadable(`CSV 文件读不出来：${(error as Error).message}`)
  }
}

async function readXlsx(content: Buffer): Promise<Line[]> {
  try {
    // Numbers stay the text they are: a 31-digit code must not become 2.2E+30.
    await checkWorkbook(content)
    const sheet = await readSheet(new Blob([new Uint8Array(content)]), { parseNumber: (digits) => digits })
    return sheet.map((row, i) => ({ line: i + 1, cells: row.map(cellText) }))
  } catch {
    throw unreadable('Excel 文件读不出来，请用模板另存为 xlsx 后再试。')
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return String(cell).trim()
}

/** An empty CSV file with the Chinese titles; begins with a byte-order mark, without which Excel garbles it. */
export const csvTemplate = (entity: Sheet): Buffer =>
  Buffer.from(stringify([entity.columns.map(heading)], { bom: true }))

/** An empty Excel file: titles in bold, all cells text, and a second sheet that explains the columns. */
export function xlsxTemplate(entity: Entity): Promise<Buffer> {
  const title = (value: string) => ({ value, type: String, fontWeight: 'bold' as const })
  const explain = entity.columns.map((c) =>
    [c.title, c.name, c.required ? '必填' : '选填', c.hint].map((value) => ({ value, type: String })),
  )
  return writeExcelFile([
    {
      sheet: entity.title,
      data: [entity.columns.map((c) => title(heading(c)))],
      columns: entity.columns.map((c) => ({ width: Math.max(14, c.title.length * 2 + 4) })),
    },
    {
      sheet: '填写说明',
      data: [['列', '英文列名', '是否必填', '填写要求'].map(title), ...explain],
      columns: [{ width: 24 }, { width: 24 }, { width: 10 }, { width: 80 }],
    },
  ]).toBuffer()
}

const heading = (c: { title: string; required: boolean }) => (c.required ? `${c.title}*` : c.title)
