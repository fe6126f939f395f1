import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { randomId } from '../../platform/ids.ts'
import { conflict, notFound, Problem } from '../../platform/problem.ts'
import { actorOf, isRoot, type Official } from '../identity/official.ts'
import { readCells } from './catalog.check.ts'
import type { Cell, EntityName } from './catalog.columns.ts'
import { camel, EDITABLE, ENTITIES, type Entity } from './catalog.entities.ts'
import { type FileFormat, type FileRow, readRows } from './catalog.files.ts'
import { makeGuides } from './catalog.guides.ts'
import type { Editor } from './catalog.import.plan.ts'
import { type ImportReport, importRows } from './catalog.import.ts'
import { ancestorsOf, type ItemQuery, itemsFound, managementBodyOf } from './catalog.look-up.ts'
import { camelRow, keep, readSnapshot, type ServiceItem, type Snapshot } from './catalog.snapshot.ts'
import * as store from './catalog.store.ts'

export type {
  EvaluationOption,
  Hall,
  Organization,
  Region,
  ServiceGuide,
  ServiceItem,
  ServicePlatform,
  ServiceWindow,
  StaffMember,
} from './catalog.snapshot.ts'

/** A file to be taken into an entity. */
export interface ImportFile {
  entity: EntityName
  format: FileFormat
  content: Buffer
}

/** Thrown to leave a transaction without keeping anything; never seen outside. */
class Rollback extends Error {}

/** How far an official's place reaches in the directory: at the root of the tree these roles run the whole city. */
const editorOf = (official: Official): Editor => ({
  actor: actorOf(official),
  place:
    (official.role === 'city_authority' || official.role === 'system_administrator') &&
    isRoot(official.organizationPath)
      ? null
      : official.organizationPath,
})

/** What looks on while files are taken in, inside their transaction: before the first, and after the last. */
export interface Beside {
  before(tx: Tx): Promise<void>
  after(tx: Tx): Promise<void>
}

export type CatalogService = ReturnType<typeof makeCatalogService>

/** The directory: who is evaluated, and what they do (R1, R2). Reads come from a copy at most 30 seconds old. */
export function makeCatalogService(app: App) {
  const { db } = app
  const idsKey = app.keys.derive('ids')
  const listeners: (() => void)[] = []
  // Read through the portal's pool: whoever asks may be inside a transaction of another one.
  const kept = keep<Snapshot>(async (old) =>
    old && (await store.revision(db.portal)) === old.revision ? old : readSnapshot(db.portal),
  )
  const snapshot = () => kept.get()

  /** Forgets the copy, here and in whatever was made from it. */
  function forget(): void {
    kept.drop()
    for (const listener of listeners) listener()
  }

  async function changing<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const result = await db.system.transaction().execute(async (tx) => {
      await store.lockDirectory(tx)
      const done = await work(tx)
      await store.setRevision(tx, randomId())
      return done
    })
    forget()
    app.nudge()
    return result
  }

  /**
   * Takes files into the directory, one after the other, in one transaction: when a row of one is refused, nothing
   * of any is kept and the files after it are not looked at. A dry run does the same work and keeps nothing.
   * @throws Problem 422 when a file cannot be read at all
   */
  async function importAll(
    files: readonly ImportFile[],
    editor: Editor,
    options: {
      dryRun?: boolean
      onProgress?: (report: ImportReport) => void
      beside?: Beside | undefined
    } = {},
  ): Promise<ImportReport[]> {
    const read: { entity: Entity; rows: FileRow[] }[] = []
    for (const { entity, format, content } of files)
      read.push({ entity: ENTITIES[entity], rows: await readRows(ENTITIES[entity], format, content) })
    const reports: ImportReport[] = []
    try {
      await changing(async (tx) => {
        await options.beside?.before(tx)
        for (const { entity, rows } of read) {
          const report = await importRows(tx, entity, rows, editor, { now: app.clock(), idsKey })
          reports.push(report)
          options.onProgress?.(report)
          if (!report.committed) throw new Rollback()
        }
        await options.beside?.after(tx)
        if (options.dryRun) throw new Rollback()
      })
    } catch (error) {
      if (!(error instanceof Rollback)) throw error
      for (const report of reports) report.committed = false
    }
    return reports
  }

  /**
   * Takes one file that an official sent.
   * @throws Problem 403 not-allowed; 422 calendar-elsewhere: deadlines follow the calendar, so it is not taken blindly
   */
  async function importEntity(official: Official, file: ImportFile, dryRun: boolean): Promise<ImportReport> {
    if (file.entity === 'calendar' || file.entity === 'calendar-years')
      throw new Problem(
        422,
        'calendar-elsewhere',
        '放假安排请在“工作日历”页面按年度录入：保存之前会说明办理中的期限怎样变化。',
        { field: 'entity' },
      )
    if (file.entity === 'policies' && !official.permissions.includes('policies.edit'))
      throw new Problem(403, 'not-allowed', '您的角色没有修改规则参数的权限。')
    const [report] = await importFor(official, [file], dryRun)
    return report!
  }

  /** Takes files that an official sent, all or none, as far as their place reaches. */
  const importFor = (official: Official, files: readonly ImportFile[], dryRun: boolean, beside?: Beside) =>
    importAll(files, editorOf(official), { dryRun, beside })

  /**
   * Writes one row. `version` is the one the editor saw; 0 makes a new row. Fields not given stay as they are.
   * @throws Problem 404 entity-unknown or row-unknown, 409 catalog-stale, 422 invalid with one error a field
   */
  async function put(
    official: Official,
    entityName: EntityName,
    key: string,
    fields: Record<string, Cell>,
    version: number,
  ): Promise<Record<string, unknown>> {
    const entity = ENTITIES[entityName]
    if (!EDITABLE.includes(entityName)) throw notFound('entity-unknown', '这类数据不能逐条修改。')
    const keyColumn = entity.key[0]!
    const unknown = Object.keys(fields).filter(
      (field) => !entity.columns.some((c) => camel(c.name) === field),
    )
    if (unknown.length > 0) throw invalid(unknown.map((field) => ({ field, message: '不认识的字段' })))
    return changing(async (tx) => {
      const [old] = await store.rowsWhere(tx, entity.table, keyColumn, [key])
      if (!old && version !== 0) throw notFound('row-unknown', `没有编码为“${key}”的${entity.title}。`)
      if (old && old.version !== version)
        throw conflict('catalog-stale', '这条数据已被他人修改，请刷新后再改。')
      const cells = Object.fromEntries(
        entity.columns.map(({ name }) => {
          const given = fields[camel(name)]
          return [name, asText(given === undefined ? old?.[name] : given)]
        }),
      )
      cells[keyColumn] ||= key
      if (cells[keyColumn] !== key) throw invalid([{ field: camel(keyColumn), message: '编码不能修改' }])
      const doubts = readCells(entity, [{ line: 1, cells }]).quarantined
      if (doubts.length > 0)
        throw invalid(doubts.map(({ name, reason }) => ({ field: camel(name), message: reason })))
      const report = await importRows(tx, entity, [{ line: 1, cells }], editorOf(official), {
        now: app.clock(),
        idsKey,
      })
      if (!report.committed)
        throw invalid(report.rejected.map(({ name, reason }) => ({ field: camel(name), message: reason })))
      const [row] = await store.rowsWhere(tx, entity.table, keyColumn, [key])
      return camelRow<Record<string, unknown>>(row!)
    })
  }

  /** Every version a row ever had, newest first. */
  async function versions(entity: EntityName, key: string) {
    const rows = await store.versionsOf(db.portal, entity, key)
    return rows.map((row) => ({
      version: row.version,
      content: row.content,
      changedBy: row.changed_by,
      changedAt: row.changed_at,
    }))
  }

  return {
    snapshot,
    region: async (code: string) => (await snapshot()).regions.get(code),
    regions: async () => (await snapshot()).regions,
    organization: async (id: string) => (await snapshot()).organizations.get(id),
    organizations: async () => (await snapshot()).organizations,
    hall: async (code: string) => (await snapshot()).halls.get(code),
    halls: async (organization?: string) =>
      [...(await snapshot()).halls.values()].filter(
        (h) => organization === undefined || h.organizationId === organization,
      ),
    window: async (code: string) => (await snapshot()).windows.get(code),
    windows: async (hall?: string) =>
      [...(await snapshot()).windows.values()].filter((w) => hall === undefined || w.hallCode === hall),
    platform: async (code: string) => (await snapshot()).platforms.get(code),
    platforms: async () => [...(await snapshot()).platforms.values()],
    staff: async (number: string) => (await snapshot()).staff.get(number),
    staffOf: async (organization?: string) =>
      [...(await snapshot()).staff.values()].filter(
        (s) => organization === undefined || s.organizationId === organization,
      ),
    item: async (code: string): Promise<ServiceItem | undefined> => (await snapshot()).items.get(code),
    items: async (query: ItemQuery = {}) => itemsFound(await snapshot(), query),
    ...makeGuides(app),
    /** Evaluation options, best level first. */
    options: async () => (await snapshot()).options,
    /** As `ancestorsOf`. */
    regionAncestors: async (code: string) => ancestorsOf(await snapshot(), code),
    /** As `managementBodyOf`. */
    managementBodyFor: async (organizationId: string) => managementBodyOf(await snapshot(), organizationId),
    put,
    versions,
    /** What became of the days of the calendar, oldest first: each with what it was then, or `removed`. */
    calendarHistory: () => store.calendarHistory(db.portal),
    importAll,
    importEntity,
    importFor,
    /** Calls back after every change made by this copy of the program. */
    onChange: (listener: () => void) => void listeners.push(listener),
    forget,
    /**
     * Runs a change of the directory, or of what is kept beside it, in one transaction; one at a time in the whole
     * installation. Every copy of the program sees it within 30 seconds, this one at once.
     */
    changing,
  }
}

const asText = (value: unknown) => (value === null || value === undefined ? '' : String(value))

const invalid = (errors: { field: string; message: string }[]) =>
  new Problem(422, 'invalid', `内容有误：${errors.map((e) => e.message).join('；')}。`, { errors })
