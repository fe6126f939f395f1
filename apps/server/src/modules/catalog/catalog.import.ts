import { createHash } from 'node:crypto'
import { encodeValue } from '@haochaping/ledger'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { appendEntry } from '../ledger/journal.ts'
import { type Rejection, readCells } from './catalog.check.ts'
import type { Entity } from './catalog.entities.ts'
import type { FileRow } from './catalog.files.ts'
import { type Editor, makePlan, type Plan } from './catalog.import.plan.ts'
import * as store from './catalog.store.ts'

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
