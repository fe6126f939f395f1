import { impossible } from '../policies/policies.limits.ts'
import type { Cell, Column, EntityName } from './catalog.columns.ts'
import type { Entity } from './catalog.entities.ts'
import type { FileRow } from './catalog.files.ts'

/** One thing wrong with one cell of a file. */
export interface Rejection {
  line: number
  /** the column's Chinese title */
  field: string
  /** the column's name in the table */
  name: string
  reason: string
}

/** A row whose cells have been read. */
export interface ReadRow {
  line: number
  key: string
  values: Record<string, Cell>
  /** cells left out because they cannot be right, by column name (a USCC that fails its check digit) */
  quarantined: Record<string, string>
}

/** What reading a file gave. */
export interface Checked {
  rows: ReadRow[]
  rejected: Rejection[]
  /** cells left out of rows that were taken */
  quarantined: Rejection[]
}

/** The key of a row as one text: its key columns joined by '/'. */
export const keyOf = (entity: Entity, values: Record<string, unknown>) =>
  entity.key
    .map((name) => {
      const value = values[name]
      return value instanceof Date ? value.toISOString() : String(value)
    })
    .join('/')

/** The values of `rows` that point to another entity, by entity, so that the caller can look them up. */
export function referencedKeys(entity: Entity, rows: readonly ReadRow[]): Map<EntityName, string[]> {
  const wanted = new Map<EntityName, Set<string>>()
  for (const column of entity.columns) {
    if (!column.reference) continue
    const set = wanted.get(column.reference) ?? new Set()
    wanted.set(column.reference, set)
    for (const row of rows) {
      const value = row.values[column.name]
      if (value !== null && value !== undefined && value !== '') set.add(String(value))
    }
  }
  return new Map([...wanted].map(([name, set]) => [name, [...set]]))
}

function readCell(column: Column, raw: string) {
  if (raw !== '') return column.read(raw)
  return column.required ? { wrong: '必填' } : { value: column.fallback }
}

/** Reads the cells of every row and refuses keys that stand twice. Looks at nothing but the file. */
export function readCells(entity: Entity, file: readonly FileRow[]): Checked {
  const result: Checked = { rows: [], rejected: [], quarantined: [] }
  const seen = new Map<string, number>()
  for (const { line, cells } of file) {
    const values: Record<string, Cell> = {}
    const quarantined: Record<string, string> = {}
    let good = true
    for (const column of entity.columns) {
      const reading = readCell(column, cells[column.name]?.trim() ?? '')
      const say = (reason: string) => ({ line, field: column.title, name: column.name, reason })
      if ('wrong' in reading) {
        good = false
        result.rejected.push(say(reading.wrong))
      } else {
        values[column.name] = reading.value
        if (reading.doubt) {
          quarantined[column.name] = cells[column.name]!.trim()
          result.quarantined.push(say(reading.doubt))
        }
      }
    }
    if (!good) continue
    const key = keyOf(entity, values)
    const first = seen.get(key)
    const title = entity.columns.find((c) => c.name === entity.key.at(-1))!
    if (first !== undefined) {
      result.rejected.push({ line, field: title.title, name: title.name, reason: `与第 ${first} 行重复` })
      continue
    }
    seen.set(key, line)
    const wrong = rowProblem(entity, values)
    if (wrong) result.rejected.push({ line, ...wrong })
    else result.rows.push({ line, key, values, quarantined })
  }
  return result
}

/** What is wrong with a row whose cells are right one by one. */
function rowProblem(entity: Entity, values: Record<string, Cell>): Omit<Rejection, 'line'> | null {
  if (entity.name === 'calendar' && values.kind === 'workday') {
    const weekday = new Date(`${values.day}T00:00:00Z`).getUTCDay()
    if (weekday !== 0 && weekday !== 6)
      return { field: '类型', name: 'kind', reason: '调休上班日只能是周六或周日，这一天本来就上班' }
  }
  if (
    entity.name === 'items' &&
    typeof values.statutory_days === 'number' &&
    typeof values.promise_days === 'number'
  )
    if (values.promise_days > values.statutory_days)
      return { field: '承诺办结时限', name: 'promise_days', reason: '承诺时限不能长于法定时限' }
  if (entity.name === 'policies') {
    const bad = impossible(
      String(values.key),
      Number(values.value),
      String(values.unit),
      String(values.category),
    )
    if (bad)
      return {
        name: bad.field,
        field: entity.columns.find((c) => c.name === bad.field)!.title,
        reason: bad.words,
      }
  }
  return null
}

/** Refuses rows that point to something that is neither in the directory nor in this file. */
export function checkReferences(
  entity: Entity,
  rows: readonly ReadRow[],
  known: ReadonlyMap<EntityName, ReadonlySet<string>>,
): Rejection[] {
  const own = new Set(rows.map((row) => row.key))
  const rejected: Rejection[] = []
  for (const column of entity.columns) {
    const { reference } = column
    if (!reference) continue
    for (const { line, values } of rows) {
      const value = values[column.name]
      if (value === null || value === '' || value === undefined) continue
      if (known.get(reference)?.has(String(value)) || (reference === entity.name && own.has(String(value))))
        continue
      rejected.push({
        line,
        field: column.title,
        name: column.name,
        reason: `没有“${value}”，请先录入或改正`,
      })
    }
  }
  return rejected
}

/**
 * The way from the root to each row, as '/root/child/', for an entity whose rows stand under one another.
 * Takes parent by key. Keys that are their own ancestor are given in `circular` and have no path.
 */
export function treePaths(parents: ReadonlyMap<string, string | null>): {
  paths: Map<string, string>
  circular: Set<string>
} {
  const paths = new Map<string, string>()
  const circular = new Set<string>()
  for (const start of parents.keys()) {
    const climbed: string[] = []
    const onWay = new Set<string>()
    let at: string | null = start
    while (at !== null && !paths.has(at) && !onWay.has(at) && !circular.has(at)) {
      onWay.add(at)
      climbed.push(at)
      at = parents.get(at) ?? null
    }
    if (at !== null && !paths.has(at)) {
      for (const key of climbed) circular.add(key)
      continue
    }
    let path = at === null ? '/' : paths.get(at)!
    for (const key of climbed.reverse()) {
      path += `${key}/`
      paths.set(key, path)
    }
  }
  return { paths, circular }
}
