import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ENTITY_NAMES, type EntityName, isEntityName } from '../modules/catalog/catalog.columns.ts'
import { ENTITIES } from '../modules/catalog/catalog.entities.ts'
import { formatOf } from '../modules/catalog/catalog.files.ts'
import type { ImportReport } from '../modules/catalog/catalog.import.ts'
import { type Beside, type CatalogService, makeCatalogService } from '../modules/catalog/catalog.service.ts'
import type { App } from '../platform/context.ts'
import { Problem } from '../platform/problem.ts'
import type { Services } from '../services.ts'
import { CHOICES, movedLines } from './import.calendar.ts'

/** A file and the entity whose rows it holds. */
export interface ImportSource {
  entity: EntityName
  path: string
}

/** Something wrong with the files named, in words for whoever named them. */
export class ImportError extends Error {}

/** How an import is to be run. */
export interface ImportOptions {
  /** do all the work and keep nothing */
  dryRun?: boolean
  /** the service whose copy of the directory must see the change at once; else it does within 30 seconds */
  catalog?: CatalogService
  /** what looks on from inside the transaction */
  beside?: Beside
}

type Progress = (source: ImportSource, report: ImportReport) => void

/**
 * Takes files into the directory in one transaction, in the order given. Stops at the first file with a refused
 * row; then nothing of any file is kept, and its report (the last one) says which lines to mend.
 * @throws Problem 422 when a file cannot be read, ImportError when it is not csv or xlsx
 */
export async function importFiles(
  app: App,
  sources: readonly ImportSource[],
  onProgress: Progress = () => {},
  options: ImportOptions = {},
): Promise<ImportReport[]> {
  const catalog = options.catalog ?? makeCatalogService(app)
  const files = await Promise.all(
    sources.map(async ({ entity, path }) => {
      const format = formatOf(path)
      if (!format) throw new ImportError(`${path}: 只能导入 csv 或 xlsx 文件`)
      return { entity, format, content: await readFile(path) }
    }),
  )
  let done = 0
  return catalog.importAll(
    files,
    { actor: 'system', place: null },
    {
      dryRun: options.dryRun ?? false,
      beside: options.beside,
      onProgress: (report) => onProgress(sources[done++]!, report),
    },
  )
}

/** The entity a file's name begins with: 'calendar-years.csv', 'items-220102.xlsx'; null when there is none. */
export function entityOfFile(path: string): EntityName | null {
  if (!formatOf(path)) return null
  const stem = basename(path).replace(/\.[^.]*$/, '')
  const fitting = ENTITY_NAMES.filter(
    (name) => stem === name || stem.startsWith(`${name}-`) || stem.startsWith(`${name}.`),
  )
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? null
}

/**
 * The files of a city in the order they must be loaded: for each entity what is national, then the city's own.
 * Takes the city's folder (`data/changchun`; `national` is looked for beside it) or the folder of both.
 */
export async function cityFiles(dir: string): Promise<ImportSource[]> {
  const root = resolve(dir)
  const inside = (await readdir(root, { withFileTypes: true }))
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort()
  const folders = inside.includes('national')
    ? ['national', ...inside.filter((name) => name !== 'national')].map((name) => join(root, name))
    : [join(root, '..', 'national'), root].filter((folder) => existsSync(folder))
  const found: ImportSource[] = []
  for (const folder of folders)
    for (const name of (await readdir(folder)).sort()) {
      const entity = entityOfFile(name)
      if (entity) found.push({ entity, path: join(folder, name) })
    }
  return found.toSorted((a, b) => ENTITY_NAMES.indexOf(a.entity) - ENTITY_NAMES.indexOf(b.entity))
}

/**
 * Loads all a city starts from.
 * @throws as importFiles; ImportError when the folder holds no file of the directory
 */
export async function importCity(
  app: App,
  dir: string,
  onProgress: Progress = () => {},
  options: ImportOptions = {},
): Promise<ImportReport[]> {
  const sources = await cityFiles(dir)
  if (sources.length === 0)
    throw new ImportError(`${dir}: 没有可导入的文件（如 regions.csv、organizations.csv）`)
  return importFiles(app, sources, onProgress, options)
}

/** How many refused lines are printed before the rest is only counted. */
const PRINTED = 50

function printReport(source: ImportSource, report: ImportReport, print: (line: string) => void): void {
  const counts = `新增 ${report.inserted}，修改 ${report.changed}，未变 ${report.unchanged}`
  const removed = report.removed > 0 ? `,删除 ${report.removed}` : ''
  const refused = report.rejected.length > 0 ? `,有误 ${report.rejected.length}` : ''
  print(`${ENTITIES[source.entity].title}(${source.path}):${counts}${removed}${refused}`)
  for (const [word, rows] of [
    ['有误', report.rejected],
    ['未采用', report.quarantined],
    ['注意', report.warnings],
  ] as const) {
    for (const row of rows.slice(0, PRINTED)) print(`  ${word} 第 ${row.line} 行 ${row.field}:${row.reason}`)
    if (rows.length > PRINTED) print(`  ${word} 另有 ${rows.length - PRINTED} 处`)
  }
}

/** `haochaping import` as it was asked for. */
export interface ImportArgs {
  /** an entity's name, or 'city' */
  target: string
  path: string
  dryRun?: boolean
  /** what becomes of deadlines that were told, where days of a known year change (Q61); none: nobody said */
  running?: 'prolong' | 'keep' | undefined
  note?: string | undefined
}

/**
 * `haochaping import <entity|city> <file|dir> [--dry-run] [--running prolong|keep] [--note <reason>]`. Prints each
 * file's report as it is done, and which deadlines a corrected calendar moves. Gives the exit code: 0 when all was taken
 * (or would have been), 1 when something was refused, 2 for a wrong command line.
 */
export async function runImport(
  { app, services }: { app: App; services: Pick<Services, 'catalog' | 'calendar'> },
  { target, path, dryRun = false, running, note = '' }: ImportArgs,
  print: (line: string) => void,
): Promise<number> {
  if (target !== 'city' && !isEntityName(target)) {
    print(`不认识“${target}”。可以导入：city、${ENTITY_NAMES.join('、')}`)
    return 2
  }
  const progress: Progress = (source, report) => printReport(source, report, print)
  const watch = services.calendar.watchImport({ running: running ?? null, note: note.trim() }, dryRun)
  const options = { dryRun, catalog: services.catalog, beside: watch }
  try {
    const reports =
      target === 'city'
        ? await importCity(app, path, progress, options)
        : await importFiles(app, [{ entity: target, path }], progress, options)
    const refused = reports.some((report) => report.rejected.length > 0)
    if (refused) print('有误的行已列出。全部文件都没有导入，请改正后重新导入。')
    else {
      for (const line of movedLines(watch.found(), running)) print(line)
      print(dryRun ? '检查通过，没有写入任何数据。' : '导入完成。')
    }
    return refused ? 1 : 0
  } catch (error) {
    const words = inWords(error, path)
    if (words === null) throw error
    for (const line of movedLines(watch.found(), running)) print(line)
    print(words)
    return 1
  }
}

/** What a person can mend, in words; null for faults of the program. */
function inWords(error: unknown, path: string): string | null {
  if (error instanceof Problem)
    return error.code === 'running-undecided' || error.code === 'reason-missing'
      ? `${error.detail}${CHOICES}`
      : error.detail
  if (error instanceof ImportError) return error.message
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'ENOTDIR'
    ? `读不到：${path}`
    : null
}
