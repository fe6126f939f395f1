import type { Tx } from '../../platform/database.ts'
import { loosened } from '../policies/policies.limits.ts'
import {
  type Checked,
  checkReferences,
  keyOf,
  type ReadRow,
  type Rejection,
  referencedKeys,
  treePaths,
} from './catalog.check.ts'
import type { Cell } from './catalog.columns.ts'
import { ENTITIES, type Entity } from './catalog.entities.ts'
import * as store from './catalog.store.ts'

/** Who changes the directory, and how far their place reaches. */
export interface Editor {
  /** as in the journal: 'system', 'account:<uuid>' */
  actor: string
  /** path of the place whose rows may be changed; null: the whole city */
  place: string | null
}

/** A row that is to be written, and as which version. */
export interface Change extends ReadRow {
  version: number
  isNew: boolean
}

/** What taking in a file would do. */
export interface Plan {
  changes: Change[]
  unchanged: number
  removed: string[]
  rejected: Rejection[]
  warnings: Rejection[]
  /** path of every organisation after the change, when organisations change */
  paths: Map<string, string> | null
  before: store.AnyRow[]
}

/** A value of a column as a cell has it. */
export const plain = (value: unknown) => (value instanceof Date ? value.toISOString() : (value as Cell))
const at = (line: number, entity: Entity, name: string, reason: string): Rejection => ({
  line,
  name,
  field: entity.columns.find((c) => c.name === name)?.title ?? name,
  reason,
})

/** Works out what the rows of a file change: references, tree, places, versions; nothing is written yet. */
export async function makePlan(tx: Tx, entity: Entity, { rows }: Checked, editor: Editor): Promise<Plan> {
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
