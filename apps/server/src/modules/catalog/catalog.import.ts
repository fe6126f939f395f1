import { createHash } from 'node:crypto'
import { encodeValue } from '@haochaping/ledger'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { appendEntry } from '../ledger/journal.ts'
import { loosened } from '../policies/policies.limits.ts'
import {
  type Checked,
  checkReferences,
  keyOf,
  type ReadRow,
  type Rejection,
  readCells,
  referencedKeys,
  treePaths,
} from './catalog.check.ts'
import type { Cell } from './catalog.columns.ts'
import { ENTITIES, type Entity } from './catalog.entities.ts'
import type { FileRow } from './catalog.files.ts'
import * as store from './catalog.store.ts'

/** Who changes the directory, and how far their place reaches. */
export interface Editor {
  /** as in the journal: 'system', 'account:<uuid>' */
  actor: string
  /** path of the place whose rows may be changed; null: the whole city */
  place: string | null
}

/** What a run of an import came to. Line numbers are those of the file. */
export interface ImportReport {
  entity: string
  /** rows that could be taken */
  accepted: number
  inserted: number
  changed: number
  unchanged: number
  /** days taken out of a calendar year that was loaded anew */
  removed: number
  rejected: Rejection[]
  /** cells left out of rows that were taken, and why */
  quarantined: Rejection[]
  /** what the person should know though nothing was refused */
  warnings: Rejection[]
  committed: boolean
}

interface Change extends ReadRow {
  version: number
  isNew: boolean
}

interface Plan {
  changes: Change[]
  unchanged: number
  removed: string[]
  rejected: Rejection[]
  warnings: Rejection[]
  /** path of every organisation after the change, when organisations change */
  paths: Map<string, string> | null
  before: store.AnyRow[]
}

const plain = (value: unknown) => (value instanceof Date ? value.toISOString() : (value as Cell))
const at = (line: number, entity: Entity, name: string, reason: string): Rejection => ({
  line,
  name,
  field: entity.columns.find((c) => c.name === name)?.title ?? name,
  reason,
})

/**
 * Takes rows into one entity of the directory inside the caller's transaction: reads the cells, checks references
 * and places, and then writes all of them or, when one is refused, none. Rows that are as they were are left alone;
 * a changed row gets the next version and its version row, and one journal entry stands for the whole run.
 * The caller holds the directory's lock.
 */
export async function importRows(
  tx: Tx,
  entity: Entity,
  file: readonly FileRow[],
  editor: Editor,
  context: { now: Date; idsKey: Buffer },
): Promise<ImportReport> {
  const checked = readCells(entity, file)
  const plan = await makePlan(tx, entity, checked, editor)
  const rejected = [...checked.rejected, ...plan.rejected].sort((a, b) => a.line - b.line)
  const committed = rejected.length === 0
  if (committed && plan.changes.length + plan.removed.length > 0)
    await write(tx, entity, plan, editor, context)
  const inserted = plan.changes.filter((change) => change.isNew).length
  return {
    entity: entity.name,
    accepted: file.length - new Set(rejected.map((r) => r.line)).size,
    inserted,
    changed: plan.changes.length - inserted,
    unchanged: plan.unchanged,
    removed: plan.removed.length,
    rejected,
    quarantined: checked.quarantined,
    warnings: plan.warnings,
    committed,
  }
}

async function makePlan(tx: Tx, entity: Entity, { rows }: Checked, editor: Editor): Promise<Plan> {
  const known = new Map<Entity['name'], Set<string>>()
  const pointedTo = new Map<Entity['name'], store.AnyRow[]>()
  for (const [name, keys] of referencedKeys(entity, rows)) {
    const target = ENTITIES[name]
    const found = await store.rowsWhere(tx, target.table, target.key[0]!, keys)
    pointedTo.set(name, found)
    known.set(name, new Set(found.map((row) => keyOf(target, row))))
  }
  const whole = entity.parent !== undefined || entity.key.length > 1 || entity.name === 'calendar'
  const before = whole
    ? await store.allRows(tx, entity.table)
    : await store.rowsWhere(
        tx,
        entity.table,
        entity.key[0]!,
        rows.map((row) => row.key),
      )
  const plan: Plan = {
    changes: [],
    unchanged: 0,
    removed: [],
    rejected: checkReferences(entity, rows, known),
    warnings: [],
    paths: null,
    before,
  }
  if (entity.parent) placeInTree(entity, rows, plan)
  if (entity.history === 'appended') await planAppended(tx, rows, plan)
  else await planChanges(tx, entity, rows, plan)
  if (entity.name === 'calendar') planRemovedDays(rows, plan)
  await checkPlace(tx, entity, plan, editor, pointedTo)
  return plan
}

/** Works out who stands under whom after the change; refuses a row that would be its own ancestor. */
function placeInTree(entity: Entity, rows: ReadRow[], plan: Plan): void {
  const parents = new Map(
    plan.before.map((row) => [keyOf(entity, row), row[entity.parent!] as string | null]),
  )
  for (const row of rows) parents.set(row.key, row.values[entity.parent!] as string | null)
  const { paths, circular } = treePaths(parents)
  for (const row of rows)
    if (circular.has(row.key))
      plan.rejected.push(at(row.line, entity, entity.parent!, '上级绕了一圈又指回自己'))
  if (entity.name === 'organizations') plan.paths = paths
}

async function planChanges(tx: Tx, entity: Entity, rows: ReadRow[], plan: Plan): Promise<void> {
  const before = new Map(plan.before.map((row) => [keyOf(entity, row), row]))
  const newest = entity.history === 'listed' ? await store.newestVersions(tx, entity.name) : null
  for (const row of rows) {
    const old = before.get(row.key)
    // A doubted cell must not wipe out what is known to be right.
    for (const name of Object.keys(row.quarantined))
      row.values[name] = (old?.[name] as Cell | undefined) ?? ''
    if (old && entity.columns.every((c) => plain(old[c.name]) === row.values[c.name])) {
      plan.unchanged++
      continue
    }
    const version = newest ? (newest.get(row.key) ?? 0) + 1 : old ? Number(old.version) + 1 : 1
    plan.changes.push({ ...row, version, isNew: !old })
    if (plan.paths && old && old.parent_id !== row.values.parent_id)
      plan.warnings.push(
        at(row.line, entity, 'parent_id', '机构换了上级；此前的评价和差评件仍记在原来的位置'),
      )
  }
}

/** Policies are never edited: a row that is not there yet, in any version, becomes the next version. */
async function planAppended(tx: Tx, rows: ReadRow[], plan: Plan): Promise<void> {
  const policies = ENTITIES.policies
  const byPolicy = Map.groupBy(plan.before, (row) => `${row.key}/${row.region_code}`)
  for (const row of rows) {
    const id = `${row.values.key}/${row.values.region_code}`
    const versions = byPolicy.get(id) ?? []
    byPolicy.set(id, versions)
    const same = (old: store.AnyRow) =>
      ['value', 'unit', 'category', 'valid_from'].every((name) => plain(old[name]) === row.values[name])
    if (versions.some(same)) {
      plan.unchanged++
      continue
    }
    const version = Math.max(0, ...versions.map((old) => Number(old.version))) + 1
    versions.push({ ...row.values, version })
    plan.changes.push({ ...row, version, isNew: versions.length === 1 })
  }
  const all = [...byPolicy.values()].flat().map((row) => ({
    key: String(row.key),
    regionCode: String(row.region_code),
    category: String(row.category),
    version: Number(row.version),
    value: Number(row.value),
    validFrom: new Date(plain(row.valid_from) as string),
  }))
  const parents = new Map(
    (await store.allRows(tx, 'region')).map((r) => [String(r.code), r.parent_code as string | null]),
  )
  for (const row of plan.changes) {
    const proposed = {
      key: String(row.values.key),
      regionCode: String(row.values.region_code),
      category: String(row.values.category),
      value: Number(row.values.value),
      validFrom: new Date(row.values.valid_from as string),
    }
    const wrong = loosened(proposed, all, parents)
    if (wrong) plan.rejected.push(at(row.line, policies, 'value', wrong))
  }
}

/** A file of calendar days is the whole of each year it names, so a day it no longer has is taken out. */
function planRemovedDays(rows: ReadRow[], plan: Plan): void {
  const years = new Set(rows.map((row) => row.values.year))
  const days = new Set(rows.map((row) => row.key))
  for (const row of plan.before)
    if (years.has(row.year as number) && !days.has(row.day as string)) plan.removed.push(row.day as string)
}

/** The place of a row, before and after the change, must lie within the editor's. */
async function checkPlace(
  tx: Tx,
  entity: Entity,
  plan: Plan,
  editor: Editor,
  pointedTo: ReadonlyMap<Entity['name'], store.AnyRow[]>,
): Promise<void> {
  const { place } = editor
  if (place === null) return
  const title = entity.place?.column ?? entity.key[0]!
  if (!entity.place) {
    for (const { line } of plan.changes)
      plan.rejected.push(at(line, entity, title, '全市统一维护，只有市级主管部门和系统管理员可以修改'))
    return
  }
  const { column, through } = entity.place
  const before = new Map(plan.before.map((row) => [keyOf(entity, row), row]))
  const organizationOf = new Map(
    (pointedTo.get('items') ?? []).map((row) => [row.code, String(row.organization_id)]),
  )
  const owner = (row: Record<string, unknown>) =>
    through === 'items' ? organizationOf.get(row[column] as string) : (row[column] as string)
  const owners = plan.changes.map((change) => {
    const old = before.get(change.key)
    return { change, old, organizations: [owner(change.values), ...(old ? [owner(old)] : [])] }
  })
  const wanted = [...new Set(owners.flatMap((o) => o.organizations).filter((id) => id !== undefined))]
  const oldPaths = new Map(
    (await store.rowsWhere(tx, 'organization', 'id', wanted)).map((row) => [
      String(row.id),
      String(row.path),
    ]),
  )
  const within = (id: string | undefined) => {
    const places =
      id === undefined ? [] : [oldPaths.get(id), plan.paths?.get(id)].filter((path) => path !== undefined)
    return places.length > 0 && places.every((path) => path.startsWith(place))
  }
  for (const { change, old, organizations } of owners) {
    if (!organizations.every(within)) {
      plan.rejected.push(at(change.line, entity, title, '不在您的管理范围内'))
      continue
    }
    // Where an organisation stands and what it is there for is decided above it, not by itself.
    if (entity.name === 'organizations' && old?.path === place)
      for (const name of ['parent_id', 'region_code', 'is_management_body', 'active'])
        if (old[name] !== change.values[name])
          plan.rejected.push(at(change.line, entity, name, '本机构的这一项由上级修改'))
  }
}

async function write(
  tx: Tx,
  entity: Entity,
  plan: Plan,
  editor: Editor,
  { now, idsKey }: { now: Date; idsKey: Buffer },
): Promise<void> {
  const names = entity.columns.map((c) => c.name)
  const changedBy = editor.actor === 'system' ? 'import' : editor.actor
  const rows: store.AnyRow[] = plan.changes.map(({ values, version, key }) => ({
    ...values,
    ...(entity.history === 'counted' && { version }),
    ...(entity.history === 'appended' && { version, changed_by: changedBy }),
    ...(entity.name === 'calendar-years' && { loaded_at: now }),
    ...(plan.paths && { path: plan.paths.get(key) }),
  }))
  const extra = Object.keys(rows[0] ?? {}).filter((name) => !names.includes(name))
  const columns = [...names, ...extra]
  if (entity.history === 'appended') await store.insertRows(tx, entity.table, columns, rows)
  else await store.putRows(tx, entity.table, entity.key, columns, rows)
  if (plan.paths) {
    const written = new Set(plan.changes.map((change) => change.key))
    const moved = plan.before.filter(
      (row) => !written.has(row.id as string) && plan.paths!.get(row.id as string) !== row.path,
    )
    await store.setPaths(
      tx,
      moved.map((row) => ({ id: row.id as string, path: plan.paths!.get(row.id as string)! })),
    )
  }
  await store.deleteCalendarDays(tx, plan.removed)
  const common = { entity: entity.name, changed_by: changedBy, changed_at: now }
  const newest =
    plan.removed.length > 0 ? await store.newestVersions(tx, entity.name) : new Map<string, number>()
  const history = [
    ...plan.changes.map(({ key, version, values, quarantined }) => ({
      key,
      version,
      content: { ...values, ...(Object.keys(quarantined).length > 0 && { quarantined }) },
    })),
    ...plan.removed.map((key) => ({ key, version: (newest.get(key) ?? 0) + 1, content: { removed: true } })),
  ]
  if (entity.history === 'appended') {
    for (const { values, version } of plan.changes)
      await appendEntry(tx, {
        subjectId: derivedUuid(idsKey, 'policy', String(values.key), String(values.region_code)),
        kind: 'policy.changed',
        actor: editor.actor,
        at: now,
        payload: {
          key: values.key!,
          regionCode: values.region_code!,
          version,
          value: values.value!,
          unit: values.unit!,
          validFrom: values.valid_from!,
          ...(values.category !== '' && { category: values.category! }),
        },
      })
  } else {
    await store.insertRows(
      tx,
      'catalog_version',
      ['entity', 'key', 'version', 'content', 'changed_by', 'changed_at'],
      history.map((row) => ({ ...common, ...row })),
    )
    const one = history.length === 1 ? history[0]! : null
    await appendEntry(tx, {
      subjectId: derivedUuid(idsKey, 'catalog', entity.name, one?.key ?? '*'),
      kind: 'catalog.changed',
      actor: editor.actor,
      at: now,
      payload: {
        entity: entity.name,
        rows: history.length,
        ...(one && { key: one.key, version: one.version }),
        digest: historyDigest(history),
      },
    })
  }
}

/** SM3 over the version rows in order of their keys, so that the log proves the history it stands for. */
function historyDigest(
  history: { key: string; version: number; content: Parameters<typeof encodeValue>[0] }[],
): string {
  const ordered = history.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const hash = createHash('sm3')
  for (const { key, version, content } of ordered) hash.update(encodeValue({ key, version, content }))
  return hash.digest('hex')
}
