import { CASE_OUTCOMES, type CaseOutcome, CHECK_FINDINGS, CHECK_METHODS } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { itemNameOf } from '../catalog/item-name.ts'
import type { FileView } from '../files/files.service.ts'
import { type Official, placeOf } from '../identity/official.ts'
import { makePopulation, type PopulationNeeds } from './check.population.ts'
import { unknownCheck } from './check.problems.ts'
import { CHECK_STATES, type CheckRow, type ItemRow } from './check.ts'
import * as store from './checks.store.ts'
import type { OrderEntry } from './orders.store.ts'
import { fileIdsOf, type SupervisionNames } from './orders.view.ts'

/** Who may be named inspector of a round. */
export const inspectorsOf =
  ({ accounts }: SupervisionNames['identity']) =>
  async (official: Official, organizationId: string) =>
    (await accounts(official))
      .filter(
        ({ active, role, organizationId: of }) =>
          active && of === organizationId && (role === 'district_authority' || role === 'city_authority'),
      )
      .map(({ accountId, displayName }) => ({ accountId, displayName }))

/** Rounds of spot checks as officials see them. */
export function makeCheckViews(app: App, needs: SupervisionNames & Pick<PopulationNeeds, 'cases'>) {
  const { catalog, identity, files } = needs
  const population = makePopulation(needs)
  const inspectors = inspectorsOf(identity)
  const organizationName = async (id: string) => (await catalog.organization(id))?.name ?? id

  async function head(row: CheckRow, progress: { items: number; done: number; wrong: number } | undefined) {
    return {
      checkId: row.check_id,
      title: row.title,
      method: row.method,
      methodLabel: CHECK_METHODS[row.method],
      selection: row.selection,
      state: row.state,
      stateLabel: CHECK_STATES[row.state],
      organizationName: await organizationName(row.organization_id),
      plannedAt: row.planned_at.toISOString(),
      drawnAt: row.drawn_at?.toISOString() ?? null,
      closedAt: row.closed_at?.toISOString() ?? null,
      progress: progress ?? { items: 0, done: 0, wrong: 0 },
      version: row.version,
    }
  }

  async function list(official: Official, page: number, pageSize: number) {
    const { rows, total, progress } = await asStaff(app.db, placeOf(official), async (tx) => {
      const found = await store.listChecks(tx, page, pageSize)
      return {
        ...found,
        progress: await store.progressOf(
          tx,
          found.rows.map((row) => row.check_id),
        ),
      }
    })
    return {
      items: await Promise.all(rows.map((row) => head(row, progress.get(row.check_id)))),
      total,
      page,
      pageSize,
    }
  }

  async function filterWords({ filter }: CheckRow) {
    if (filter === null) return null
    return {
      from: filter.from,
      to: filter.to,
      organizationName: filter.organization && (await organizationName(filter.organization)),
      regionName: filter.region && ((await catalog.region(filter.region))?.name ?? filter.region),
      outcomeLabel: filter.outcome && (CASE_OUTCOMES[filter.outcome as CaseOutcome] ?? filter.outcome),
    }
  }

  async function item(
    row: ItemRow,
    names: ReadonlyMap<string, string>,
    note: string | null,
    named: FileView[],
  ) {
    return {
      id: row.evaluation_id,
      place: row.place,
      caseNumber: row.case_number,
      itemName: await itemNameOf(catalog, row.item_code),
      organizationId: row.organization_id,
      organizationName: await organizationName(row.organization_id),
      inspectorId: row.inspector_id,
      inspectorName: row.inspector_id && (names.get(row.inspector_id) ?? '已停用的账号'),
      finding: row.finding,
      findingLabel: row.finding && CHECK_FINDINGS[row.finding],
      foundAt: row.found_at?.toISOString() ?? null,
      reopened: row.reopened,
      note,
      files: named,
      version: row.version,
    }
  }

  /** One round with its cases and how its draw can be repeated. @throws Problem 404 check-unknown */
  async function detail(official: Official, checkId: string) {
    const found = await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await store.checkById(tx, checkId)
      if (!row) return null
      const items = await store.itemsOf(tx, checkId)
      const ids = items.filter((one) => one.finding !== null).map((one) => one.evaluation_id)
      const entries = await store.findingEntries(tx, ids, checkId)
      const named = new Map<string, FileView[]>()
      for (const { subject_id, payload } of entries)
        named.set(
          subject_id,
          await files.named(tx, subject_id, fileIdsOf({ payload }), 'case', 'supervision'),
        )
      return { row, items, entries, named, foreseen: await population.foreseen(tx, row) }
    })
    if (!found) throw unknownCheck()
    const { row, items, entries, named, foreseen } = found
    const people = await inspectors(official, row.organization_id)
    const names = await identity.accountNames([
      row.planned_by,
      ...items.flatMap((one) => one.inspector_id ?? []),
    ])
    const note = (id: string) => entries.find((entry) => entry.subject_id === id)?.content?.note ?? null
    const progress = {
      items: items.length,
      done: items.filter((one) => one.finding !== null).length,
      wrong: items.filter((one) => one.finding !== null && one.finding !== 'none').length,
    }
    return {
      ...(await head(row, progress)),
      plannedByName: names.get(row.planned_by) ?? '已停用的账号',
      filter: await filterWords(row),
      draw:
        row.selection === 'pick'
          ? null
          : {
              // Told with the draw, not before: who knew it could choose the list to fit.
              seed: row.state === 'planned' ? null : row.seed,
              seedSource: row.seed_source,
              seedCommitment: row.seed_commitment,
              percent: row.percent,
              size: row.size,
              populationSize: row.population_size,
              populationDigest: row.population_digest,
              foreseen,
            },
      items: await Promise.all(
        items.map((one) => item(one, names, note(one.evaluation_id), named.get(one.evaluation_id) ?? [])),
      ),
      inspectors: people,
      mayManage:
        official.permissions.includes('supervision.manage') &&
        row.organization_path.startsWith(official.organizationPath),
    }
  }

  /**
   * The list a round was drawn from, one id a line, as its digest was made; of a pick, what was picked.
   * @throws Problem 404 check-unknown, also before the draw
   */
  async function drawnFrom(official: Official, checkId: string): Promise<string> {
    const ids = await asStaff(app.db, placeOf(official), async (tx) =>
      (await store.checkById(tx, checkId))?.selection === 'pick'
        ? (await store.itemsOf(tx, checkId)).map((one) => one.evaluation_id)
        : store.populationIds(tx, checkId),
    )
    if (ids.length === 0) throw unknownCheck()
    return ids.toSorted().join('\n')
  }

  /** What spot checks found in a case, for its page. */
  async function inCase(
    official: Official,
    evaluationId: string,
    entries: OrderEntry[],
    evidence: FileView[],
  ) {
    const rows = await asStaff(app.db, placeOf(official), (tx) => store.foundIn(tx, evaluationId))
    const names = await identity.accountNames(rows.flatMap((row) => row.inspector_id ?? []))
    return Promise.all(
      rows.map(async (row) => {
        const entry = entries.find(
          ({ kind, payload }) => kind === 'supervision.item_found' && payload.checkId === row.check_id,
        )
        const ids = entry ? fileIdsOf(entry) : []
        const found = await item(
          row,
          names,
          entry?.content?.note ?? null,
          evidence.filter((file) => ids.includes(file.fileId)),
        )
        return { ...found, entryId: entry?.entry_id ?? null, position: entry?.position ?? null }
      }),
    )
  }

  return { list, detail, population: drawnFrom, inCase }
}
export type CheckViews = ReturnType<typeof makeCheckViews>
